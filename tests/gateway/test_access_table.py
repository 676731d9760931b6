"""Every route of the application, as every role and as nobody, against the one written table.

Security case 4, for what is decided at the door; whose object it is, the routes' own tests hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.gateway import app
from bot.people.access_table import TABLE, Access, Open
from bot.people.permissions import ROLES, Permission, permissions_of
from bot.people.role import Role
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import ORIGIN as WEBSITE
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import ORIGIN, StaffBrowser, a_browser, signed_in

BY_STAFF = [row for row in TABLE if isinstance(row.who, Permission)]
OF_STAFF = [
    row for row in TABLE if row in BY_STAFF or row.path.startswith(("/sign-in", "/invitations"))
]
ENDS_THE_SESSION = "/sign-out"


def declared(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, WebSocketRoute):
            yield "WS", route.path
        elif isinstance(route, Mount):
            yield "GET", route.path
        else:
            assert isinstance(route, Route)
            yield from (
                (method, route.path) for method in sorted(route.methods or ()) if method != "HEAD"
            )


def name(row: Access) -> str:
    return f"{row.method} {row.path}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """One gateway, and a signed-in browser for each role and for nobody."""
    assistant = FakeAssistant()
    stack = Stack(tmp_path_factory.mktemp("desk"), assistant)
    browsers: dict[str, StaffBrowser] = {role.value: signed_in(stack, role)[0] for role in Role}
    yield stack, {**browsers, "nobody": a_browser(stack)}
    stack.dispose()
    assistant.stop()


def test_4_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = list(declared([*app.ROUTES, *app.DEVELOPMENT_ROUTES]))
    rows = [(row.method, row.path) for row in TABLE]

    assert sorted(set(routes)) == sorted(routes), "a route is declared twice"
    assert sorted(rows) == sorted(routes)


def test_4_a_route_without_a_row_would_be_seen() -> None:
    extra = [*app.ROUTES, Route("/forgotten", app._own_error)]
    assert ("GET", "/forgotten") in set(declared(extra)) - {(r.method, r.path) for r in TABLE}


def test_4_what_exists_in_development_only_is_written_so() -> None:
    rows = {(row.method, row.path) for row in TABLE if row.who is Open.DEVELOPMENT}
    assert rows == set(declared(app.DEVELOPMENT_ROUTES))


@pytest.mark.parametrize("who", [*(role.value for role in Role), "nobody"])
@pytest.mark.parametrize("row", BY_STAFF, ids=name)
def test_4_a_route_of_the_staff_lets_in_whom_the_table_says(
    desk: tuple[Stack, dict[str, StaffBrowser]], row: Access, who: str
) -> None:
    stack, browsers = desk
    browser = browsers[who]
    expected = who != "nobody" and row.allows(Role(who))
    if row.path == ENDS_THE_SESSION and expected:
        # Signing out is done by somebody who is not needed afterwards.
        browser, _ = signed_in(stack, Role(who), email=f"leaving-{who}@larder.example")

    assert lets_in(browser, row) == expected


@pytest.mark.parametrize("limit", ["STAFF_REQUESTS", "STAFF_ADDRESS_REQUESTS"])
def test_every_route_of_the_staff_is_limited_by_session_and_by_address(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Enough for two to sign in.
    monkeypatch.setattr(f"bot.gateway.parts.{limit}_PER_MINUTE", 10)
    by_session = limit == "STAFF_REQUESTS"
    assistant = FakeAssistant()
    stack = Stack(tmp_path, assistant)
    manager, other = (signed_in(stack, role)[0] for role in (Role.MANAGER, Role.TRAINER))
    while manager.is_in():
        pass
    for row in OF_STAFF:
        path, method = filled_in(row.path), row.method
        if method == "WS":
            assert not _opens(manager.web, path, {})
            continue
        sent = {} if method == "GET" else {"data": {"csrf_token": "x"}}
        answer = manager.web.request(method, path, headers={"origin": ORIGIN}, **sent)
        assert answer.status_code == 429, row
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["error"]["code"] == "too_many_requests"
    page = manager.get("/account")
    assert (page.status_code, "<h1" in page.text) == (429, True)
    assert int(page.headers["retry-after"]) >= 1
    assert other.is_in() == by_session
    stack.dispose()
    assistant.stop()


@pytest.mark.parametrize("row", BY_STAFF, ids=name)
def test_4_a_customers_token_opens_no_route_of_the_staff(
    desk: tuple[Stack, dict[str, StaffBrowser]], row: Access
) -> None:
    stack, browsers = desk
    token = stack.sessions.issue("c1", "A-1001", now=stack.clock.now())
    assert not lets_in(browsers["nobody"], row, authorization=f"Bearer {token}")


@pytest.mark.parametrize(
    "row", [row for row in BY_STAFF if row.method not in {"GET", "WS"}], ids=name
)
def test_20_every_writing_route_of_the_staff_asks_for_our_origin_and_the_token(
    desk: tuple[Stack, dict[str, StaffBrowser]], row: Access
) -> None:
    _, browsers = desk
    role = next(role for role in Role if row.allows(role))
    browser = browsers[role.value]
    token = browser.web.get("/api/staff/me").json()["csrf_token"]
    evil = {"origin": "https://evil.example"}
    forged = [({"origin": ORIGIN}, ""), ({"origin": ORIGIN}, "x"), (evil, token)]

    for headers, sent in forged:
        if row.path.startswith("/api/"):
            more: dict[str, Any] = {"json": {}, "headers": {**headers, "x-csrf-token": sent}}
        else:
            more = {"data": {"csrf_token": sent}, "headers": headers}
        answer = browser.web.request(row.method, filled_in(row.path), **more)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] in {"request_forged", "origin_refused"}
    assert browser.is_in()


@pytest.mark.parametrize("row", [row for row in BY_STAFF if row.method == "WS"], ids=name)
def test_8_no_live_connection_of_the_staff_opens_from_another_origin(
    desk: tuple[Stack, dict[str, StaffBrowser]], row: Access
) -> None:
    _, browsers = desk
    role = next(role for role in Role if row.allows(role))
    for origin in ("https://evil.example", "null", WEBSITE):
        assert not _opens(browsers[role.value].web, filled_in(row.path), {"origin": origin})


def test_4_several_roles_allow_what_each_of_them_allows() -> None:
    for one, other in combinations(Role, 2):
        both = permissions_of({one, other})
        assert both == permissions_of({one}) | permissions_of({other})


def test_every_permission_has_a_role_and_is_written_down() -> None:
    assert set(ROLES) == set(Permission)
    assert all(ROLES[permission] for permission in Permission)


def lets_in(browser: StaffBrowser, row: Access, **headers: str) -> bool:
    """Whether the door lets the request pass; what happens behind it is another matter."""
    path = filled_in(row.path)
    if row.method == "WS":
        return _opens(browser.web, path, headers)
    headers = {"origin": ORIGIN, **headers}
    token = browser.web.get("/api/staff/me").json().get("csrf_token", "")
    sent: dict[str, Any] = {}
    if row.method != "GET":
        is_form = not row.path.startswith("/api/")
        sent = {"data": {"csrf_token": token}} if is_form else {"json": {}}
        headers["x-csrf-token"] = token
    answer = browser.web.request(row.method, path, headers=headers, follow_redirects=False, **sent)
    code = answer.json().get("error", {}).get("code") if _is_json(answer) else None
    assert code != "request_forged"
    return code not in {"sign_in_needed", "not_allowed"}


def filled_in(path: str) -> str:
    for piece in ("conversation", "invitation", "receipt"):
        path = path.replace(f"{{{piece}}}", "x" * 33)
    return path.replace("{", "").replace("}", "")


def _is_json(answer: Any) -> bool:
    return str(answer.headers.get("content-type", "")).startswith("application/json")


def _opens(web: TestClient, path: str, headers: dict[str, str]) -> bool:
    # Whole, or the client would call a host its cookies are not for.
    path = ORIGIN.replace("http", "ws") + path
    try:
        with web.websocket_connect(path, headers={"origin": ORIGIN, **headers}):
            return True
    except WebSocketDisconnect:
        return False
