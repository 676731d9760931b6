"""Staff in a real browser: signing in by keyboard, on a phone, the second factor, the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.integrations.front_end import build_front_end
from bot.people.role import Role
from bot.use_cases.invite_person import invite_person
from tests.gateway.stack import Stack, served
from tests.gateway.staff_browser import code_now, with_second_factor
from tests.journeys.widget_driver import WidgetDriver
from tests.receptions import PASSWORD, a_person

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 860}}
Visit = Callable[..., WidgetDriver]


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Visit]:
    """Return a function that opens a browser of its own at the stack's gateway."""
    build_front_end()
    contexts = []
    with served(stack) as url:

        def visit(**options: Any) -> WidgetDriver:
            context = browser.new_context(**{**DESKTOP, "locale": "en-US", **options})
            contexts.append(context)
            return WidgetDriver(context.new_page(), url)

        yield visit
        for context in contexts:
            context.close()


def sign_in(driver: WidgetDriver, email: str, path: str = "/sign-in") -> None:
    driver.page.goto(f"{driver.base}{path}")
    driver.page.get_by_label("E-mail address").fill(email)
    driver.page.get_by_label("Password").fill(PASSWORD)
    driver.page.get_by_role("button", name="Sign in").click()


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def test_the_desk_leads_to_the_door_and_the_door_to_the_desk_by_keyboard_alone(
    visit: Visit, stack: Stack
) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    driver = visit()
    page = driver.page
    page.goto(f"{driver.base}/desk")
    expect(page).to_have_url(f"{driver.base}/sign-in?next=/desk")
    expect(page.get_by_label("E-mail address")).to_be_focused()

    page.keyboard.type(kim.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{driver.base}/desk")
    assert driver.faults == []
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["desk-session"]["httpOnly"]
    assert page.evaluate("document.cookie") == ""


def test_a_wrong_password_is_told_where_a_screen_reader_hears_it(
    visit: Visit, stack: Stack
) -> None:
    driver = visit()
    sign_in(driver, "nobody@larder.example")
    expect(driver.page.get_by_role("alert")).to_contain_text("That did not work")
    expect(driver.page).to_have_title("Problem: Sign in · Save Desk")
    expect(driver.page.get_by_label("E-mail address")).to_have_value("nobody@larder.example")
    expect(driver.page.get_by_label("Password")).to_be_focused()
    assert driver.axe() == []


def test_the_code_of_the_second_factor_lets_one_in(visit: Visit, stack: Stack) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    secret = with_second_factor(stack, kim)
    driver = visit()
    sign_in(driver, kim.email, "/sign-in?next=/account")
    expect(heading(driver.page)).to_have_text("Your second factor")
    expect(driver.page.get_by_label("Code")).to_be_focused()
    assert driver.axe() == []
    driver.page.keyboard.type("000000")
    driver.page.keyboard.press("Enter")
    expect(driver.page.get_by_role("alert")).to_be_visible()

    driver.page.get_by_label("Code").fill(code_now(stack, secret))
    driver.page.keyboard.press("Enter")

    expect(driver.page).to_have_url(f"{driver.base}/account")
    assert driver.faults == []


def test_a_second_factor_is_set_up_by_scanning_or_typing(visit: Visit, stack: Stack) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    driver = visit()
    page = driver.page
    sign_in(driver, kim.email, "/sign-in?next=/account")
    page.get_by_role("link", name="Set one up").click()
    picture = page.get_by_role("img", name="QR code")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 180
    assert driver.axe() == []
    driver.screenshot("staff-second-factor")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill(code_now(stack, secret))
    page.get_by_role("button", name="Set up").click()

    expect(heading(page)).to_have_text("Your recovery codes")
    assert page.locator(".codes li").count() == 10
    assert driver.axe() == []
    driver.screenshot("staff-recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("You have one.")).to_be_visible()
    assert driver.faults == []


def test_an_invitation_is_taken_and_one_signs_in(visit: Visit, stack: Stack) -> None:
    kim = a_person(stack.reception, Role.TRAINER)
    invitation = invite_person(kim.email, by=None, at=stack.reception)
    driver = visit()
    page = driver.page
    page.goto(f"{driver.base}/invitations/{invitation.secret}")
    assert driver.axe() == []
    page.get_by_label("New password").fill("seven red bicycles")
    page.get_by_label("The same once more").fill("seven red bicycles")
    page.get_by_role("button", name="Set password").click()

    expect(page.get_by_role("status")).to_contain_text("Your password is set")
    page.get_by_label("E-mail address").fill(kim.email)
    page.get_by_label("Password").fill("seven red bicycles")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{driver.base}/studio")
    page.goto(f"{driver.base}/desk")
    expect(heading(page)).to_have_text("This page is not for your roles")
    assert driver.axe() == []
    assert driver.faults == []


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_administrator_finds_by_keyboard_what_somebody_did(
    visit: Visit, stack: Stack, screen: dict[str, Any]
) -> None:
    kim = a_person(stack.reception, Role.AGENT, name="Kim")
    ida = a_person(stack.reception, Role.ADMINISTRATOR, name="Ida")
    sign_in(visit(), kim.email, "/sign-in?next=/audit")
    driver = visit(**screen)
    page = driver.page
    sign_in(driver, ida.email)
    expect(heading(page)).to_have_text("Audit")
    entries = page.get_by_role("list", name="Entries").get_by_role("listitem")
    expect(entries.filter(has_text="Denied, Kim")).to_have_count(1)
    assert driver.axe() == []
    page.get_by_label("Only what this person did").focus()
    page.keyboard.type(kim.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="The newest of everybody")).to_be_visible()
    expect(entries.filter(has_text="Ida")).to_have_count(0)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Only what this person did").fill("nobody@larder.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert driver.axe() == []
    assert driver.faults == []


def test_another_browser_is_signed_out_from_the_account_page(visit: Visit, stack: Stack) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    here, there = visit(), visit()
    sign_in(there, kim.email, "/sign-in?next=/account")
    expect(heading(there.page)).to_have_text("Kim")
    sign_in(here, kim.email, "/sign-in?next=/account")

    here.page.get_by_role("button", name="Sign out there").click()

    expect(here.page.get_by_role("status")).to_contain_text("signed out")
    there.page.reload()
    expect(there.page).to_have_url(f"{there.base}/sign-in?next=/account")
    here.page.get_by_role("button", name="Sign out", exact=True).click()
    expect(here.page.get_by_role("status")).to_have_text("You are signed out.")
    here.page.go_back()
    expect(here.page).to_have_url(f"{here.base}/sign-in?next=/account")


def test_changing_the_password_after_a_while_asks_for_the_old_one_first(
    visit: Visit, stack: Stack
) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    driver = visit()
    page = driver.page
    sign_in(driver, kim.email, "/sign-in?next=/account")
    expect(heading(page)).to_have_text("Kim")
    stack.clock.ahead += stack.reception.limits.confirmed
    page.get_by_label("New password").fill("seven red bicycles")
    page.get_by_label("The same once more").fill("seven red bicycles")
    page.get_by_role("button", name="Change password").click()
    expect(heading(page)).to_have_text("Is it you?")
    assert driver.axe() == []
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("New password").fill("seven red bicycles")
    page.get_by_label("The same once more").fill("seven red bicycles")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    assert driver.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_wrong_and_a_phone_shows_it_all(
    visit: Visit, stack: Stack, scheme: str, screen: dict[str, Any]
) -> None:
    kim = a_person(stack.reception, Role.AGENT, Role.MANAGER, skills=frozenset({"billing"}))
    driver = visit(color_scheme=scheme, **screen)
    page = driver.page
    size = screen["viewport"]["width"]
    page.goto(f"{driver.base}/sign-in")
    assert driver.axe() == []
    driver.screenshot(f"staff-sign-in-{scheme}-{size}")
    sign_in(driver, kim.email, "/sign-in?next=/account")
    expect(heading(page)).to_have_text("Kim")
    assert driver.axe() == []
    driver.screenshot(f"staff-account-{scheme}-{size}")
    # Nothing is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth") <= size
    assert driver.faults == []


def test_38_no_page_of_the_staff_can_be_framed(visit: Visit, stack: Stack) -> None:
    driver = visit()
    page = driver.page
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(
            body=f"<iframe src='{driver.base}/sign-in' name='framed'></iframe>",
            content_type="text/html",
        ),
    )
    page.goto("http://evil.example/")
    page.wait_for_timeout(500)
    framed = page.frame("framed")
    assert framed is not None
    assert framed.locator("#password").count() == 0
