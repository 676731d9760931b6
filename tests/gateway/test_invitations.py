"""How somebody gets onto the staff, and gets a new password: by a link that works once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.errors import NotPossible, PersonNotFound
from bot.people.person import Person
from bot.people.role import Role
from bot.use_cases.change_person import disable_person, enable_person
from bot.use_cases.invite_person import Invitation, add_person, invite_person
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import StaffBrowser, a_browser, signed_in, with_second_factor
from tests.receptions import PASSWORD, a_person

NEW = "seven red bicycles"


def invited(stack: Stack, email: str = "noor@larder.example") -> Invitation:
    person = Person(
        stack.reception.secrets.person(),
        email,
        "Noor <b>",
        frozenset({Role.AGENT}),
        stack.clock.now(),
    )
    return add_person(person, by=None, at=stack.reception)


def take(browser: StaffBrowser, invitation: Invitation, password: str = NEW, **more: str) -> Any:
    fields = {"password": password, "again": password, **more}
    return browser.send(f"/invitations/{invitation.secret}", csrf_token="", **fields)


def test_an_invitation_sets_a_password_and_one_signs_in_with_it(stack: Stack) -> None:
    invitation, browser = invited(stack), a_browser(stack)
    page = browser.get(f"/invitations/{invitation.secret}")
    assert "Noor &lt;b&gt;" in page.text
    assert "noor@larder.example" in page.text

    answer = take(browser, invitation)

    assert answer.headers["location"] == "/sign-in?told=password"
    assert "Your password is set" in browser.get("/sign-in?told=password").text
    assert not browser.is_in(), "the link alone signs nobody in"
    assert browser.sign_in("noor@larder.example", NEW).status_code == 303
    assert browser.is_in()


def test_looking_at_an_invitation_does_not_use_it_up(stack: Stack) -> None:
    """Mail programs open links to look at them."""
    invitation = invited(stack)
    for _ in range(3):
        assert a_browser(stack).get(f"/invitations/{invitation.secret}").status_code == 200
    assert take(a_browser(stack), invitation).status_code == 303


def test_5_an_invitation_works_once_in_time_and_cannot_be_guessed(stack: Stack) -> None:
    used, late = invited(stack), invited(stack, "late@larder.example")
    take(a_browser(stack), used)
    stack.clock.ahead += timedelta(hours=72)
    for secret in (used.secret, late.secret, "x" * 43, "none", used.secret[:-1], "%00"):
        page = a_browser(stack).get(f"/invitations/{secret}")
        assert page.status_code == 404
        assert "has been used or has expired" in page.text
    assert take(a_browser(stack), used, "nine other words here").status_code == 404
    assert a_browser(stack).sign_in("noor@larder.example", NEW).status_code == 303


def test_a_password_that_is_refused_leaves_the_invitation_as_it_was(stack: Stack) -> None:
    invitation = invited(stack)
    short = take(a_browser(stack), invitation, "short")
    mine = take(a_browser(stack), invitation, "noor.larder.2026")
    differing = take(a_browser(stack), invitation, again="another")

    assert [each.status_code for each in (short, mine, differing)] == [422, 422, 422]
    assert "at least 12" in short.text
    assert "guessed first" in mine.text
    assert "not the same" in differing.text
    assert NEW not in differing.text
    assert take(a_browser(stack), invitation).status_code == 303


def test_a_new_invitation_voids_the_one_before(stack: Stack) -> None:
    first = invited(stack)
    second = invite_person("noor@larder.example", by=None, at=stack.reception)

    assert a_browser(stack).get(f"/invitations/{first.secret}").status_code == 404
    assert take(a_browser(stack), second).status_code == 303


def test_a_new_password_ends_every_session_and_keeps_the_second_factor(stack: Stack) -> None:
    browser, kim = signed_in(stack, Role.AGENT)
    with_second_factor(stack, kim)
    invitation = invite_person(kim.email, by=None, at=stack.reception)
    assert browser.is_in(), "an invitation alone changes nothing: nobody may be thrown out by it"

    take(a_browser(stack), invitation)

    assert not browser.is_in()
    assert browser.sign_in(kim.email).status_code == 403
    assert browser.sign_in(kim.email, NEW).headers["location"] == "/sign-in/code"


def test_who_lost_the_phone_sets_up_everything_anew(stack: Stack) -> None:
    browser, kim = signed_in(stack, Role.AGENT)
    with_second_factor(stack, kim)

    invitation = invite_person(kim.email, by=None, at=stack.reception, new_second_factor=True)

    assert not browser.is_in()
    assert browser.sign_in(kim.email).status_code == 403, "the password alone opens nothing"
    take(a_browser(stack), invitation)
    assert browser.sign_in(kim.email, NEW).status_code == 303
    assert browser.is_in()


def test_who_is_disabled_has_no_invitation_and_no_way_in_until_enabled(stack: Stack) -> None:
    kim = a_person(stack.reception)
    open_one = invite_person(kim.email, by=None, at=stack.reception)
    disable_person(kim.email, by=None, at=stack.reception)

    assert take(a_browser(stack), open_one).status_code == 404
    with pytest.raises(NotPossible, match="disabled"):
        invite_person(kim.email, by=None, at=stack.reception)
    assert a_browser(stack).sign_in(kim.email).status_code == 403
    enable_person(kim.email, by=None, at=stack.reception)
    assert a_browser(stack).sign_in(kim.email, PASSWORD).status_code == 303


def test_an_address_is_added_once_and_only_known_ones_are_invited(stack: Stack) -> None:
    invited(stack)
    with pytest.raises(NotPossible, match="on the staff already"):
        invited(stack)
    with pytest.raises(PersonNotFound):
        invite_person("who@larder.example", by=None, at=stack.reception)


def test_5_the_secret_of_an_invitation_is_in_no_log_and_not_in_the_database(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation = invited(stack)
    a_browser(stack).get(f"/invitations/{invitation.secret}")
    stored = b"".join(path.read_bytes() for path in stack.folder.glob("desk.db*"))
    logged = capsys.readouterr()

    assert invitation.secret.encode() not in stored
    assert invitation.secret not in logged.out + logged.err
