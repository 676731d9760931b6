"""Keyboard, screen reader, small screens, less motion."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import ANSWERS, PHONE, offering

pytestmark = pytest.mark.browser


def test_the_keyboard_goes_in_and_out_of_the_panel(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001", panel=False)
    driver.page.locator("save-desk .launcher").focus()
    driver.page.keyboard.press("Enter")
    text = driver.page.locator("save-desk textarea")
    expect(text).to_be_focused()
    driver.page.keyboard.press("F6")
    expect(driver.log).to_be_focused()
    driver.page.keyboard.press("Escape")
    expect(driver.page.locator("save-desk .launcher")).to_be_focused()
    assert driver.page.locator("save-desk .panel").count() == 0


def test_everything_in_the_panel_is_reached_by_tab_and_none_is_a_trap_on_a_large_screen(
    at_offer: WidgetDriver,
) -> None:
    at_offer.page.locator("save-desk #save").focus()
    seen = []
    for _ in range(11):
        seen.append(at_offer.page.evaluate(_FOCUSED))
        at_offer.page.keyboard.press("Tab")
    assert seen[:5] == ["save", "start-over", "close", "person", "cancel"]
    assert seen[5] == "log"
    assert seen[6:10] == [f"b-{title}" for title in ANSWERS]
    assert seen[10] == "text"
    for _ in range(3):
        at_offer.page.keyboard.press("Tab")
    assert at_offer.page.evaluate("() => document.activeElement.tagName") != "SAVE-DESK"


def test_new_messages_are_said_once_by_one_voice_outside_the_shadow_root(
    at_offer: WidgetDriver,
) -> None:
    voice = at_offer.page.locator("save-desk > [role=status][aria-live=polite]")
    expect(voice).to_have_count(1)
    expect(voice).to_contain_text("Assistant: Here is what I can do.")
    expect(voice).to_contain_text("Accept, Cancel now")
    expect(at_offer.log).to_have_attribute("role", "log")
    expect(at_offer.log).to_have_attribute("aria-live", "off")


def box(driver: WidgetDriver, selector: str) -> dict[str, float]:
    found = driver.page.locator(f"save-desk {selector}").bounding_box()
    assert found is not None
    return dict(found)


def test_on_a_phone_the_panel_fills_the_screen_and_keeps_the_keyboard(visit: Open) -> None:
    driver = visit(**PHONE)
    driver.open_shop("A-1001")
    assert box(driver, ".panel") == {"x": 0, "y": 0, "width": 390, "height": 844}
    panel = driver.page.locator("save-desk .panel")
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(panel).to_be_focused()
    for _ in range(12):
        driver.page.keyboard.press("Tab")
        assert driver.page.evaluate("() => document.activeElement.tagName") == "SAVE-DESK"
    driver.page.keyboard.press("Escape")
    expect(driver.page.locator("save-desk .launcher")).to_be_focused()
    assert driver.page.evaluate("() => document.documentElement.style.overflow") == ""


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_everything_to_press_is_large_enough(
    visit: Open, gateway: FakeGateway, screen: dict[str, Any]
) -> None:
    gateway.script = offering
    driver = visit(**screen)
    driver.open_shop("A-1001")
    driver.say("too expensive")
    sizes = driver.page.evaluate(_SIZES)
    assert len(sizes) >= 9
    assert [size for size in sizes if size["width"] < 44 or size["height"] < 44] == []


def test_at_four_times_the_size_everything_is_still_there(visit: Open) -> None:
    driver = visit(viewport={"width": 320, "height": 256})
    driver.open_shop("A-1001")
    for part in ("#person", "#cancel", "textarea", "#close"):
        expect(driver.page.locator(f"save-desk {part}")).to_be_in_viewport()
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert driver.page.evaluate(wide) is False


def test_nothing_moves_for_those_who_asked_for_less_motion(
    visit: Open, gateway: FakeGateway
) -> None:
    driver = visit(reduced_motion="reduce")
    gateway.slow_seconds = 2
    driver.open_shop("A-1001")
    driver.say("hello", wait=False)
    driver.page.locator("save-desk .working").wait_for()
    moving = driver.page.evaluate(
        "() => document.querySelector('save-desk').shadowRoot.getAnimations().length"
    )
    assert moving == 0


_FOCUSED = """() => {
  const focused = document.querySelector("save-desk").shadowRoot.activeElement;
  return focused?.id || focused?.dataset.button || focused?.classList[0];
}"""

_SIZES = """() => [...document.querySelector("save-desk").shadowRoot.querySelectorAll("button")]
  .map((button) => {
    const { width, height } = button.getBoundingClientRect();
    return { name: button.id || button.innerText, width, height };
  })"""
