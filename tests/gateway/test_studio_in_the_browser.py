"""The inbox in a real browser: by keys alone, on a phone, accessible, under the strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.integrations.front_end import build_front_end
from bot.people.role import Role
from tests.gateway.stack import Stack, a_customer, in_process, served
from tests.gateway.trainers_desk import FILES, files_of, heard, with_training_files
from tests.journeys.widget_driver import WidgetDriver
from tests.receptions import PASSWORD, a_person

pytestmark = pytest.mark.browser

UNHEARD = "my cupboard is full, hold it for now"
TWO = "skip the next one and pause after that"
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 760},
    "is_mobile": True,
    "has_touch": True,
}
Visit = Callable[..., WidgetDriver]


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Visit]:
    """Return a function that opens the inbox, with three messages in it, as a new trainer."""
    build_front_end()
    with_training_files(stack)
    with in_process(stack) as web:
        heard(a_customer(web, stack), UNHEARD, "please pause my boxes")
        heard(a_customer(web, stack, None), TWO)
    contexts = []
    with served(stack) as url:

        def visit(name: str, **options: Any) -> WidgetDriver:
            trainer = a_person(
                stack.reception, Role.TRAINER, email=f"{name.lower()}@larder.example", name=name
            )
            context = browser.new_context(**{"locale": "en-US", **options})
            contexts.append(context)
            driver = WidgetDriver(context.new_page(), url)
            driver.page.goto(f"{url}/sign-in?next=/studio")
            driver.page.get_by_label("E-mail address").fill(trainer.email)
            driver.page.get_by_label("Password").fill(PASSWORD)
            driver.page.get_by_role("button", name="Sign in").click()
            expect(driver.page.locator("#said")).to_be_focused()
            return driver

        yield visit
        for context in contexts:
            context.close()


def press(page: Page, *keys: str) -> None:
    """Press keys one after the other, each when the answer to the one before is there."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function("() => !document.querySelector('.htmx-request')")


def test_a_trainer_works_by_single_keys_and_takes_it_back_by_one(
    visit: Visit, stack: Stack
) -> None:
    driver = visit("Tess")
    page = driver.page
    expect(page.locator("#said")).to_have_text(f"“{UNHEARD}”")
    press(page, "2")
    expect(page.locator("#guess-2")).to_be_checked()
    expect(page.locator(".diff")).to_contain_text(f"+    - {UNHEARD}")
    assert driver.axe() == []
    press(page, "Enter")
    expect(page.locator("#told")).to_have_text("Written to services.yml as change 1.")
    expect(page.locator("#said")).to_have_text(f"“{TWO}”")
    expect(page.locator("#said")).to_be_focused()

    press(page, "x")
    expect(page.get_by_label("Sentence to learn")).to_have_count(2)
    second = page.locator("[id='second.other']")
    second.fill("request_pause")
    second.press("Tab")
    expect(page.locator(".diff")).to_contain_text("+    - pause after that")
    assert driver.axe() == []
    page.locator("#do-write").click()
    expect(page.locator("#told")).to_have_text("Written to services.yml as change 2.")
    press(page, "u")
    expect(page.locator("#told")).to_have_text("Taken back.")
    expect(page.locator("#said")).to_have_text(f"“{TWO}”")
    press(page, "s")
    expect(page.locator("#told")).to_have_text("Skipped.")
    expect(page.locator("#said")).to_have_text("“please pause my boxes”")

    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert driver.axe() == []
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    press(page, "s")
    expect(page.locator("#said")).to_have_text("“please pause my boxes”")
    services = files_of(stack)["services.yml"]
    assert services.replace(f"    - {UNHEARD}\n", "") == FILES["services.yml"]
    assert driver.faults == []


def test_on_a_phone_and_in_the_dark_words_are_marked_and_an_intent_is_looked_up(
    visit: Visit, stack: Stack
) -> None:
    driver = visit("Theo", **PHONE, color_scheme="dark")
    page = driver.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    press(page, "/")
    page.keyboard.type("request_cancellation")
    page.keyboard.press("Tab")
    expect(page.get_by_label("request_cancellation", exact=False).first).to_be_checked()
    page.get_by_label("Reason").first.select_option("unused")
    page.locator("#text").evaluate("field => { field.focus(); field.setSelectionRange(3, 19); }")
    page.locator("#said").focus()
    press(page, "m")
    expect(page.locator("#words")).to_have_value("cupboard is full")
    marked = '[cupboard is full]{"entity": "cancellation_reason", "value": "unused"}'
    expect(page.locator(".diff")).to_contain_text(marked)
    assert driver.axe() == []
    page.locator("#do-write").click()
    expect(page.locator("#told")).to_contain_text("Written to leaving.yml")
    assert marked in files_of(stack)["leaving.yml"]
    assert driver.faults == []


def test_nothing_can_write_markup_into_the_studio(visit: Visit) -> None:
    page = visit("Tess").page
    refused = page.evaluate(
        """() => { try { document.body.innerHTML = "<img src=x>"; return "written"; }
                   catch (error) { return error.name; } }"""
    )
    assert refused == "TypeError"
