"""The conversation as a file on the customer's device, made there."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.widget_driver import WidgetDriver
from tests.pages.fake_gateway import FakeGateway
from tests.pages.states import ANSWERS

pytestmark = pytest.mark.browser


def save(driver: WidgetDriver, how: str, folder: Path) -> Path:
    driver.desk.locator("#save").click()
    with driver.page.expect_download() as download:
        driver.desk.locator(f"#save-{how}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_plain_text_has_all_that_was_said_with_the_figures_and_the_receipt(
    at_offer: WidgetDriver, gateway: FakeGateway, tmp_path: Path
) -> None:
    gateway.say(gateway.only_talk(), "assistant", "Done.", receipt={"url": "/receipts/abc"})
    at_offer.wait_for_text("Done.")
    asked_before = len(gateway.talks), gateway.posts
    path = save(at_offer, "text", tmp_path)
    assert path.suffix == ".txt"
    text = path.read_text(encoding="utf-8")
    for part in (
        "Larder help", "Assistant (automated), ", "You, ", "it is too expensive",
        "With this offer: $71.20 a month", "After that: $89.00 a month",
        f"Choices: {' · '.join(ANSWERS)}", f"Receipt: {at_offer.base}/receipts/abc",
    ):  # fmt: skip
        assert part in text
    assert (len(gateway.talks), gateway.posts) == asked_before
    assert at_offer.faults == [], "Trusted Types and the policy allow it"


def test_a_page_opens_by_itself_reads_well_and_runs_nothing(
    driver: WidgetDriver, tmp_path: Path
) -> None:
    driver.open_shop("A-1001")
    driver.say("<img src=x onerror=\"document.title='run'\">")
    path = save(driver, "page", tmp_path)
    assert path.suffix == ".html"
    kept = WidgetDriver(driver.page.context.new_page(), driver.base)
    kept.page.goto(path.as_uri())
    expect(kept.page.get_by_role("heading", level=1)).to_have_text("Larder help")
    assert "<img src=x" in kept.page.inner_text("article.customer")
    assert kept.page.locator("img, script, link").count() == 0
    assert kept.page.title() == "Larder help"
    assert kept.axe() == []


def test_saving_can_be_done_and_given_up_with_the_keyboard_and_is_said(
    driver: WidgetDriver,
) -> None:
    driver.open_shop("A-1001")
    save_button = driver.desk.locator("#save")
    save_button.press("Enter")
    expect(driver.desk.locator("#save-no")).to_be_focused()
    driver.page.keyboard.press("Escape")
    expect(save_button).to_be_focused()
    save_button.press("Enter")
    driver.page.keyboard.press("Shift+Tab")
    with driver.page.expect_download():
        driver.page.keyboard.press("Enter")
    expect(save_button).to_be_focused()
    expect(driver.page.locator("save-desk > [role=status]")).to_contain_text(
        "Saved as conversation-"
    )


def test_a_receipt_opens_beside_the_conversation(
    driver: WidgetDriver, gateway: FakeGateway
) -> None:
    driver.open_shop("A-1001")
    gateway.say(gateway.only_talk(), "assistant", "Done.", receipt={"url": "/receipts/abc"})
    receipt = driver.desk.locator(".receipt")
    expect(receipt).to_have_accessible_name("Open your receipt (opens in a new tab)")
    with driver.page.context.expect_page() as opened:
        receipt.click()
    assert opened.value.url == f"{driver.base}/receipts/abc"
    assert driver.messages()[-1].text == "Done."
