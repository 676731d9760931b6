"""Who is speaking, what is offered, and the way out of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import Shown, WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import Answer, FakeGateway, Talk
from tests.pages.states import OFFER, PHONE

pytestmark = pytest.mark.browser


def test_every_automated_message_is_labelled_and_the_customers_are_theirs(
    driver: WidgetDriver,
) -> None:
    driver.open_shop("A-1001")
    driver.say("hello")
    assert [one.by for one in driver.messages()] == ["Assistant", "You", "Assistant"]
    expect(driver.holder).to_have_text("Automated assistant")


def test_an_agent_is_named_once_they_hold_the_conversation(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    talk = gateway.only_talk()
    gateway.hand(talk, "queue")
    expect(driver.page.get_by_text("Waiting for a person", exact=True)).to_be_visible()
    gateway.hand(talk, "agent")
    gateway.say(talk, "agent", "Hi, I am here now.", sender_name="Sofia")
    expect(driver.page.get_by_text("Sofia, a person")).to_be_visible()
    assert driver.last().by == "Sofia"


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_a_person_and_the_way_out_are_there_whoever_holds_the_conversation(
    visit: Open, gateway: FakeGateway, screen: dict[str, Any]
) -> None:
    driver = visit(**screen)
    driver.open_shop("A-1001")
    for holder in ("assistant", "queue", "agent", "ticket", "closed"):
        gateway.hand(gateway.only_talk(), holder)
        driver.page.locator(f"save-desk [data-holder={holder}]").wait_for()
        for control in ("#person", "#cancel"):
            expect(driver.page.locator(f"save-desk {control}")).to_be_in_viewport()
            expect(driver.page.locator(f"save-desk {control}")).to_be_enabled()


def test_the_controls_send_their_own_ids(driver: WidgetDriver, gateway: FakeGateway) -> None:
    seen: list[str] = []
    gateway.script = lambda talk, said: seen.append(said["button_id"]) or [{"text": "Done."}]
    driver.open_shop("A-1001")
    driver.press("Cancel now")
    driver.press("Talk to a person")
    assert seen == ["cancel", "person"]


def test_a_double_click_on_the_way_out_means_it_once(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.page.locator("save-desk #cancel").dblclick()
    driver.wait_idle()
    assert gateway.posts == 1


def test_a_double_click_on_accept_does_not_consent_to_what_comes_up_under_it(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    def script(talk: Talk, said: Answer) -> list[Answer]:
        if said["text"] == "Accept":
            return [{"text": "Shall I?\n" * 12, "buttons": [{"id": "b-yes", "title": "Confirm"}]}]
        return [{"text": "So?\n" * 12, "buttons": [{"id": "b-accept", "title": "Accept"}]}]

    gateway.script = script
    driver.open_shop("A-1001")
    driver.say("too expensive")
    at = driver.page.locator("save-desk .reply").bounding_box()
    assert at is not None
    for clicks in (1, 2):
        # Slow enough for the answer to be there, fast enough for one double click.
        driver.page.mouse.move(at["x"] + 20, at["y"] + 20)
        driver.page.mouse.down(click_count=clicks)
        driver.page.mouse.up(click_count=clicks)
        driver.page.wait_for_timeout(300)
    driver.wait_idle()
    assert driver.last().buttons == ("Confirm",)
    now_at = driver.page.locator("save-desk .reply").bounding_box()
    assert now_at is not None
    assert abs(now_at["y"] - at["y"]) < 10, "the test means nothing unless they share the place"
    assert gateway.posts == 2
    driver.press("Confirm")
    assert gateway.posts == 3


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("yes", ["Accept", "Confirm", "Keep my subscription"])
def test_leaving_is_as_large_and_as_plain_as_accepting(
    visit: Open, gateway: FakeGateway, screen: dict[str, Any], yes: str
) -> None:
    titles = [yes, "Cancel now", "Talk to a person"]
    buttons = [{"id": f"b-{title}", "title": title} for title in titles]
    offer = OFFER if yes == "Accept" else None
    gateway.script = lambda talk, said: [{"text": "So?", "offer": offer, "buttons": buttons}]
    driver = visit(**screen)
    driver.open_shop("A-1001")
    driver.say("too expensive")

    def look(title: str) -> tuple[Any, ...]:
        button = driver.page.locator("save-desk .replies").get_by_role("button", name=title)
        at = button.bounding_box()
        assert at is not None
        style = button.evaluate(
            "(b) => { const s = getComputedStyle(b); return [s.color, s.backgroundColor,"
            " s.borderColor, s.borderWidth, s.fontSize, s.fontWeight, s.opacity]; }"
        )
        return (round(at["width"]), round(at["height"]), round(at["y"]), *style)

    driver.page.mouse.move(5, 5)
    assert look(yes) == look("Cancel now")


def test_an_offer_shows_its_figures_exactly(at_offer: WidgetDriver) -> None:
    offer = at_offer.last().offer
    assert offer is not None
    lines = [line for line in offer.splitlines() if line.strip()]
    assert lines == [
        "20 % off for 3 months",
        "Price now", "$89.00 a month",
        "With this offer", "$71.20 a month",
        "From", "5 December 2026",
        "Until", "5 March 2027",
        "After that", "$89.00 a month",
        OFFER["terms"],
    ]  # fmt: skip


def test_quick_replies_go_away_once_one_is_pressed(
    at_offer: WidgetDriver, gateway: FakeGateway
) -> None:
    gateway.script = lambda talk, said: [{"text": "All right."}]
    at_offer.press("Accept")
    assert [one.buttons for one in at_offer.messages()] == [()] * 5
    assert at_offer.messages()[3] == Shown("customer", "You", "Accept", None, (), None)


def test_a_receipt_is_a_link_and_a_dangerous_address_is_none(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    talk = gateway.only_talk()
    gateway.say(talk, "assistant", "Done.", receipt={"url": "/receipts/abc"})
    gateway.say(talk, "assistant", "Done again.", receipt={"url": "javascript:alert(1)"})
    driver.wait_for_text("Done again.")
    assert [one.receipt for one in driver.messages()][1:] == [f"{driver.base}/receipts/abc", None]


def test_a_long_answer_is_shown_from_its_beginning(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    gateway.script = lambda talk, said: [{"text": "Paragraph.\n\n" * 60}]
    driver.open_shop("A-1001")
    driver.say("tell me everything")
    beginning = driver.page.locator("save-desk .message").last.locator(".message__by")
    expect(beginning).to_be_in_viewport()
    more = driver.page.locator("save-desk").get_by_role("button", name="More below")
    more.click()
    expect(more).to_have_count(0)
    expect(beginning).not_to_be_in_viewport()


def test_a_customer_who_reads_further_up_is_not_pulled_down(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    gateway.script = lambda talk, said: [{"text": "Paragraph.\n\n" * 60}]
    driver.open_shop("A-1001")
    driver.say("tell me everything")
    driver.log.evaluate("(log) => { log.scrollTop = 0; }")
    driver.page.locator("save-desk .more").wait_for()
    gateway.say(gateway.only_talk(), "assistant", "One more thing.")
    driver.wait_for_text("One more thing.")
    assert driver.log.evaluate("(log) => log.scrollTop") == 0
