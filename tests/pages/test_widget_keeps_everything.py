"""Trouble on the line, reloads and several tabs: nothing said is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import PHONE

pytestmark = pytest.mark.browser


def test_a_lost_line_is_told_after_a_moment_and_nothing_said_meanwhile_is_lost(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    gateway.down = True
    gateway.cut()
    driver.say("first", wait=False)
    driver.press("Cancel now", wait=False)
    driver.page.get_by_text("Not sent yet").first.wait_for()
    driver.desk.locator(".notice", has_text="Connection lost").wait_for()
    gateway.down = False
    driver.page.locator("save-desk .notice").get_by_role("button", name="Try now").click()
    driver.wait_idle()
    customers = [one.text for one in driver.messages() if one.sender == "customer"]
    assert customers == ["first", "Cancel now"]
    assert [m["text"] for m in gateway.only_talk().messages if m["from"] == "customer"] == customers
    expect(driver.desk.locator(".notice")).to_have_count(0)


def test_the_widget_works_where_no_socket_gets_through(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    gateway.no_sockets = True
    driver.open_shop("A-1001")
    driver.say("hello")
    driver.wait_for_text("You said: hello")
    gateway.say(gateway.only_talk(), "assistant", "By the long way.")
    driver.wait_for_text("By the long way.")


def test_a_refused_message_says_why_and_can_be_removed(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    gateway.refusals = [(410, "button_expired")]
    driver.press("Talk to a person")
    driver.log.get_by_text("That choice is no longer open").wait_for()
    driver.page.locator("save-desk").get_by_role("button", name="Remove").click()
    assert len(driver.messages()) == 1


def test_who_opens_help_before_the_shop_knows_them_finds_their_conversation(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("hello")
    driver.close_help()
    slow: list[Route] = []
    driver.page.route("**/api/demo/customers", lambda route: slow.append(route))
    driver.page.reload()
    driver.page.locator("save-desk .launcher").click()
    driver.page.wait_for_timeout(300)
    [late] = slow
    late.continue_()
    driver.wait_for_text("You said: hello")
    assert [each.account for each in gateway.talks.values()] == ["A-1001"]


def test_history_and_unsent_words_are_there_after_a_reload(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("remember me")
    gateway.down = True
    driver.say("and this", wait=False)
    driver.page.get_by_text("Not sent yet").wait_for()
    gateway.down = False
    driver.page.reload()
    driver.wait_for_text("You said: and this")
    texts = [one.text for one in driver.messages()]
    assert texts[1:4] == ["remember me", "You said: remember me", "and this"]
    assert len(gateway.talks) == 1


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_an_open_panel_is_open_again_after_a_reload_and_a_closed_one_stays_closed(
    visit: Open, gateway: FakeGateway, screen: dict[str, Any]
) -> None:
    driver = visit(**screen)
    driver.open_shop("A-1001")
    driver.say("still here?")
    driver.page.reload()
    driver.wait_for_text("You said: still here?")
    assert len(gateway.talks) == 1
    covers = driver.desk.evaluate("(desk) => desk.fullScreen")
    inside = driver.desk.evaluate("(desk) => desk.shadowRoot.activeElement !== null")
    assert inside == covers, "the keyboard is taken only where nothing else can be used"
    driver.close_help()
    driver.page.reload()
    expect(driver.desk.locator(".launcher")).to_be_visible()
    driver.wait_idle()
    expect(driver.desk.locator(".panel")).to_have_count(0)
    other = WidgetDriver(driver.page.context.new_page(), driver.base)
    driver.open_help()
    other.open_shop(panel=False)
    other.wait_idle()
    expect(other.desk.locator(".panel")).to_have_count(0)
    assert driver.faults + other.faults == []


def test_a_panel_opens_again_at_once_where_the_gateway_is_away_and_for_nobody_else(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("a secret of Maya's")
    driver.page.route("**/api/conversations", lambda route: route.abort())
    driver.page.reload()
    expect(driver.desk.locator(".panel")).to_be_visible()
    expect(driver.desk.locator(".notice--warn")).to_be_visible()
    driver.page.unroute("**/api/conversations")
    driver.page.evaluate("() => localStorage.clear()")
    driver.page.reload()
    expect(driver.desk.locator(".launcher")).to_be_visible()
    driver.page.wait_for_load_state("networkidle")
    expect(driver.desk.locator(".panel")).to_have_count(0)


def test_messages_that_come_while_help_is_closed_are_counted(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.close_help()
    gateway.say(gateway.only_talk(), "agent", "Still with you.", sender_name="Sofia")
    launcher = driver.page.locator("save-desk .launcher")
    expect(launcher).to_have_accessible_name("Help: 1 unread message")
    driver.page.reload()
    expect(launcher).to_have_accessible_name("Help: 1 unread message")
    driver.open_help()
    driver.close_help()
    expect(launcher).to_have_accessible_name("Open help")


def test_two_tabs_of_one_browser_stay_in_step(driver: WidgetDriver, gateway: FakeGateway) -> None:
    driver.open_shop("A-1001")
    other = WidgetDriver(driver.page.context.new_page(), driver.base)
    other.open_shop("A-1001")
    driver.say("said in the first tab")
    other.wait_for_text("You said: said in the first tab")
    driver.wait_for_text("You said: said in the first tab")
    assert other.messages() == driver.messages()


def test_what_two_tabs_say_while_the_line_is_down_arrives_once_each(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    other = WidgetDriver(driver.page.context.new_page(), driver.base)
    other.open_shop("A-1001")
    gateway.down = True
    gateway.cut()
    driver.say("said in the first tab", wait=False)
    other.say("said in the second tab", wait=False)
    other.log.get_by_text("said in the first tab").wait_for()
    driver.log.get_by_text("said in the second tab").wait_for()
    gateway.down = False
    for tab in (driver, other):
        tab.page.evaluate("() => window.dispatchEvent(new Event('online'))")
        tab.wait_idle()
    said = [m["text"] for m in gateway.only_talk().messages if m["from"] == "customer"]
    assert said == ["said in the first tab", "said in the second tab"]
    assert other.messages() == driver.messages()


def test_another_customer_sees_nothing_of_the_first(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("a secret of Maya's")
    driver.page.locator("#customer").select_option("A-1002")
    expect(driver.page.locator("#who")).to_have_text("Signed in as Jonas")
    driver.wait_idle()
    assert len(driver.messages()) == 1
    driver.page.locator("#customer").select_option("A-1001")
    driver.wait_for_text("a secret of Maya's")


def test_starting_over_asks_first_and_then_begins_anew(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("old news")
    driver.page.locator("save-desk #start-over").click()
    expect(driver.page.locator("save-desk #start-over-no")).to_be_focused()
    driver.page.keyboard.press("Escape")
    expect(driver.page.locator("save-desk #start-over")).to_be_focused()
    driver.page.locator("save-desk #start-over").click()
    driver.page.locator("save-desk .notice__answers").get_by_text("Start over").click()
    driver.page.wait_for_function(
        "() => document.querySelector('save-desk').shadowRoot"
        ".querySelectorAll('.message').length === 1"
    )
    driver.wait_idle()
    assert [talk.holder for talk in gateway.talks.values()] == ["closed", "assistant"]


def test_an_ended_conversation_offers_a_new_one(driver: WidgetDriver, gateway: FakeGateway) -> None:
    driver.open_shop("A-1001")
    gateway.hand(gateway.only_talk(), "closed")
    driver.page.locator("save-desk").get_by_role("button", name="Start a new").click()
    driver.wait_idle()
    expect(driver.holder).to_have_text("Automated assistant")
    assert len(gateway.talks) == 2
