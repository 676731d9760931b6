"""A trainer in a real browser: tries a message, plays and writes a dialogue, reads, measures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.integrations.front_end import build_front_end
from bot.people.role import Role
from tests.gateway.said_for_weeks import say_for_weeks
from tests.gateway.scripted_stage import a_small_engine
from tests.gateway.stack import Stack, a_customer, in_process, served
from tests.gateway.test_staff_in_the_browser import DESKTOP, sign_in
from tests.journeys.widget_driver import WidgetDriver
from tests.receptions import a_person

pytestmark = pytest.mark.browser
# Reading all training files takes a moment on a busy machine.
expect.set_options(timeout=20_000)

NOTES_WHAT_IS_SAID = """() => {
  const sign = document.getElementById("working");
  const note = () => { sessionStorage.said ??= sign.textContent; };
  new MutationObserver(note).observe(sign, { childList: true });
}"""
NARROW = {"width": 360, "height": 780}


@pytest.fixture
def tess(browser: Browser, stack: Stack) -> Iterator[WidgetDriver]:
    """A trainer's browser, signed in at a gateway that has a chat and weeks of messages."""
    build_front_end()
    a_small_engine()  # fitted before anybody waits for it
    with in_process(stack) as web:
        customer = a_customer(web, stack)
        customer.say("this is too expensive, cancel it; write to maya.k@web.org")
        customer.until_idle()
    say_for_weeks(stack, customer.conversation)
    person = a_person(stack.reception, Role.TRAINER)
    with served(stack) as url:
        context = browser.new_context(**DESKTOP, locale="en-US")
        driver = WidgetDriver(context.new_page(), url)
        sign_in(driver, person.email, "/sign-in?next=/studio/try")
        yield driver
        context.close()


def looked_at(driver: WidgetDriver, name: str) -> None:
    """Hold the page against axe, in light and dark and on a narrow phone, and take pictures."""
    page = driver.page
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert driver.axe() == [], (name, scheme)
        driver.screenshot(f"studio-{name}-{scheme}")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    wide = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    driver.screenshot(f"studio-{name}-phone")
    assert not page.evaluate(wide), f"{name} is wider than a phone"
    page.set_viewport_size(DESKTOP["viewport"])
    page.emulate_media(color_scheme="light")


def test_a_trainer_tries_plays_reads_and_measures(tess: WidgetDriver, stack: Stack) -> None:
    page = tess.page
    page.get_by_label("Message").fill("too expensive, please cancel")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="What it means")).to_be_visible()
    expect(page.get_by_text("Duo for $59.00 a month?")).to_be_visible()
    expect(page.locator("mark")).to_contain_text("too expensive")
    assert page.url.endswith("/studio/try"), "only a piece of the page was changed"
    looked_at(tess, "try")

    _plays_and_writes(page, tess, stack)

    page.get_by_role("link", name="Conversations").click()
    page.get_by_role("link", name="too expensive").click()
    expect(page.get_by_role("list", name="The chat")).to_contain_text("write to […]")
    looked_at(tess, "chat")
    page.get_by_role("link", name="Make a dialogue test of it").click()
    expect(page.locator(".change")).to_contain_text("write to alex@example.com")

    page.get_by_role("link", name="Coverage").click()
    expect(page.get_by_role("img", name="What was said")).to_be_visible()
    looked_at(tess, "coverage")
    assert tess.faults == []


def _plays_and_writes(page: Page, tess: WidgetDriver, stack: Stack) -> None:
    page.get_by_role("link", name="Play a whole dialogue").click()
    page.get_by_label("The customer says").fill("the lease ended, so stop the boxes")
    page.keyboard.press("Enter")
    dialogue = page.get_by_role("list", name="The dialogue")
    expect(dialogue.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_label("The customer says")).to_have_value("")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(dialogue.get_by_role("listitem")).to_have_count(3)
    page.get_by_text("Understood as request_cancellation").click()
    page.get_by_label("It means").select_option("express_hardship")
    page.get_by_role("button", name="Play on from here").click()
    expect(dialogue.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("The test fails until")).to_be_visible()
    page.get_by_label("What it is about").fill("the lease ended")
    page.get_by_role("button", name="Show the change").click()
    expect(page.locator(".change")).to_contain_text("dialogue: the lease ended")
    looked_at(tess, "dialogue")
    page.get_by_role("button", name="Write it to").click()
    expect(page.get_by_text("as dialogue 1")).to_be_visible()
    assert [writing.number for writing in stack.review().journal.writings()] == [1]
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("was taken out of")).to_be_visible()


def test_who_has_to_wait_is_told_that_the_desk_is_at_work(tess: WidgetDriver) -> None:
    page, sign = tess.page, tess.page.locator("#working")
    expect(sign).to_be_empty()
    line = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 1500, "downloadThroughput": -1, "uploadThroughput": -1}
    line.send("Network.emulateNetworkConditions", slow)
    page.get_by_label("Message").fill("too expensive, please cancel")
    page.get_by_role("button", name="Try it").click()
    expect(sign).to_have_text("Working on it …")
    tess.screenshot("studio-working")
    assert tess.axe() == []
    expect(page.get_by_role("heading", name="What it means")).to_be_visible()
    expect(sign).to_be_empty()
    # Nobody can ask a page while it is being left: it notes for the next one what it said.
    page.evaluate(NOTES_WHAT_IS_SAID)
    page.get_by_role("link", name="Conversations").click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
    assert page.evaluate("() => sessionStorage.said") == "Working on it …"
    expect(sign).to_be_empty()
