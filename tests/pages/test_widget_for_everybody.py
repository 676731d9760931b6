"""Keyboard, screen reader, small screens, less motion."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import Answer, FakeGateway, Talk
from tests.pages.states import ANSWERS, PHONE, buttons, offering

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


def voice_of(driver: WidgetDriver) -> Locator:
    return driver.page.locator("save-desk > [role=status]")


def heard(driver: WidgetDriver) -> list[str]:
    """Everything the one voice has said since `listen`."""
    said: list[str] = driver.page.evaluate("() => window.__heard")
    return said


def listen(driver: WidgetDriver) -> None:
    driver.page.evaluate(
        """() => {
          window.__heard = [];
          const region = document.querySelector("save-desk > [role=status]");
          const note = () => region.textContent && window.__heard.push(region.textContent);
          new MutationObserver(note).observe(region, { childList: true, subtree: true });
        }"""
    )


def test_the_voice_says_neither_what_was_there_before_nor_what_the_customer_does(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    driver.say("hello")
    driver.close_help()
    driver.page.reload()
    driver.page.locator("save-desk .launcher").wait_for()
    listen(driver)
    driver.open_help()
    gateway.hand(gateway.only_talk(), "agent")
    driver.say("my own words")
    gateway.typing(gateway.only_talk(), "Sofia")
    driver.desk.locator(".working").wait_for()
    driver.page.wait_for_timeout(300)
    assert heard(driver) == []


def test_after_a_break_the_voice_says_how_much_came_and_the_last_of_it(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    listen(driver)
    gateway.down = True
    gateway.cut()
    driver.desk.locator(".notice--warn").wait_for()
    for number in range(1, 7):
        gateway.only_talk().add("agent", f"Message {number}", sender_name="Sofia")
    gateway.down = False
    driver.desk.locator(".notice--warn .link").click()
    driver.wait_for_text("Message 6")
    expect(voice_of(driver)).to_have_text("6 new messages. The last one: Sofia: Message 6")
    assert heard(driver) == [
        "Connection lost. What you write is kept.",
        "6 new messages. The last one: Sofia: Message 6",
    ]


def test_what_was_refused_is_said_once(driver: WidgetDriver, gateway: FakeGateway) -> None:
    driver.open_shop("A-1001")
    listen(driver)
    gateway.refusals = [(410, "button_expired")]
    driver.press("Talk to a person")
    driver.desk.locator("textarea").press_sequentially("something else, then")
    driver.page.wait_for_timeout(300)
    assert heard(driver) == ["That choice is no longer open. Please write what you would like."]


def test_the_whole_way_goes_by_the_keyboard_alone(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    def script(talk: Talk, said: Answer) -> list[Answer]:
        if said["button_id"] == "b-Accept":
            return [{"text": "Shall I?", "buttons": buttons(["Confirm", "No"])}]
        if said["button_id"] == "b-Confirm":
            return [{"text": "Done.", "receipt": {"url": "/receipts/abc"}}]
        return offering(talk, said)

    gateway.script = script
    driver.open_shop("A-1001", panel=False)
    keys = driver.page.keyboard
    driver.desk.locator(".launcher").focus()
    keys.press("Enter")
    expect(driver.desk.locator("textarea")).to_be_focused()
    driver.wait_idle()
    keys.type("it is too expensive")
    keys.press("Enter")
    driver.wait_idle()
    for title in ("Accept", "Confirm"):
        go_back_to(driver, f"b-{title}")
        keys.press("Enter")
        driver.wait_idle()
        expect(driver.desk.locator("textarea")).to_be_focused()
    go_back_to(driver, "receipt")
    go_back_to(driver, "cancel")
    keys.press("Space")
    driver.wait_idle()
    keys.press("Escape")
    expect(driver.desk.locator(".launcher")).to_be_focused()
    said = [m["text"] for m in gateway.only_talk().messages if m["from"] == "customer"]
    assert said == ["it is too expensive", "Accept", "Confirm", "Cancel now"]


def go_back_to(driver: WidgetDriver, name: str) -> None:
    for _ in range(20):
        driver.page.keyboard.press("Shift+Tab")
        if driver.page.evaluate(_FOCUSED) == name:
            ring = driver.page.evaluate(_RING)
            assert ring["style"] != "none", f"nobody sees where the focus is: {name}"
            assert ring["width"] >= 2, name
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_with_forced_colours_lines_tell_what_backgrounds_told(
    visit: Open, gateway: FakeGateway
) -> None:
    driver = visit(forced_colors="active")
    gateway.script = offering
    driver.open_shop("A-1001", panel=False)
    outlined = "(e) => parseFloat(getComputedStyle(e).borderTopWidth)"
    assert driver.desk.locator(".launcher").evaluate(outlined) >= 2
    driver.open_help()
    driver.say("too expensive")
    for part in (".panel", ".message--assistant .message__body", ".offer", ".reply", ".control"):
        assert driver.desk.locator(part).first.evaluate(outlined) >= 1, part
    own, other = (
        driver.desk.locator(f".message--{who} .message__body").first.evaluate(outlined)
        for who in ("customer", "assistant")
    )
    assert own > other, "who speaks is not told by colour alone"


def test_more_contrast_is_given_to_those_who_ask(visit: Open) -> None:
    colours = []
    for contrast in ("no-preference", "more"):
        driver = visit(contrast=contrast)
        driver.open_shop("A-1001")
        soft = "(e) => getComputedStyle(e).color"
        colours.append(driver.desk.locator(".message__by").first.evaluate(soft))
    assert colours == ["rgb(97, 91, 82)", "rgb(43, 39, 35)"]


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

_RING = """() => {
  const style = getComputedStyle(document.querySelector("save-desk").shadowRoot.activeElement);
  return { style: style.outlineStyle, width: parseFloat(style.outlineWidth) };
}"""

_SIZES = """() => [...document.querySelector("save-desk").shadowRoot.querySelectorAll("button")]
  .map((button) => {
    const { width, height } = button.getBoundingClientRect();
    return { name: button.id || button.innerText, width, height };
  })"""
