"""The agents' page in a real browser: by mouse, by keyboard, on a phone, when things go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_desk import HELD_BACK, FakeDesk, a_case

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
Sit = Callable[..., WidgetDriver]


@pytest.fixture
def desk(dist: Path) -> Iterator[FakeDesk]:
    desk = FakeDesk(dist)
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture
def sit(browser: Browser, desk: FakeDesk) -> Iterator[Sit]:
    """Return a function that opens the page; what a driver's `axe` and `faults` say is used."""
    contexts = []

    def sit(**options: Any) -> WidgetDriver:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **options})
        contexts.append(context)
        driver = WidgetDriver(context.new_page(), desk.address)
        driver.page.goto(f"{desk.address}/desk")
        expect(driver.page.locator(".row").first).to_be_visible()
        return driver

    yield sit
    for context in contexts:
        context.close()


def take(page: Page) -> None:
    page.locator(".row[data-conversation=c-1]").click()
    page.locator("[data-act=claim]").click()
    expect(page.locator("[data-act=close]")).to_be_visible()


def answer(page: Page, text: str) -> None:
    page.get_by_label("Reply to the customer").fill(text)
    page.keyboard.press("Enter")


def arrived(page: Page) -> Locator:
    """What the agent said and the desk has: words on their way stand there too, but marked."""
    return page.locator(".said--agent:not(.said--pending) .said__text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_wrong_in_any_state(
    sit: Sit, desk: FakeDesk, scheme: str, screen: dict[str, Any]
) -> None:
    desk.cases["c-2"] = a_case(
        "c-2", viewers=[{"id": "p-2", "name": "Ada", "replying": True}], came_back=True
    )
    driver = sit(color_scheme=scheme, **screen)
    assert driver.axe() == []
    take(driver.page)
    assert driver.axe() == []
    desk.refusal = (422, HELD_BACK)
    answer(driver.page, "You can have this only today.")
    expect(driver.page.get_by_role("alert")).to_contain_text("This was not sent.")
    assert driver.axe() == []
    if screen:
        driver.page.get_by_role("button", name="Customer", exact=True).click()
        assert driver.axe() == []
    for keys in ("Control+k", "Escape"):
        driver.page.keyboard.press(keys)
        assert driver.axe() == []
    desk.cut(4401)
    expect(driver.page.get_by_text("Your session has ended.")).to_be_visible()
    assert driver.axe() == []
    assert driver.faults == []


def test_nothing_is_wider_than_a_phone(sit: Sit) -> None:
    page = sit(viewport={"width": 320, "height": 640}).page
    for pane in ("Conversations", "Chat", "Customer"):
        page.get_by_role("button", name=pane, exact=True).click()
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 320, pane


def test_a_conversation_that_is_there_late_takes_no_key_from_who_writes_already(sit: Sit) -> None:
    page = sit().page
    held: list[Any] = []
    page.route("**/offers*", lambda route: held.append(route))
    take(page)
    words = page.get_by_label("Reply to the customer")
    words.fill("I have it here")
    may_offer = page.locator(".pane--about").get_by_text("Duo plan")
    expect(may_offer).to_be_hidden()
    for route in held:
        route.continue_()
    expect(may_offer).to_be_visible()
    expect(words).to_be_focused()
    page.keyboard.press("Enter")
    expect(arrived(page)).to_have_text(["I have it here"])


def test_a_conversation_is_taken_answered_and_closed_by_the_keyboard_alone(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    page.keyboard.press("j")
    expect(page.locator(".talk__title")).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_text("You are talking to this customer.")).to_be_visible()
    page.keyboard.press("r")
    page.keyboard.type("Hello Maya.")
    page.keyboard.press("Enter")
    expect(arrived(page)).to_have_text("Hello Maya.")
    page.locator(".log").focus()
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Closed.", exact=True).first).to_be_visible()
    acts = [(act.split("/")[-1], body) for act, body in desk.commands if "read" not in act]
    assert [act for act, _ in acts] == ["claim", "messages", "close"]
    assert acts[1][1]["text"] == "Hello Maya."
    assert acts[2][1]["outcome"] in {"solved", "saved"}


def test_single_keys_can_be_turned_off_and_mean_nothing_while_one_writes(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    take(page)
    page.get_by_label("Reply to the customer").fill("")
    page.keyboard.type("nx?")
    expect(page.get_by_label("Reply to the customer")).to_have_value("nx?")
    page.keyboard.press("Control+k")
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.locator(".log").focus()
    page.keyboard.press("x")
    expect(page.get_by_role("dialog")).not_to_be_visible()


def test_a_command_is_found_by_its_words(sit: Sit) -> None:
    page = sit().page
    page.keyboard.press("?")
    page.get_by_label("Which one?").fill("search")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Search in conversations")).to_be_focused()


def test_what_was_held_back_can_be_rewritten_and_says_why(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    desk.refusal = (422, HELD_BACK)
    answer(page, "You can have this only today.")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("only today")
    expect(alert).to_contain_text("Say it without hurrying the customer.")
    expect(page.get_by_label("Reply to the customer")).to_have_value(
        "You can have this only today."
    )
    expect(page.locator(".said--pending")).to_have_count(0)
    first = [body for act, body in desk.commands if act.endswith("messages")]
    desk.refusal = None
    answer(page, "You can have this.")
    expect(arrived(page)).to_have_text("You can have this.")
    second = [body for act, body in desk.commands if act.endswith("messages")]
    assert first[0]["client_message_id"] != second[-1]["client_message_id"]


def test_what_is_being_written_outlives_a_reload(sit: Sit) -> None:
    page = sit().page
    take(page)
    page.get_by_label("Reply to the customer").fill("Half a sen")
    page.reload()
    page.locator(".row[data-conversation=c-1]").click()
    expect(page.get_by_label("Reply to the customer")).to_have_value("Half a sen")


def test_a_message_sent_while_the_desk_is_down_is_sent_once_when_it_is_back(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    take(page)
    desk.refusal = (503, {"code": "unavailable", "message": "Try again."})
    answer(page, "Are you there?")
    expect(page.locator(".said--pending")).to_contain_text("trying again")
    desk.refusal = None
    expect(page.locator(".said--pending")).to_have_count(0)
    assert [m["text"] for m in desk.messages if m["from"] == "agent"] == ["Are you there?"]
    ids = {body["client_message_id"] for act, body in desk.commands if act.endswith("messages")}
    assert len(ids) == 1


def test_who_comes_is_said_aloud_and_stands_in_the_title_until_taken(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    expect(page).to_have_title("(1) Agent desk")
    desk.cases["c-2"] = a_case("c-2", customer_name="Jonas")
    desk.tell({"type": "case", "case": desk.cases["c-2"]})
    expect(page.locator("[aria-live=assertive]")).to_have_text("Jonas is waiting.")
    expect(page).to_have_title("(2) Agent desk")
    take(page)
    desk.tell({"type": "case_gone", "conversation": "c-2"})
    desk.change("c-1", unread=0)
    expect(page).to_have_title("Agent desk")


def test_a_colleague_who_is_writing_is_shown(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    desk.change("c-1", viewers=[{"id": "p-2", "name": "Ada", "replying": True}])
    expect(page.locator(".watchers")).to_have_text("Ada is writing a reply.")


def test_the_page_goes_on_after_the_line_was_cut(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    desk.cut()
    desk.cases["c-9"] = a_case("c-9", customer_name="Ines")
    expect(page.locator(".row[data-conversation=c-9]")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Live", exact=True)).to_be_visible()


def test_a_note_stands_where_it_was_written_and_is_no_message(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    page.locator(".log").focus()
    page.keyboard.press("i")
    page.keyboard.type("Called before, be kind.")
    page.keyboard.press("Enter")
    expect(page.locator(".said--note .said__text")).to_have_text("Called before, be kind.")
    assert [note["text"] for note in desk.notes] == ["Called before, be kind."]
    assert all(message["from"] != "agent" for message in desk.messages)


def test_an_offer_is_made_after_one_look_at_its_figures(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    page.locator("[data-offer='right_size@1']").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("$89.00 → $59.00")
    dialog.get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("The customer sees the offer now")).to_be_visible()
    [(_, body)] = [(act, body) for act, body in desk.commands if act.endswith("offers")]
    assert (body["policy"], body["customer_asked"]) == ("right_size@1", False)


def test_what_the_agent_has_heard_decides_what_may_be_offered(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    with page.expect_request(lambda request: "reason=unused" in request.url):
        page.get_by_label("Why they want to leave").select_option("unused")
    with page.expect_request(lambda request: "customer_asked=true" in request.url):
        page.get_by_label("They asked what else there is").check()
    page.locator("[data-offer='right_size@1']").click()
    page.get_by_role("dialog").get_by_role("button", name="Offer it").click()
    expect(page.get_by_text("The customer sees the offer now")).to_be_visible()
    [body] = [body for act, body in desk.commands if act.endswith("offers")]
    assert (body["reason"], body["customer_asked"]) == ("unused", True)


def test_conversations_are_searched(sit: Sit) -> None:
    page = sit().page
    page.get_by_label("Search in conversations").fill("anybody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Found")).to_be_visible()
    page.get_by_label("Search in conversations").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing was found.")).to_be_visible()
    page.get_by_role("button", name="Back to the list").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
