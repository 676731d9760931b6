"""A staff member's browser, without the browser: cookies, forms, and the token they carry."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import pyotp
from starlette.testclient import TestClient

from bot.people.person import Person
from bot.people.role import Role
from tests.gateway.stack import Stack
from tests.receptions import PASSWORD, a_person

ORIGIN = "http://127.0.0.1:8080"
HTML = {"accept": "text/html"}


@dataclass
class StaffBrowser:
    web: TestClient

    def get(self, path: str, **headers: str) -> Any:
        return self.web.get(path, headers={**HTML, **headers}, follow_redirects=False)

    def send(self, path: str, *, origin: str | None = ORIGIN, **fields: str) -> Any:
        """Send a form; its page's token goes with it unless it is given."""
        headers = {**HTML, **({"origin": origin} if origin else {})}
        fields = {"csrf_token": self.token(), **fields}
        return self.web.post(path, data=fields, headers=headers, follow_redirects=False)

    def token(self) -> str:
        told = self.web.get("/api/staff/me")
        return str(told.json().get("csrf_token", "")) or field_of(
            self.get("/sign-in/code"), "csrf_token"
        )

    def sign_in(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        return self.send("/sign-in", email=email, password=password, csrf_token="", **more)

    @property
    def session(self) -> str:
        return self.web.cookies.get("desk-session", "")

    def is_in(self) -> bool:
        return bool(self.web.get("/api/staff/me").status_code == 200)


def a_browser(stack: Stack) -> StaffBrowser:
    """A new browser at the stack's gateway, with no cookie yet."""
    return StaffBrowser(TestClient(stack.app, base_url=ORIGIN, raise_server_exceptions=False))


def signed_in(stack: Stack, *roles: Role, **more: Any) -> tuple[StaffBrowser, Person]:
    """Somebody with these roles, and their browser, signed in."""
    person = a_person(stack.reception, *roles, **more)
    browser = a_browser(stack)
    answer = browser.sign_in(person.email)
    assert answer.status_code == 303, answer.text
    return browser, person


def with_second_factor(stack: Stack, person: Person) -> str:
    """Give somebody a second factor and return its secret."""
    secret = stack.reception.second_factor.new_secret()
    with stack.reception.unit_of_work() as uow:
        sealed = stack.reception.second_factor.seal(secret, person=person.id)
        uow.people.set_second_factor(person.id, sealed, step=0)
        uow.commit()
    return secret


def code_now(stack: Stack, secret: str, *, steps: int = 0) -> str:
    step = int(stack.clock.now().timestamp()) // 30 + steps
    return pyotp.TOTP(secret).generate_otp(step)


def field_of(page: Any, name: str) -> str:
    """Return the value of a form's field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""
