"""Typing: what is sent, when, and that it stays text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import OFFER

pytestmark = pytest.mark.browser


def test_enter_sends_and_shift_enter_makes_a_new_line(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    text = driver.page.locator("save-desk textarea")
    text.press_sequentially("one")
    text.press("Shift+Enter")
    text.press_sequentially("two")
    assert gateway.posts == 0
    text.press("Enter")
    driver.wait_idle()
    assert driver.messages()[1].text == "one\ntwo"
    expect(text).to_have_value("")


def test_the_length_left_is_counted_near_the_end_and_too_much_is_not_sent(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    text = driver.page.locator("save-desk textarea")
    left = driver.page.locator("save-desk #left")
    text.fill("x" * 1799)
    expect(left).to_have_count(0)
    text.fill("x" * 1998 + "🥕")
    expect(left).to_have_text("1 character left")
    text.fill("x" * 2003)
    expect(left).to_have_text("3 characters too many")
    text.press("Enter")
    driver.page.wait_for_timeout(200)
    assert gateway.posts == 0
    assert driver.axe() == []
    text.fill("x" * 2000)
    text.press("Enter")
    driver.wait_idle()
    assert gateway.posts == 1


def test_a_tickets_number_is_not_torn_apart_and_can_be_copied(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    words = "Your message is left as ticket T-1A2B3C4D, with everything written here."
    gateway.script = lambda talk, said: [{"text": words}]
    driver.open_shop("A-1001")
    driver.say("a message, please")
    assert driver.last().text == words
    number = driver.log.get_by_text("T-1A2B3C4D", exact=True)
    # As wide as the first half would be torn off, it stays in one piece on the next line.
    number.evaluate("it => { it.closest('.message__body').style.width = '5ch' }")
    assert number.evaluate("it => it.getClientRects().length") == 1


def test_what_anybody_writes_stays_text(driver: WidgetDriver, gateway: FakeGateway) -> None:
    evil = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    buttons = [{"id": "b", "title": evil}]
    offer = {**OFFER, "title": evil, "terms": evil}
    gateway.script = lambda talk, said: [{"text": evil, "offer": offer, "buttons": buttons}]
    driver.open_shop("A-1001")
    driver.say(evil)
    assert driver.messages()[1].text == evil
    assert driver.last().text == evil
    assert driver.last().buttons == (evil,)
    assert driver.page.locator("save-desk .log img, save-desk .log script").count() == 0
    assert "run" not in driver.page.title()
    assert driver.faults == []


def test_a_website_dresses_the_widget_by_its_own_colours(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    driver.page.evaluate(
        "() => document.querySelector('save-desk').style.setProperty('--desk-head', 'rgb(1, 2, 3)')"
    )
    colour = "(header) => getComputedStyle(header).backgroundColor"
    assert driver.page.locator("save-desk .header").evaluate(colour) == "rgb(1, 2, 3)"


def test_a_website_puts_the_widget_elsewhere_and_hides_its_button(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001", panel=False)
    dress = """(rules) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets = [sheet];
    }"""
    driver.page.evaluate(dress, "save-desk { inset-inline: 20px auto; }")
    box = driver.desk.locator(".launcher").bounding_box()
    assert box is not None
    assert box["x"] == 20
    driver.page.evaluate(dress, "save-desk::part(launcher) { display: none; }")
    expect(driver.desk.locator(".launcher")).to_be_hidden()
    driver.page.evaluate("() => window.saveDesk.open()")
    expect(driver.desk.locator(".panel")).to_be_visible()


def test_one_script_tag_alone_brings_the_widget(driver: WidgetDriver, gateway: FakeGateway) -> None:
    address = f"{driver.base}/plain"
    page = f"<!doctype html><title>x</title><script src='{driver.base}/widget.js' defer></script>"
    driver.page.route(address, lambda route: route.fulfill(body=page, content_type="text/html"))
    driver.page.goto(address)
    driver.open_help()
    assert len(driver.messages()) == 1


def test_a_widget_that_did_not_come_is_brought_by_the_next_call(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    first_try = "**/assets/save-desk.js?v=*"
    driver.page.route(first_try, lambda route: route.abort(), times=1)
    with driver.page.expect_console_message(lambda said: "did not start" in said.text):
        driver.page.goto(f"{driver.base}/")
    driver.page.locator("[data-help]").first.click()
    driver.wait_idle()
    assert len(driver.messages()) == 1
