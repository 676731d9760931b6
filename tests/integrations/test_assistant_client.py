"""Whatever the assistant's side does wrong, the client says that it is unavailable."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.errors import AssistantUnavailable
from bot.integrations.assistant_client import HttpAssistant
from bot.integrations.ids import RandomIds
from bot.retention.say import Button
from bot.use_cases.ports import Asked

ASKED = Asked(
    "c1", "c1:2", "Accept", "accept_offer", (("offer", "o1"),), "A-1001", "offer",
    ({"id": "duo", "title": "Duo", "words": ["two"]},),
)  # fmt: skip
GOOD = {
    "messages": [{"text": "Done.", "buttons": [], "custom": {}}],
    "understood": {"intent": "accept_offer", "confidence": 1.0},
}


class Scripted:
    """A server that says what the test wants; `heard` keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.delay = 200, json.dumps(GOOD).encode(), 0.0
        self.heard: list[tuple[str, str | None, Any]] = []
        self.over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def _handler(scripted) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                scripted.heard.append((self.path, self.headers["X-Desk-Secret"], body))
                scripted.over.wait(scripted.delay)
                self.send_response(scripted.status)
                self.send_header("content-length", str(len(scripted.body)))
                self.end_headers()
                self.wfile.write(scripted.body)

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.stop()


def client(scripted: Scripted, *, timeout: float = 5.0) -> HttpAssistant:
    return HttpAssistant(scripted.url + "/", secret="s", timeout_seconds=timeout)


def test_a_turn_is_asked_in_the_shape_of_the_contract(scripted: Scripted) -> None:
    client(scripted).answer(ASKED)
    assert scripted.heard == [
        (
            "/webhooks/desk/turn",
            "s",
            {
                "conversation": "c1",
                "message_id": "c1:2",
                "text": "Accept",
                "intent": "accept_offer",
                "entities": [{"entity": "offer", "value": "o1"}],
                "context": {
                    "awaiting": "offer",
                    "options": [{"id": "duo", "title": "Duo", "words": ["two"]}],
                    "account": "A-1001",
                },
            },
        )
    ]


def test_payloads_become_intents_and_entities(scripted: Scripted) -> None:
    buttons = [
        {"title": "Accept", "payload": '/accept_offer{"offer": "o1", "months": 3}'},
        {"title": "Cancel now", "payload": "/press_cancel"},
    ]
    offer = {"id": "o1"}
    message = {"text": "Deal?", "buttons": buttons, "custom": {"offer": offer, "receipt": "r1"}}
    scripted.body = json.dumps({**GOOD, "messages": [message]}).encode()
    [worded] = client(scripted).answer(ASKED).messages
    assert worded.buttons == (
        Button("Accept", "accept_offer", (("offer", "o1"), ("months", "3"))),
        Button("Cancel now", "press_cancel"),
    )
    assert (worded.offer, worded.receipt) == (offer, "r1")


def without(key: str) -> bytes:
    return json.dumps({name: value for name, value in GOOD.items() if name != key}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        without("messages"),
        without("understood"),
        json.dumps({**GOOD, "messages": []}).encode(),
        json.dumps({**GOOD, "messages": [{"buttons": []}]}).encode(),
        json.dumps({**GOOD, "messages": [{"text": "x", "buttons": [{"title": "y"}]}]}).encode(),
        json.dumps(
            {**GOOD, "messages": [{"text": "x", "buttons": [{"title": "y", "payload": "/a{b"}]}]}
        ).encode(),
    ],
)
def test_nonsense_is_no_answer(scripted: Scripted, body: bytes) -> None:
    scripted.body = body
    with pytest.raises(AssistantUnavailable):
        client(scripted).answer(ASKED)


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_any_other_status_is_no_answer(scripted: Scripted, status: int) -> None:
    scripted.status = status
    with pytest.raises(AssistantUnavailable, match=str(status)):
        client(scripted).answer(ASKED)


def test_an_answer_that_takes_too_long_is_given_up(scripted: Scripted) -> None:
    scripted.delay = 5
    with pytest.raises(AssistantUnavailable):
        client(scripted, timeout=0.2).answer(ASKED)


def test_an_assistant_that_is_gone_is_unavailable() -> None:
    gone = HttpAssistant("http://127.0.0.1:9", secret="s", timeout_seconds=1)
    assert not gone.is_ready()
    with pytest.raises(AssistantUnavailable):
        gone.answer(ASKED)


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (RandomIds().conversation, r"c[0-9a-f]{32}"),
        (RandomIds().owner, r"[0-9a-f]{16}"),
        (RandomIds().ticket, r"T-[2-9A-Z]{8}"),
        (lambda: RandomIds().code(6), r"\d{6}"),
    ],
)
def test_ids_are_well_formed_and_never_repeat(make: Callable[[], str], shape: str) -> None:
    made = [make() for _ in range(50)]
    assert all(re.fullmatch(shape, each) for each in made)
    assert len(set(made)) > 45


def test_salts_differ() -> None:
    assert RandomIds().salt() != RandomIds().salt()
