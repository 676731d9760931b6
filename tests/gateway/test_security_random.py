"""Random requests to every route, as everybody: none brings out a fault of ours.

Security case 42. The routes are those of the written access table, so that a new one is tried too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot.gateway import live
from bot.gateway.desk.schemas import uuid_of
from bot.people.access_table import TABLE, Access
from bot.people.role import Role
from bot.settings import ROOT
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Customer, Stack, a_customer, in_process
from tests.gateway.staff_browser import ORIGIN, signed_in

ROUTES = [row for row in TABLE if row.method != "WS"]
# What a socket may be told besides a clean end; 1011 would be a fault of ours.
REFUSALS = {live.NO_BINARY, live.TOO_LARGE, live.MALFORMED, live.TOKEN_REFUSED, live.NOT_FOUND}
KEYS = st.sampled_from(
    [
        "text", "client_message_id", "button_id", "identity", "resume", "seq", "to", "agent",
        "team", "queue", "outcome", "survey", "policy", "about", "reason", "customer_asked", "note",
        "status", "viewing", "replying", "account", "follow", "token", "after",
    ]
)  # fmt: skip
WORDS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "\x00", "\ud800", "null", "-1", "1e999", "../..", "a" * 3000, "💥"]),
    st.uuids().map(str),
    st.sampled_from(["solved", "requested", "here", "price_relief@1", "too_expensive", "A-1001"]),
)
NUMBERS = st.one_of(
    st.integers(-3, 9), st.sampled_from([2**31, 2**63, 10**30, -(2**63)]), st.floats()
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, WORDS), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(KEYS, VALUES, max_size=5)
NEAR = st.fixed_dictionaries(
    {"client_message_id": st.one_of(st.uuids().map(str), WORDS)},
    optional={"text": WORDS, "button_id": WORDS, "policy": WORDS, "reason": WORDS, "about": WORDS},
)
RAW = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"[" * 5000, b'{"a":' * 3000, b'"\\ud800"', b"NaN", b"{}", b"\xff\xfe{}"]),
)
SENT = st.one_of(st.one_of(BODIES, NEAR, VALUES).map(lambda body: json.dumps(body).encode()), RAW)
QUICK = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@dataclass
class World:
    """A desk with an agent who holds Maya's conversation."""

    web: TestClient
    maya: Customer
    staff: TestClient
    token: str
    stack: Stack


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    assistant = FakeAssistant()
    stack = Stack(tmp_path_factory.mktemp("random"), assistant)
    kept = _files_of_the_company()
    stack.set(messages_per_minute=100_000, conversations_per_minute=100_000)
    with in_process(stack) as web:
        maya = a_customer(web, stack)
        maya.press("person")
        maya.until_idle()
        kim, _ = signed_in(stack, *Role)
        token = kim.token()
        headers = {"origin": ORIGIN, "x-csrf-token": token}
        path = f"/api/desk/conversations/{maya.conversation}/claim"
        assert kim.web.post(path, json={}, headers=headers).status_code == 200
        yield World(web, maya, kim.web, token, stack)
    stack.dispose()
    assistant.stop()
    assert _files_of_the_company() == kept, "a route of this stack writes into the real data"


def _files_of_the_company() -> dict[str, int]:
    found = (ROOT / "data").rglob("*")
    return {str(path): path.stat().st_mtime_ns for path in found if path.is_file()}


def name(row: Access) -> str:
    return f"{row.method} {row.path}"


def address(row: Access, world: World, given: str | None) -> str:
    """Fill in the path: what exists, or what was made up."""
    known = {"conversation": world.maya.conversation}

    def fill(found: re.Match[str]) -> str:
        return known.get(found[1], "x-1") if given is None else quote(given, safe="")

    return re.sub(r"{(\w+)}", fill, row.path)


@pytest.mark.parametrize("row", ROUTES, ids=name)
def test_42_no_request_brings_out_a_fault_of_ours(world: World, row: Access) -> None:
    if row.path == "/sign-out" or row.path.startswith("/account/sessions"):
        senders = [world.web]  # the one member of staff is needed for the other routes
    else:
        senders = [world.web, world.staff]

    @QUICK
    @given(
        sender=st.sampled_from(senders),
        made_up=st.one_of(
            st.none(), st.text(min_size=1, max_size=20).filter(lambda text: _is_sendable(text))
        ),
        query=st.dictionaries(
            st.sampled_from(["after", "wait", "idle", "q", "before", "next", "reason", "about"]),
            WORDS.filter(_is_sendable),
            max_size=3,
        ),
        body=SENT,
        kind=st.sampled_from(
            ["application/json", "application/json", "application/x-www-form-urlencoded",
             "multipart/form-data; boundary=x", "text/plain", ""]
        ),
    )  # fmt: skip
    def ask(
        sender: TestClient, made_up: str | None, query: dict[str, str], body: bytes, kind: str
    ) -> None:
        query.pop("wait", None) if query.get("wait", "").isdigit() else None
        headers = {"content-type": kind, "origin": ORIGIN, "x-csrf-token": world.token}
        if sender is world.web:
            headers |= world.maya.headers
        content = body if row.method != "GET" else None
        answer = sender.request(
            row.method,
            address(row, world, made_up),
            params=query,
            content=content,
            headers=headers,
            follow_redirects=False,
        )
        assert answer.status_code < 500, (answer.status_code, answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"
        if answer.status_code >= 400 and "json" in answer.headers.get("content-type", ""):
            assert answer.json()["error"].keys() >= {"code", "message"}

    ask()
    assert world.staff.get("/api/staff/me").status_code == 200, "nobody was asked as staff"


def _is_sendable(text: str) -> bool:
    """What a URL can hold: half a surrogate pair cannot even be written down."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_42_no_first_frame_brings_out_a_fault_of_ours(world: World) -> None:
    path = f"/api/conversations/{world.maya.conversation}/live"
    frames = st.one_of(
        VALUES.map(json.dumps),
        BODIES.map(json.dumps),
        st.text(max_size=50).filter(_is_sendable),
        st.binary(max_size=20),
    )

    @settings(QUICK, max_examples=40)
    @given(frame=frames)
    def send(frame: str | bytes) -> None:
        with world.web.websocket_connect(path, headers={"origin": ORIGIN}) as socket:
            (socket.send_text if isinstance(frame, str) else socket.send_bytes)(frame)
            with pytest.raises(WebSocketDisconnect) as ended:
                socket.receive_text()
            assert ended.value.code in REFUSALS

    send()


def shown_until_the_end(socket: Any) -> tuple[list[Any], int]:
    """Have the gateway end the feed, and return what it sent before and its close code."""
    socket.send_text("this is no JSON")
    shown = []
    try:
        while True:
            shown.append(socket.receive_json())
    except WebSocketDisconnect as ended:
        return shown, ended.code


def test_42_no_later_frames_break_a_feed_or_what_it_shows(world: World) -> None:
    """A feed takes JSON objects and ignores them; whatever is sent, nothing is stored."""
    path = f"/api/conversations/{world.maya.conversation}/live"
    before = world.maya.updates().json()

    @settings(QUICK, max_examples=25)
    @given(frames=st.lists(st.one_of(BODIES.map(json.dumps), VALUES.map(json.dumps)), max_size=5))
    def send(frames: list[str]) -> None:
        with world.web.websocket_connect(path, headers={"origin": ORIGIN}) as socket:
            socket.send_json({"token": world.maya.token, "after": 0})
            first = socket.receive_json()
            for frame in frames:
                socket.send_text(frame)
            later, code = shown_until_the_end(socket)
        assert code == live.MALFORMED
        told = [one["message"] for one in [first, *later] if one["type"] == "message"]
        assert told == before["messages"][: len(told)]

    send()
    assert world.maya.updates().json() == before


def test_42_no_frame_of_the_staff_brings_out_a_fault_of_ours(world: World) -> None:
    # The whole address, or the client would send no cookie along.
    address = f"ws{ORIGIN.removeprefix('http')}/api/desk/live"

    @settings(QUICK, max_examples=25)
    @given(frame=st.one_of(VALUES.map(json.dumps), BODIES.map(json.dumps), st.just("{}")))
    def send(frame: str) -> None:
        with world.staff.websocket_connect(address, headers={"origin": ORIGIN}) as socket:
            socket.send_text(frame)
            _, code = shown_until_the_end(socket)
        assert code == live.MALFORMED

    with world.staff.websocket_connect(address, headers={"origin": ORIGIN}) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["type"] == "state"
        shown_until_the_end(socket)
    send()


@given(st.text(max_size=40))
def test_42_an_id_that_is_no_uuid_is_not_taken_for_one(text: str) -> None:
    try:
        told = uuid_of(text)
    except ValueError:
        return
    assert str(UUID(told)) == told
