"""What is tried through a signed-in browser: forged requests, foreign sockets, stale rights.

Each test is numbered by its security case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatusCode
from websockets.legacy.client import connect

from bot.gateway import app
from bot.gateway.staff.access import require, require_socket, until_refused
from bot.people.permissions import Permission
from bot.people.role import Role
from bot.use_cases.change_person import change_person, disable_person
from bot.use_cases.staff_session import sign_out
from tests.gateway.stack import ORIGIN as WEBSITE
from tests.gateway.stack import Customer, Stack, a_customer, code_of, served
from tests.gateway.staff_browser import HTML, ORIGIN, StaffBrowser, a_browser, signed_in
from tests.receptions import PASSWORD, a_person

NOTED = "/test/note"
LIVE = "/test/live"


async def note(request: Request) -> JSONResponse:
    """A writing route of the staff, as others are written."""
    staff = await require(request, Permission.WRITE_NOTE)
    return JSONResponse({"by": staff.person_id})


async def live(socket: WebSocket) -> None:
    """A live connection of the staff, as others are written."""
    staff = await require_socket(socket, Permission.SEE_DESK)
    if staff is None:
        return
    await socket.accept()
    await socket.send_json({"name": staff.name})
    await socket.close(await until_refused(socket, Permission.SEE_DESK))


@pytest.fixture
def stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    routes = [Route(NOTED, note, methods=["GET", "POST"]), WebSocketRoute(LIVE, live)]
    monkeypatch.setattr(app, "ROUTES", [*app.ROUTES, *routes])
    stack.build()
    return stack


@pytest.fixture
def kim(stack: Stack) -> StaffBrowser:
    return signed_in(stack, Role.AGENT)[0]


@pytest.fixture
def url(stack: Stack) -> Iterator[str]:
    with served(stack) as url:
        yield url


# --- 8, 9: sockets -------------------------------------------------------------------------------


def a_session(stack: Stack, *roles: Role, email: str = "") -> str:
    return signed_in(stack, *(roles or (Role.AGENT,)), email=email)[0].session


def following(url: str, session: str, *, origin: str | None = "own", path: str = LIVE) -> Any:
    headers = {"cookie": f"desk-session={session}"} if session else {}
    page: Any = url if origin == "own" else origin
    return connect(f"ws{url.removeprefix('http')}{path}", origin=page, extra_headers=headers)


@pytest.mark.parametrize(
    "origin",
    [None, "null", "", "https://evil.example", WEBSITE, "http://127.0.0.1.evil.example", "file://"],
)
async def test_8_a_staff_socket_from_another_origin_is_refused(
    url: str, stack: Stack, origin: str | None
) -> None:
    """Not even a website that may embed the widget is let in with a member of staff's cookie."""
    session = await asyncio.to_thread(a_session, stack)
    with pytest.raises(InvalidStatusCode) as refused:
        async with following(url, session, origin=origin):
            pass
    assert refused.value.status_code == 403


@pytest.mark.parametrize(
    "what", ["none", "made up", "signed out", "half", "in the address", "bearer"]
)
async def test_9_a_staff_socket_without_a_session_is_refused(
    url: str, stack: Stack, what: str
) -> None:
    session = await asyncio.to_thread(a_session, stack)
    path, headers = LIVE, {}
    if what == "signed out":
        await asyncio.to_thread(sign_out, session, at=stack.reception)
    if what == "in the address":
        path = f"{LIVE}?desk-session={session}&token={session}"
    if what == "bearer":
        headers = {"authorization": f"Bearer {session}"}
    given = {"made up": "x" * 43, "signed out": session, "half": ""}.get(what, "")
    with pytest.raises(InvalidStatusCode) as refused:
        async with connect(
            f"ws{url.removeprefix('http')}{path}",
            origin=url,  # type: ignore[arg-type]
            extra_headers={**headers, "cookie": f"desk-session={given}"},
        ):
            pass
    assert refused.value.status_code == 403


async def test_9_a_staff_socket_without_the_right_role_is_refused(url: str, stack: Stack) -> None:
    session = await asyncio.to_thread(a_session, stack, Role.TRAINER)
    with pytest.raises(InvalidStatusCode):
        async with following(url, session):
            pass


# --- 10: rights that end while a socket is open --------------------------------------------------


@pytest.mark.parametrize(
    ("what", "code"), [("signed out", 4401), ("disabled", 4401), ("another role", 4403)]
)
async def test_10_what_ends_a_right_ends_the_open_socket_and_refuses_commands(
    url: str, stack: Stack, what: str, code: int
) -> None:
    browser, person = await asyncio.to_thread(signed_in, stack, Role.AGENT)
    token = await asyncio.to_thread(browser.token)
    acts = {
        "signed out": lambda: sign_out(browser.session, at=stack.reception),
        "disabled": lambda: disable_person(person.email, by=None, at=stack.reception),
        "another role": lambda: change_person(
            person.email, by=None, at=stack.reception, roles=frozenset({Role.TRAINER})
        ),
    }
    async with following(url, browser.session) as socket:
        assert await socket.recv()
        await asyncio.to_thread(acts[what])
        refused = await asyncio.to_thread(
            browser.web.post, NOTED, headers={"origin": ORIGIN, "x-csrf-token": token}
        )
        assert refused.status_code == (401 if code == 4401 else 403)
        began = monotonic()
        await asyncio.wait_for(socket.wait_closed(), 30)

    assert socket.close_code == code
    assert monotonic() - began <= 5


async def test_10_an_open_socket_keeps_no_session_from_idling(url: str, stack: Stack) -> None:
    session = await asyncio.to_thread(a_session, stack)
    async with following(url, session) as socket:
        assert await socket.recv()
        stack.clock.ahead += stack.reception.limits.idle
        await asyncio.wait_for(socket.wait_closed(), 30)

    assert socket.close_code == 4401


# --- 20: forged requests -------------------------------------------------------------------------


def test_20_a_writing_request_with_origin_and_token_is_taken(kim: StaffBrowser) -> None:
    answer = kim.web.post(NOTED, headers={"origin": ORIGIN, "x-csrf-token": kim.token()})
    assert answer.status_code == 200


@pytest.mark.parametrize("token", [None, "", "x", "other", "session"])
def test_20_without_the_sessions_token_nothing_is_done(
    stack: Stack, kim: StaffBrowser, token: str | None
) -> None:
    if token == "other":
        token = signed_in(stack, Role.AGENT, email="ada@larder.example")[0].token()
    if token == "session":
        token = kim.session
    headers = {"origin": ORIGIN, **({} if token is None else {"x-csrf-token": token})}

    answer = kim.web.post(NOTED, headers=headers)

    assert (answer.status_code, code_of(answer)) == (403, "request_forged")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": WEBSITE},
        {"origin": "http://127.0.0.1:8080.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_20_from_another_website_nothing_is_done_even_with_the_token(
    kim: StaffBrowser, headers: dict[str, str]
) -> None:
    answer = kim.web.post(NOTED, headers={"x-csrf-token": kim.token(), **headers})
    assert answer.status_code == 403
    assert code_of(answer) in {"request_forged", "origin_refused"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", WEBSITE])
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/code", "/sign-out", "/account/password", "/account/sessions/end"]
)
def test_20_no_form_of_another_website_is_taken(kim: StaffBrowser, path: str, origin: str) -> None:
    answer = kim.send(path, origin=origin, email="x@y.example", password="p", again="p")
    assert answer.status_code == 403
    assert kim.is_in()


def test_20_no_website_can_sign_a_browser_in_as_somebody_else(stack: Stack) -> None:
    a_person(stack.reception, email="attacker@larder.example")
    victim = a_browser(stack)

    for origin in ("https://evil.example", WEBSITE, "null"):
        answer = victim.send(
            "/sign-in", origin=origin, email="attacker@larder.example", password=PASSWORD
        )
        assert answer.status_code == 403

    assert not victim.session


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "multipart/form-data"])
def test_20_a_form_is_taken_only_as_a_form(kim: StaffBrowser, media_type: str) -> None:
    answer = kim.web.post(
        "/sign-out",
        content=f"csrf_token={kim.token()}",
        headers={"origin": ORIGIN, "content-type": media_type},
    )
    assert answer.status_code == 415
    assert kim.is_in()


def test_20_reading_changes_nothing(kim: StaffBrowser) -> None:
    for path in ("/sign-out", "/account/password", "/account/sessions/end-others"):
        assert kim.get(path).status_code == 405
    assert kim.is_in()


def test_20_no_website_reads_with_a_staff_cookie(kim: StaffBrowser) -> None:
    answer = kim.web.get("/api/staff/me", headers={"origin": WEBSITE})
    assert "access-control-allow-credentials" not in answer.headers


# --- 4: neither kind of visitor is the other -----------------------------------------------------


def test_4_a_member_of_staff_has_no_customers_conversation(stack: Stack, kim: StaffBrowser) -> None:
    with_token: Customer = a_customer(a_browser(stack).web, stack, None)
    answer = kim.web.get(f"{with_token.path}/updates")
    assert (answer.status_code, code_of(answer)) == (401, "identity_refused")


# --- 36, 37: pages and errors --------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/sign-in", "/account", "/desk", "/invitations/none", "/account/second-factor"]
)
def test_37_pages_of_the_staff_run_no_script_and_are_kept_by_nobody(
    kim: StaffBrowser, path: str
) -> None:
    page = kim.get(path)

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-frame-options"] == "DENY"
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["referrer-policy"] == "same-origin"
    if path != "/desk":
        assert "<script" not in page.text
        assert " style=" not in page.text


def test_36_a_page_that_is_not_for_somebodys_roles_says_so(kim: StaffBrowser) -> None:
    page = kim.get("/studio")
    assert page.status_code == 403
    assert "This page is not for your roles" in page.text


def test_36_with_the_database_away_nobody_is_let_in(
    stack: Stack, kim: StaffBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stack.folder / "desk.db").rename(stack.folder / "away.db")
    stack.engine.dispose()
    (stack.folder / "desk.db").write_bytes(b"no database" * 99)

    answer = kim.web.get("/api/staff/me")

    assert answer.status_code in {500, 503}
    assert "sqlite" not in answer.text.lower()
    assert "SELECT" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example/desk",
        "/\\evil.example",
        "javascript:alert(1)",
        "/desk\r\nset-cookie: x=y",
        "/deskevil",
        "/sign-out",
        "",
    ],
)
def test_3_signing_in_leads_to_no_other_website(stack: Stack, path: str) -> None:
    kim = a_person(stack.reception, Role.AGENT)
    browser = a_browser(stack)
    browser.sign_in(kim.email, next=path)
    landed = browser.web.get(
        "/account/home", params={"next": path}, headers=HTML, follow_redirects=False
    )
    assert landed.headers["location"] == "/desk"


def test_3_signing_in_leads_where_one_wanted_to_go(stack: Stack) -> None:
    mona = a_person(stack.reception, Role.MANAGER)
    browser = a_browser(stack)
    asked = browser.get("/insights")
    assert asked.headers["location"] == "/sign-in?next=/insights"
    answer = browser.sign_in(mona.email, next="/insights")
    assert browser.get(answer.headers["location"]).headers["location"] == "/insights"


# --- 34: audit -----------------------------------------------------------------------------------


def test_34_signing_in_refusals_and_denials_are_on_the_audit(
    stack: Stack, kim: StaffBrowser
) -> None:
    from bot.storage.audit_repository import SqlAuditBook

    kim.get("/studio")
    kim.sign_in("agent@larder.example", "wrong wrong wrong")
    kim.sign_in("nobody@larder.example", "wrong wrong wrong")
    kim.send("/sign-out")

    links = list(SqlAuditBook(stack.engine).links())
    noted = [(link.kind, bool((link.payload or {})["person"])) for link in links]
    assert noted == [
        ("signed_in", True),
        ("denied", True),
        ("sign_in_refused", True),
        ("sign_in_refused", False),
        ("signed_out", True),
    ]
    assert "wrong" not in str(links)
    assert "@" not in str(links)
