"""Nothing is wrong with the pages, whatever state they are in and however they are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.every_state import every_state
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import PHONE
from tests.pages.test_built_pages import a_receipt

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Look:
    """How somebody looks at the page; `text` is their size of text."""

    screen: dict[str, Any] = field(default_factory=dict)
    language: str = "en"
    direction: str = "ltr"
    text: str = "100%"


LOOKS = {
    "desktop": Look(),
    "phone, dark, German": Look({**PHONE, "color_scheme": "dark"}, "de"),
    "320 px, more contrast, Spanish": Look(
        {"viewport": {"width": 320, "height": 640}, "contrast": "more"}, "es"
    ),
    "right to left, dark, text 200 %": Look({"color_scheme": "dark"}, direction="rtl", text="200%"),
    "forced colours, zoom 200 %, German": Look(
        {
            "viewport": {"width": 640, "height": 430},
            "device_scale_factor": 2,
            "forced_colors": "active",
        },
        "de",
    ),
}
STATES = 26


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_no_state_has_a_fault_however_it_is_looked_at(
    visit: Open, gateway: FakeGateway, look: Look
) -> None:
    driver = visit(**look.screen)
    driver.open_shop("A-1001", panel=False)
    driver.page.evaluate(_DRESS, [look.language, look.direction, look.text])
    found = {name: faults(driver) for name in every_state(driver, gateway)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == STATES
    assert [fault for fault in driver.faults if "WebSocket" not in fault] == []


def faults(driver: WidgetDriver) -> list[str]:
    """What axe finds in the widget, what sticks out of it, and what is too small to press."""
    driver.page.evaluate(_AT_REST)
    laid_out: list[str] = driver.page.evaluate(_LAID_OUT)
    return [*driver.axe("save-desk"), *laid_out]


def test_a_fault_inside_the_widget_would_be_found(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    driver.page.evaluate(
        """() => {
          const root = document.querySelector("save-desk").shadowRoot;
          const close = root.querySelector("#close");
          close.removeAttribute("aria-label");
          close.removeAttribute("title");
          root.querySelector("#cancel").style.width = "900px";
          root.querySelector("#person").style.cssText = "height: 20px; min-height: 0";
        }"""
    )
    found = " ".join(faults(driver))
    assert "button-name" in found
    assert "cancel sticks out" in found
    assert "person is too small" in found


def test_axe_finds_nothing_wrong_with_the_whole_page(driver: WidgetDriver) -> None:
    driver.open_shop(panel=False)
    assert driver.axe() == []
    driver.open_help()
    assert driver.axe() == []


@pytest.mark.parametrize("page", ["desk", "insights"])
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


_DRESS = """([language, direction, text]) => {
  const root = document.documentElement;
  Object.assign(root, { lang: language, dir: direction });
  document.querySelector("save-desk").dir = direction;
  root.style.fontSize = text;
}"""

_AT_REST = """() => Promise.all(document.querySelector("save-desk").shadowRoot.getAnimations()
  .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
  .map((each) => each.finished.catch(() => null))).then(() => null)"""

# WCAG 2.2: content reflows without scrolling sideways (1.4.10), targets have 24 px (2.5.8).
_LAID_OUT = """() => {
  const root = document.querySelector("save-desk").shadowRoot;
  const nameOf = (element) => element.id || element.innerText || element.className;
  const isShown = (element) => element.getClientRects().length > 0 && !element.closest(".unseen");
  const panel = root.querySelector(".panel, .launcher").getBoundingClientRect();
  const all = [...root.querySelectorAll(".panel *")].filter((e) => isShown(e) && !e.closest("svg"));
  const out = all.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < panel.left - 1 || right > panel.right + 1;
  });
  const pressed = [...root.querySelectorAll("button, a.receipt")].filter(isShown);
  const small = pressed.filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width < 24 || height < 24;
  });
  const log = root.querySelector(".log");
  return [
    ...out.map((element) => `${nameOf(element)} sticks out`),
    ...small.map((element) => `${nameOf(element)} is too small`),
    ...(log && log.scrollWidth > log.clientWidth ? ["the conversation scrolls sideways"] : []),
    ...(panel.left < 0 || panel.right > innerWidth + 1 ? ["the widget is off the screen"] : []),
  ];
}"""
