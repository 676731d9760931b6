"""Tickets by webhook: signed, each under one name, and replies only from whoever has the secret."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.conversations.message import Sender
from bot.errors import IdentityRefused, InvalidInput, NotFound, SetupError
from bot.integrations.ticket_webhook import PLACE, TicketWebhook, read_reply
from bot.integrations.webhook_signatures import HEADER, TOLERANCE, check, sign
from bot.use_cases.take_ticket_reply import take_ticket_reply
from tests.factories import NOW
from tests.faulty_line import HAPPENS, Fault, faulty_line
from tests.tickets.desk import TicketDesk

SECRET = "a secret of at least thirty-two characters"


@dataclass
class Receiver:
    """A system of the company's: takes what is signed, and everything once, as the page says."""

    url: str = ""
    answers: int = 200
    taken: dict[str, Any] = field(default_factory=dict)
    calls: int = 0
    desk: TicketDesk | None = None


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    known = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.calls += 1
            status = known.answers
            try:
                check(self.headers[HEADER], body, SECRET, now=known.desk.line.clock.now())
                told = json.loads(body)
                assert self.headers["Idempotency-Key"] == told["id"]
                if status == 200:
                    known.taken.setdefault(told["id"], told)
            except IdentityRefused:
                status = 401
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    with serving(Handler) as url:
        known.url = url
        yield known


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def place(receiver: Receiver, desk: TicketDesk) -> dict[str, TicketWebhook]:
    receiver.desk = desk
    return {PLACE: TicketWebhook(receiver.url, SECRET, desk.line.clock)}


def test_a_ticket_is_posted_signed_with_all_that_is_needed(desk, place, receiver):
    desk.leave("T-1", PLACE, words="Grüße 🍅")
    assert desk.deliver(place) == 1
    [told] = receiver.taken.values()
    assert told.keys() == {
        "event", "id", "ticket", "at", "account", "contact", "identified_by", "reason",
        "call_back", "text",
    }  # fmt: skip
    assert (told["event"], told["id"], told["ticket"]) == ("ticket.opened", "T-1@webhook", "T-1")
    assert "Grüße 🍅" in told["text"]


def test_what_is_added_follows_under_a_name_of_its_own(desk, place, receiver):
    here = desk.leave("T-1", PLACE)
    desk.line.say(here, "my card is 4242 4242 4242 4242")
    desk.deliver(place)
    opened, added = receiver.taken.values()
    assert (added["event"], added["ticket"]) == ("ticket.added", "T-1")
    assert added["id"] != opened["id"]
    assert "4242" not in added["text"]


@pytest.mark.parametrize("fault", list(Fault), ids=lambda fault: fault.name)
def test_a_repeat_bears_the_same_name_whatever_happens_to_the_line(desk, receiver, fault):
    receiver.desk = desk
    desk.leave("T-1", PLACE)
    with faulty_line(receiver.url) as line:
        patience = 0.3 if fault in (Fault.SLOW, Fault.LOST_SLOWLY) else 10
        webhook = TicketWebhook(line.url, SECRET, desk.line.clock, timeout_seconds=patience)
        over_line = {PLACE: webhook}
        line.spoil(fault, at=0)
        first = desk.deliver(over_line)
        line.mend()
        mended = {PLACE: TicketWebhook(line.url, SECRET, desk.line.clock)}
        assert first + desk.deliver_later(mended) == 1
    assert list(receiver.taken) == ["T-1@webhook"]
    assert receiver.calls == (2 if fault in HAPPENS and not first else 1)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 500, 503])
def test_26_anything_but_a_yes_is_tried_again_and_no_redirect_is_followed(
    desk, place, receiver, status
):
    desk.leave("T-1", PLACE)
    receiver.answers = status
    assert desk.deliver(place) == 0
    receiver.answers = 200
    assert desk.deliver_later(place) == 1


def test_27_a_signature_holds_for_one_body_one_secret_and_five_minutes():
    body = b'{"id": "1"}'
    header = sign(body, SECRET, now=NOW)
    check(header, body, SECRET, now=NOW + TOLERANCE)
    check(header, body, SECRET, now=NOW - TOLERANCE)
    refused = [
        (header, b'{"id": "2"}', SECRET, NOW),
        (header, body, SECRET + "!", NOW),
        (header, body, SECRET, NOW + TOLERANCE + timedelta(seconds=1)),
        (header, body, SECRET, NOW - TOLERANCE - timedelta(seconds=1)),
        (header.replace("t=", "t=1"), body, SECRET, NOW),
        ("", body, SECRET, NOW),
        ("v1=abc", body, SECRET, NOW),
        (f"t={int(NOW.timestamp())}", body, SECRET, NOW),
        (f"t={int(NOW.timestamp())},v1=é", body, SECRET, NOW),
    ]
    for given, text, secret, now in refused:
        with pytest.raises(IdentityRefused):
            check(given, text, secret, now=now)


def test_a_short_secret_or_a_file_address_is_refused_at_the_start(desk):
    with pytest.raises(SetupError):
        TicketWebhook("https://tickets.example", "short", desk.line.clock)
    with pytest.raises(SetupError):
        TicketWebhook("file:///etc/passwd", SECRET, desk.line.clock)


def reply(desk: TicketDesk, **told: Any) -> bool:
    body = json.dumps({"id": "r-1", "ticket": "T-1", "name": "Kim", **told}).encode()
    now = desk.line.clock.now()
    read = read_reply(body, sign(body, SECRET, now=now), SECRET, desk.line.clock)
    return take_ticket_reply(read, outside=PLACE, switchboard=desk.line.switchboard)


def test_a_signed_reply_stands_in_the_conversation_once(desk):
    here = desk.leave("T-1", PLACE)
    assert reply(desk, text="Hello Maya") is True
    assert reply(desk, text="Hello Maya") is False
    said = [(m.sender_name, m.text) for m in desk.messages(here) if m.sender is Sender.AGENT]
    assert said == [("Kim", "Hello Maya")]


def test_a_reply_can_close_the_ticket(desk):
    here = desk.leave("T-1", PLACE)
    assert reply(desk, closed=True) is True
    assert desk.line.rows("SELECT status FROM tickets") == [("closed",)]
    assert desk.line.read(here).holder.value == "assistant"


def test_control_signs_and_length_of_a_reply_are_bounded(desk):
    here = desk.leave("T-1", PLACE)
    reply(desk, text="Hello\x00\u202e" + "x" * 5000, name="Kim\r\nEvil \u202e" + "y" * 100)
    message = desk.messages(here)[-1]
    assert len(message.text) <= 2000
    assert "\u202e" not in message.text + message.sender_name
    assert "\n" not in message.sender_name
    assert len(message.sender_name) <= 60


def test_a_reply_that_presses_is_shown_and_on_record(desk):
    here = desk.leave("T-1", PLACE)
    desk.line.guard.forbidden["Only today!"] = "pressure"
    assert reply(desk, text="Only today!") is True
    assert desk.messages(here)[-1].text == "Only today!"
    assert [r[0] for r in desk.line.rows("SELECT kind FROM records")] == ["outside_reply"]


def test_nothing_is_told_of_tickets_that_do_not_exist(desk):
    with pytest.raises(NotFound):
        reply(desk, text="Hello")


@pytest.mark.parametrize(
    "told", [{"id": ""}, {"ticket": None}, {"name": 3}, {"id": "x" * 129}], ids=str
)
def test_what_is_signed_and_no_reply_is_refused(desk, told):
    with pytest.raises(InvalidInput):
        reply(desk, **told)
