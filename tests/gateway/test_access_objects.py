"""Whose conversation it is: every route about one, as an agent who has no business there.

Security case 4, for the objects; who passes the door at all is in `test_access_table.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from bot.people.access_table import TABLE, Access, Rule
from bot.people.role import Role
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Customer, Stack, a_customer, code_of, in_process
from tests.gateway.staff_browser import ORIGIN, StaffBrowser, signed_in

ABOUT_ONE = [
    row
    for row in TABLE
    if row.path.startswith("/api/desk/") and "{conversation}" in row.path and row.method != "WS"
]
HELD = [row for row in ABOUT_ONE if row.rule is Rule.HELD]
UNKNOWN = "c" + "0" * 32
# What each route is sent, complete and valid, so that only the object can be the reason of a no.
BODIES: dict[str, dict[str, Any]] = {
    "claim": {},
    "transfer": {"to": {"queue": True}},
    "hand-back": {},
    "close": {"outcome": "solved"},
    "read": {"seq": 1},
    "messages": {"client_message_id": "", "text": "Hello, I am here."},
    "notes": {"client_message_id": "", "text": "A note."},
    "offers": {"client_message_id": "", "policy": "price_relief@1"},
}


@dataclass
class Room:
    """Ada holds Maya's conversation; Kim is an agent too; Jonas speaks with the assistant."""

    stack: Stack
    ada: StaffBrowser
    kim: StaffBrowser
    mayas: Customer
    jonas: Customer


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    assistant = FakeAssistant()
    stack = Stack(tmp_path_factory.mktemp("room"), assistant)
    with in_process(stack) as web:
        mayas, jonas = a_customer(web, stack), a_customer(web, stack, "A-1002")
        mayas.press("person")
        mayas.until_idle()
        ada, _ = signed_in(stack, Role.AGENT, email="ada@larder.example")
        kim, _ = signed_in(stack, Role.AGENT, email="kim@larder.example")
        claimed = call(ada, row_of("claim"), mayas.conversation)
        assert claimed.status_code == 200, claimed.text
        yield Room(stack, ada, kim, mayas, jonas)
    stack.dispose()
    assistant.stop()


def row_of(last: str) -> Access:
    return next(row for row in ABOUT_ONE if row.method == "POST" and row.path.endswith(f"/{last}"))


def call(browser: StaffBrowser, row: Access, conversation: str) -> Any:
    path = row.path.replace("{conversation}", conversation)
    if row.method == "GET":
        return browser.web.get(path)
    body = dict(BODIES[row.path.rpartition("/")[2]])
    if "client_message_id" in body:
        body["client_message_id"] = str(uuid4())
    headers = {"origin": ORIGIN, "x-csrf-token": browser.token()}
    return browser.web.request(row.method, path, json=body, headers=headers)


def name(row: Access) -> str:
    return f"{row.method} {row.path}"


def record(room: Room) -> tuple[Any, Any]:
    with room.stack.unit_of_work() as uow:
        found = uow.conversations.get(room.mayas.conversation)
        return found, uow.conversations.messages(room.mayas.conversation)


def test_4_there_are_routes_to_try_and_a_body_for_each() -> None:
    assert len(HELD) >= 5
    written = {row.path.rpartition("/")[2] for row in ABOUT_ONE if row.method != "GET"}
    assert written == set(BODIES)


@pytest.mark.parametrize("row", HELD, ids=name)
def test_4_who_does_not_hold_a_conversation_changes_nothing_in_it(room: Room, row: Access) -> None:
    before = record(room)

    refused = call(room.kim, row, room.mayas.conversation)

    assert (refused.status_code, code_of(refused)) == (409, "not_holder")
    assert record(room) == before


def test_4_what_somebody_holds_is_not_taken_from_them(room: Room) -> None:
    before = record(room)
    refused = call(room.kim, row_of("claim"), room.mayas.conversation)
    assert (refused.status_code, code_of(refused)) == (409, "already_taken")
    assert record(room) == before


@pytest.mark.parametrize("who", ["ada", "kim"])
@pytest.mark.parametrize("row", ABOUT_ONE, ids=name)
def test_4_a_conversation_that_was_never_handed_over_is_as_if_it_were_not_there(
    room: Room, row: Access, who: str
) -> None:
    browser: StaffBrowser = getattr(room, who)

    with_the_assistant = call(browser, row, room.jonas.conversation)
    made_up = call(browser, row, UNKNOWN)

    assert with_the_assistant.status_code == made_up.status_code == 404
    assert with_the_assistant.json() == made_up.json()
    assert code_of(made_up) == "conversation_not_found"
    assert room.jonas.updates().json()["holder"] == "assistant"


def test_6_the_customer_sees_neither_notes_nor_who_somebody_is(room: Room) -> None:
    noted = call(room.ada, row_of("notes"), room.mayas.conversation)
    assert noted.status_code == 200, noted.text

    shown = str(room.mayas.updates().json())

    assert "A note." not in shown
    assert "larder.example" not in shown
    for row in room.stack.reception.views.everybody():
        assert row.person.id not in shown
