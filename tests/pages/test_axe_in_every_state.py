"""Axe finds nothing wrong, whatever state the pages are in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import ANSWERS, PHONE, offering
from tests.pages.test_built_pages import a_receipt

pytestmark = pytest.mark.browser


def test_axe_finds_nothing_wrong_with_the_shop_and_the_closed_widget(driver: WidgetDriver) -> None:
    driver.open_shop(panel=False)
    assert driver.axe() == []


def test_axe_would_find_a_fault_inside_the_widget(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    driver.page.evaluate(
        "() => document.querySelector('save-desk').shadowRoot.querySelector('#close')"
        ".removeAttribute('aria-label') || document.querySelector('save-desk').shadowRoot"
        ".querySelector('#close').removeAttribute('title')"
    )
    assert any("button-name" in fault for fault in driver.axe())


def test_axe_finds_nothing_wrong_with_the_open_panel(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    assert driver.axe() == []
    driver.page.locator("save-desk #start-over").click()
    assert driver.axe() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_wrong_with_an_offer(
    visit: Open, gateway: FakeGateway, scheme: str, screen: dict[str, Any]
) -> None:
    gateway.script = offering
    driver = visit(color_scheme=scheme, **screen)
    driver.open_shop("A-1001")
    driver.say("too expensive")
    assert driver.last().buttons == tuple(ANSWERS)
    assert driver.axe() == []
    assert driver.faults == []


def test_axe_finds_nothing_wrong_while_reconnecting(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    gateway.down = True
    gateway.cut()
    driver.say("are you there?", wait=False)
    driver.desk.locator(".notice", has_text="Connection lost").wait_for()
    assert driver.last().text == "are you there?"
    assert driver.axe() == []


@pytest.mark.parametrize("page", ["desk", "studio", "insights"])
def test_axe_finds_nothing_wrong_with_the_pages_to_come(driver: WidgetDriver, page: str) -> None:
    driver.page.goto(f"{driver.base}/{page}")
    expect(driver.page.get_by_role("heading", level=1)).to_be_visible()
    assert driver.axe() == []


def test_axe_finds_nothing_wrong_with_a_receipt(driver: WidgetDriver) -> None:
    address = f"{driver.base}/receipts/x"
    driver.page.route(
        address, lambda route: route.fulfill(body=a_receipt(), content_type="text/html")
    )
    driver.page.goto(address)
    expect(driver.page.get_by_role("heading", level=1)).to_have_text("Your cancellation")
    assert driver.axe() == []
