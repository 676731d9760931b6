"""Replies to tickets by webhook, and the one click that switches check-ins off, at the door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import bootstrap_tickets
from bot.conversations.message import Sender
from bot.gateway.app import create_app
from bot.integrations.off_links import SignedOffLinks
from bot.integrations.webhook_signatures import sign
from bot.settings import from_environment
from bot.use_cases.open_conversation import open_conversation
from bot.use_cases.switch_check_ins import switch_check_ins_off
from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Stack

SECRET = "a secret of at least thirty-two characters"
LINKS = SignedOffLinks("a key for tests", "https://larder.example")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    assistant = FakeAssistant()
    made = Stack(tmp_path, assistant)
    yield made
    made.dispose()
    assistant.stop()


@pytest.fixture
def web(stack: Stack) -> Iterator[TestClient]:
    settings = from_environment(
        {
            "DESK_TICKET_WEBHOOK_URL": "https://tickets.example/in",
            "DESK_TICKET_WEBHOOK_SECRET": SECRET,
        }
    )

    def off(token: str) -> None:
        switch_check_ins_off(token, links=LINKS, unit_of_work=stack.unit_of_work, clock=stack.clock)

    parts = replace(
        stack.parts,
        take_ticket_reply=bootstrap_tickets.take_reply(settings, stack.switchboard),
        switch_check_ins_off=off,
    )
    with TestClient(create_app(parts), base_url="http://testserver") as client:
        yield client


def a_ticket(stack: Stack) -> str:
    """Leave a ticket; return its conversation."""
    here = open_conversation(account="A-1001", switchboard=stack.switchboard).conversation
    with stack.unit_of_work() as uow:
        uow.tickets.leave(
            here,
            ticket="T-1",
            reason="requested",
            contact="maya@home.example",
            summary={},
            cause="m",
            now=stack.clock.now(),
        )
        uow.commit()
    return here


def post(web: TestClient, stack: Stack, told: dict, *, secret: str = SECRET):
    body = json.dumps(told).encode()
    header = sign(body, secret, now=stack.clock.now())
    return web.post("/hooks/tickets", content=body, headers={"desk-signature": header})


REPLY = {"id": "r-1", "ticket": "T-1", "name": "Kim", "text": "Hello Maya"}


def test_27_a_signed_reply_is_taken_once_and_seen_by_the_customer(stack, web):
    here = a_ticket(stack)
    assert post(web, stack, REPLY).json() == {"taken": True}
    assert post(web, stack, REPLY).json() == {"taken": False}
    seen = stack.switchboard.views.updates(here, after=0).messages
    said = [(m.sender_name, m.text) for m in seen if m.sender is Sender.AGENT]
    assert said == [("Kim", "Hello Maya")]


def test_27_what_is_not_signed_by_us_is_refused_and_changes_nothing(stack, web):
    here = a_ticket(stack)
    before = stack.switchboard.views.updates(here, after=0).last_seq
    assert post(web, stack, REPLY, secret="x" * 40).status_code == 401
    assert web.post("/hooks/tickets", json=REPLY).status_code == 401
    assert post(web, stack, {**REPLY, "ticket": "T-2"}).status_code == 404
    assert post(web, stack, {"id": "r-1"}).status_code == 422
    assert stack.switchboard.views.updates(here, after=0).last_seq == before


def test_without_a_webhook_nothing_is_at_this_address(stack):
    with TestClient(stack.app) as web:
        assert web.post("/hooks/tickets", json=REPLY).status_code == 404


def is_on(stack: Stack) -> bool:
    with stack.unit_of_work() as uow:
        return uow.check_ins.contacts("A-1001").is_on


def test_the_mail_programs_one_click_switches_check_ins_off(stack, web):
    path = LINKS.link("A-1001").removeprefix("https://larder.example")
    done = web.post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert not is_on(stack)


def test_following_the_link_changes_nothing_and_the_page_has_one_button(stack, web):
    path = LINKS.link("A-1001").removeprefix("https://larder.example")
    page = web.get(path)
    assert page.status_code == 200
    assert page.text.count("<button") == 1
    # With none at all, browsers send the form from no origin, and the door refuses that.
    assert page.headers["referrer-policy"] == "same-origin"
    assert web.post(path, headers={"origin": "null"}).status_code == 403
    assert is_on(stack)


def test_a_link_that_we_did_not_make_switches_nothing_off(stack, web):
    path = LINKS.link("A-1001").removeprefix("https://larder.example")
    assert web.post(path[:-1] + "!").status_code == 404
    assert is_on(stack)
