"""The agents' page in a real browser: by mouse, by keyboard, on a phone, when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_desk import HELD_BACK, FakeDesk, a_case, instant

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
        # What is read needs the room; what is chosen from has the whole bar above it.
        high = page.evaluate("() => document.querySelector('.bar').offsetHeight")
        assert (high < 100) == (pane != "Conversations"), (pane, high)


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


def test_an_offer_is_made_by_one_press_and_by_a_double_press_no_other(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    take(page)
    about = page.locator(".pane--about")
    expect(about).to_contain_text("$89.00 → $59.00")
    about.get_by_role("button", name="Offer this: Duo plan").dblclick()
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


def test_the_whole_account_is_on_one_screen_and_what_is_wrong_stands_first(sit: Sit) -> None:
    page = sit().page
    take(page)
    about = page.locator(".pane--about")
    for details in about.locator("summary").all():
        details.click()
    for told in (
        "Open incident: Delays at the carrier, solved by",
        "Overdue since",
        "$2,848.00",
        "20 %, the last day before",
        "Skipped",
        "1 of 2 cooked, 1 skipped, 1 late",
        "O-1 Pan: return requested, $79.00",
        "$79.00 to be paid back",
        "$15.00 paid back",
        "Discount, $53.40",
        "Duo to Family",
        "A broken lid, closed",
    ):
        expect(about).to_contain_text(told)
    text = about.inner_text()
    assert text.index("Open incident") < text.index("E-mail")


def test_what_files_and_records_call_a_thing_stands_beside_its_name_at_most(sit: Sit) -> None:
    page = sit().page
    take(page)
    about = page.locator(".pane--about")
    for folded in about.locator("details").all():
        folded.evaluate("(details) => { details.open = true; }")
    expect(about).to_contain_text("Smaller plan offered, declined right_size@1")
    expect(about).to_contain_text("New plan agreed")
    expect(about.locator(".cited").first).to_be_visible()
    about.evaluate("(all) => all.querySelectorAll('.cited').forEach((one) => one.remove())")
    shown = page.locator("body").inner_text()
    assert not re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+|\w@\d", shown)
    assert "offer downgrade" not in shown


def test_days_are_written_in_the_one_form_that_customers_read(sit: Sit, desk: FakeDesk) -> None:
    desk.messages[0]["at"] = "2026-10-05T09:00:00.000Z"
    page = sit(timezone_id="UTC").page
    take(page)
    about = page.locator(".pane--about")
    for folded in about.locator("details").all():
        folded.evaluate("(details) => { details.open = true; }")
    for told in (
        "5 October 2026 · too expensive",
        "New plan agreed, 5 October 2026",
        "5 December 2026",
    ):
        expect(about).to_contain_text(told)
    times = page.locator(".said time")
    expect(times.first).to_have_text("5 October 2026, 09:00")
    expect(times.last).to_have_text(re.compile(r"^\d\d:\d\d$"))
    shown = page.locator("body").inner_text()
    assert not re.findall(r"\d{4}-\d\d-\d\d|[A-Z][a-z]+ \d{1,2}, \d{4}|\d [AP]M", shown)


def test_nothing_of_the_summary_is_left_out(sit: Sit) -> None:
    page = sit().page
    take(page)
    short = page.locator(".about", has=page.get_by_role("heading", name="In short"))
    for told in (
        "they asked for a person",
        "cancel",
        "Family plan",
        "too expensive, unused",
        "A-1001",
        "the website",
        "O-1: canceled",
        "S-1: waits for billing",
        "It got dear.",
        "A pause of 2 months (declined)",
        "It comes first.",
    ):
        expect(short).to_contain_text(told)


def test_what_is_left_of_the_authority_and_who_has_more_stand_beside_the_offers(sit: Sit) -> None:
    page = sit().page
    take(page)
    about = page.locator(".pane--about")
    expect(about).to_contain_text("$50.00 for one offer, $541.00 of $600.00 left this month")
    about.get_by_text("Not entitled (1)").click()
    expect(about).to_contain_text("senior or lead could grant it.")
    about.get_by_text("What the customer reads").click()
    expect(about).to_contain_text("A smaller plan may fit better.")


def test_a_ready_answer_is_found_by_its_key_and_waits_for_enter(sit: Sit, desk: FakeDesk) -> None:
    page = sit().page
    take(page)
    page.locator(".log").focus()
    page.keyboard.press("a")
    page.keyboard.type("hi")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reply to the customer")).to_be_focused()
    expect(page.get_by_label("Reply to the customer")).to_have_value("Hello Maya, I am Kim.")
    assert not [act for act, _ in desk.commands if act.endswith("messages")]


def test_one_question_leads_to_the_next_without_losing_the_keyboard(sit: Sit) -> None:
    page = sit().page
    take(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("ready")
    page.keyboard.press("Enter")
    page.keyboard.type("bye")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reply to the customer")).to_have_value(
        "Goodbye. It was nice. Hi to all!"
    )


LISTENING = """
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
  window.called = [];
  window.Notification = class { constructor(_, how) { window.called.push(how); } };
  window.Notification.permission = "granted";
  window.sounds = 0;
  const tone = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.sounds += 1;
    return tone.call(this);
  };
  localStorage.setItem("save-desk:staff:sound", "on");
"""


def test_who_waits_calls_again_and_again_until_taken(
    browser: Browser, sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    page.add_init_script(LISTENING)
    page.clock.install()
    page.reload()
    said = page.locator("[aria-live=assertive]")
    expect(said).to_have_text("Maya is waiting.")
    for calls in (2, 3, 4):
        page.clock.fast_forward(21_000)
        expect(said).to_contain_text("Maya is waiting, for")
        page.wait_for_function("calls => window.called.length >= calls", arg=calls)
        assert page.evaluate("window.sounds") >= calls
    assert page.evaluate("window.called.every((how) => how.renotify && how.tag)")
    take(page)
    before = page.evaluate("window.called.length")
    page.clock.fast_forward(61_000)
    assert page.evaluate("window.called.length") == before


def test_a_manager_passes_on_what_others_hold_and_is_offered_nothing_else(
    sit: Sit, desk: FakeDesk
) -> None:
    desk.me.update(capacity=0, holding=0, leads=True)
    ada = {"id": "p-2", "name": "Ada"}
    desk.cases["c-1"] = a_case("c-1", holder="agent", agent=ada, held_since=instant(50))
    desk.cases["c-2"] = a_case("c-2")
    page = sit().page
    page.locator(".row[data-conversation=c-2]").click()
    expect(page.locator(".talk__state")).to_have_text("Waits for a person.")
    expect(page.locator("[data-act=claim], [data-act=next], #status")).to_have_count(0)
    page.locator(".row[data-conversation=c-1]").click()
    expect(page.locator("[data-act]:not([data-act=commands])")).to_have_text(["Pass on"])
    page.locator(".log").focus()
    page.keyboard.press("t")
    page.get_by_role("dialog").get_by_label("To").select_option("queue:")
    page.get_by_role("dialog").get_by_role("button", name="Pass on").click()
    expect(page.locator(".notice")).to_contain_text("Passed on.")
    assert [body for act, body in desk.commands if act.endswith("transfer")] == [
        {"to": {"queue": True}}
    ]


def test_half_a_reply_to_a_conversation_that_was_taken_away_becomes_no_note(
    sit: Sit, desk: FakeDesk
) -> None:
    page = sit().page
    take(page)
    page.get_by_label("Reply to the customer").fill("Dear Maya, you could")
    desk.change("c-1", agent={"id": "p-2", "name": "Ada"})
    expect(page.get_by_label("Private note")).to_have_value("")
    page.get_by_label("Private note").fill("Ada has it.")
    page.keyboard.press("Enter")
    expect(page.locator(".said--note .said__text")).to_have_text("Ada has it.")
    desk.change("c-1", agent={"id": "p-1", "name": "Kim"})
    expect(page.get_by_label("Reply to the customer")).to_have_value("Dear Maya, you could")


def test_who_went_home_yesterday_is_told_that_nobody_calls(sit: Sit, desk: FakeDesk) -> None:
    desk.me["status"] = "off"
    page = sit().page
    expect(page.locator(".notice")).to_contain_text("nobody calls you")
    page.locator("#status").select_option("here")
    expect(page.locator(".notice")).to_have_text("")
    assert desk.me["status"] == "here"


def test_who_is_here_for_the_first_time_did_not_go_home(sit: Sit, desk: FakeDesk) -> None:
    desk.is_new_here = True
    page = sit().page
    expect(page.locator("#status")).to_have_value("here")
    expect(page.locator(".notice")).to_have_text("")


def test_of_two_subscriptions_the_agent_says_which_is_meant(sit: Sit, desk: FakeDesk) -> None:
    [first] = desk.account["subscriptions"]
    second = {**first, "id": "S-2", "plan_name": "Light", "nickname": "mother"}
    desk.account = {**desk.account, "subscriptions": [first, second]}
    desk.is_unclear = True
    page = sit().page
    take(page)
    expect(page.get_by_text("Say which one is meant")).to_be_visible()
    page.get_by_label("Which one it is about").select_option("S-2 · Light (mother)")
    page.locator("[data-offer='right_size@1']").click()
    expect(page.get_by_text("The customer sees the offer now")).to_be_visible()
    [body] = [body for act, body in desk.commands if act.endswith("offers")]
    assert body["about"] == "S-2"


def test_a_promised_call_is_seen_in_the_list_and_beside_the_customer(
    sit: Sit, desk: FakeDesk
) -> None:
    window = "Monday 30 November, 09:00 to 11:00 (New York time)"
    call = {
        "phone": "+12125550123", "from": instant(60), "until": instant(-7000), "window": window,
    }  # fmt: skip
    desk.cases = {"c-1": a_case("c-1", holder="ticket", due_at=None, call_back=call)}
    driver = sit()
    page = driver.page
    expect(page.locator("[aria-live=assertive]")).to_have_text("Maya is to be called.")
    expect(page.locator(".row .tag--late")).to_have_text(f"call {window}")
    page.locator(".row").click()
    link = page.locator(".pane--about a[href^='tel:']")
    expect(link).to_have_text("+12125550123")
    expect(page.locator(".pane--about dd", has=page.locator("a"))).to_have_text(
        f"+12125550123, {window}"
    )
    assert driver.axe() == []
