"""Maya's whole way in a real browser: typing, the offer, consent, the receipt, the exit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.running_desk import RunningDesk
from tests.journeys.widget_driver import WidgetDriver

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture
def widget(browser: Browser, desk: RunningDesk) -> Iterator[WidgetDriver]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    driver = WidgetDriver(context.new_page(), desk.url)
    yield driver
    context.close()
    assert driver.faults == []


def test_maya_takes_the_smaller_plan_by_clicking_and_typing(
    widget: WidgetDriver, desk: RunningDesk
):
    widget.open_shop("A-1001")
    widget.say("I want to cancel, it is too expensive for us")
    offer = widget.last()
    assert offer.offer
    assert "Accept" in offer.buttons
    assert "Cancel now" in offer.buttons
    widget.screenshot("offer")
    widget.press("Accept")
    assert "$59.00" in widget.last().text
    widget.press("Confirm")
    assert widget.last().receipt
    widget.screenshot("receipt")
    assert desk.account("A-1001")["subscriptions"][0]["pending_change"]["plan"] == "duo"


def test_a_reload_keeps_the_history_and_the_exit_is_one_click_away(
    widget: WidgetDriver, desk: RunningDesk
):
    widget.open_shop("A-1001")
    widget.say("I want to cancel, it is too expensive for us")
    before = [message.text for message in widget.messages()]
    widget.page.reload()
    widget.wait_for_text(before[-1].splitlines()[0])
    widget.wait_idle()
    assert [message.text for message in widget.messages()] == before
    widget.press("Cancel now")
    assert desk.account("A-1001")["subscriptions"][0]["cancels_on"]


def test_a_person_is_one_click_away_and_the_exit_stays(widget: WidgetDriver, desk: RunningDesk):
    widget.open_shop("A-1001")
    widget.press("Talk to a person")
    [waiting] = desk.queue()
    assert waiting["account"] == "A-1001"
    widget.screenshot("waiting")
    widget.say("actually just cancel it")
    assert desk.account("A-1001")["subscriptions"][0]["cancels_on"]


def test_on_a_phone_every_state_passes_axe(browser: Browser, desk: RunningDesk):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    phone = WidgetDriver(context.new_page(), desk.url)
    phone.open_shop("A-1002")
    phone.say("cancel it, I never use it")
    phone.screenshot("phone")
    assert phone.axe() == []
    context.close()
