"""The widget's own words in the customer's language, and in either direction."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.conftest import Open
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import OFFER, PHONE, offering

pytestmark = pytest.mark.browser

# So soon the second press of one control is taken for the rest of a double click.
DOUBLE_CLICK_MS = 800
CANCEL_NOW = {"en": "Cancel now", "de": "Jetzt kündigen", "es": "Cancelar ahora"}


def the_page_speaks(driver: WidgetDriver, language: str) -> None:
    driver.page.evaluate("(language) => { document.documentElement.lang = language; }", language)


def cancel_reads(driver: WidgetDriver, language: str) -> None:
    expect(driver.desk.locator("#cancel")).to_have_text(CANCEL_NOW[language])
    expect(driver.desk.locator(".panel")).to_have_attribute("lang", language)


def test_the_widget_follows_the_pages_language_also_when_it_changes(driver: WidgetDriver) -> None:
    driver.open_shop("A-1001")
    for language in ("de", "es", "en"):
        the_page_speaks(driver, language)
        cancel_reads(driver, language)


def test_its_own_attribute_comes_first_and_the_visitors_languages_last(visit: Open) -> None:
    driver = visit(locale="es-ES")
    driver.open_shop("A-1001")
    the_page_speaks(driver, "fr")
    cancel_reads(driver, "es")
    driver.desk.evaluate("(desk) => desk.setAttribute('lang', 'de-CH')")
    cancel_reads(driver, "de")


@pytest.mark.parametrize("language", ["de", "es"])
def test_an_offer_has_its_figures_in_the_customers_language_and_says_which_words_are_not(
    driver: WidgetDriver, gateway: FakeGateway, language: str
) -> None:
    gateway.script = offering
    driver.open_shop("A-1001")
    the_page_speaks(driver, language)
    driver.say("zu teuer")
    figures = {"de": ("89,00", "5. März 2027", "Danach"), "es": ("89,00", "5 de marzo", "Después")}
    offer = driver.last().offer
    assert offer is not None
    assert all(figure in offer for figure in figures[language])
    spoken = driver.page.evaluate(_LANGUAGE_OF, [OFFER["title"], OFFER["terms"], "Accept"])
    assert spoken == ["en", "en", "en"], "a voice must know that these words are English"
    assert driver.desk.locator(".message--customer .message__body").get_attribute("lang") == ""


def test_a_press_on_a_control_means_the_same_in_every_language(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    seen: list[str] = []
    gateway.script = lambda talk, said: seen.append(said["button_id"]) or [{"text": "Done."}]
    driver.open_shop("A-1001")
    for language in CANCEL_NOW:
        the_page_speaks(driver, language)
        driver.desk.locator("#cancel").click()
        driver.wait_idle()
        driver.page.wait_for_timeout(DOUBLE_CLICK_MS)
    assert seen == ["cancel", "cancel", "cancel"]


def middle(driver: WidgetDriver, selector: str) -> float:
    box = driver.desk.locator(selector).first.bounding_box()
    assert box is not None
    return float(box["x"] + box["width"] / 2)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_everything_stands_on_the_side_where_the_direction_wants_it(
    visit: Open, gateway: FakeGateway, screen: dict[str, Any], direction: str
) -> None:
    gateway.script = offering
    driver = visit(**screen)
    driver.open_shop("A-1001", panel=False)
    driver.page.evaluate("(dir) => { document.documentElement.dir = dir; }", direction)
    driver.desk.evaluate("(desk, dir) => { desk.dir = dir; }", direction)
    width = driver.page.evaluate("() => innerWidth")
    assert (middle(driver, ".launcher") > width / 2) is (direction == "ltr")
    driver.open_help()
    driver.say("too expensive")
    in_order = {
        "the panel": ("#person", "#cancel"),
        "who speaks": (".message--assistant .message__body", ".message--customer .message__body"),
        "figures": (".offer__row dt", ".offer__row dd"),
        "the head": (".header__title", "#close"),
        "the composer": ("textarea", ".composer__send"),
    }
    for what, (first, then) in in_order.items():
        is_left = middle(driver, first) < middle(driver, then)
        assert is_left is (direction == "ltr"), what
    arrow = "(icon) => getComputedStyle(icon).transform"
    turned = driver.desk.locator(".composer__send svg").evaluate(arrow)
    assert turned == ("none" if direction == "ltr" else "matrix(-1, 0, 0, 1, 0, 0)")


def test_what_is_written_in_the_other_direction_reads_in_its_own(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    gateway.say(gateway.only_talk(), "agent", "שלום, איך אפשר לעזור?", sender_name="Noa")
    driver.wait_for_text("שלום")
    directions = "(bodies) => bodies.map((body) => getComputedStyle(body).direction)"
    bodies = driver.desk.locator(".message__body")
    assert bodies.evaluate_all(directions) == ["ltr", "rtl"]


_LANGUAGE_OF = """(texts) => {
  const all = [...document.querySelector("save-desk").shadowRoot.querySelectorAll(".message *")];
  return texts.map((text) => all.findLast((e) => e.textContent === text).closest("[lang]").lang);
}"""
