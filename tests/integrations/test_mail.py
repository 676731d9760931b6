"""Mail reaches a real SMTP server, or the console, and no header can be forged."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from bot.errors import InvalidInput, Unavailable
from bot.integrations.mail import ConsoleMail, SmtpMail, compose
from bot.use_cases.ports import Mail
from tests.fakes import FakeMail


class Received(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def received() -> Received:
    return Received()


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def server(received: Received) -> Iterator[Controller]:
    controller = Controller(received, hostname="127.0.0.1", port=a_free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def smtp(server: Controller) -> SmtpMail:
    return SmtpMail("127.0.0.1", server.port, "help@larder.example")


def test_a_mail_arrives_whole(smtp: SmtpMail, received: Received) -> None:
    smtp.send(to="maya@example.org", subject="Your code – 5 €", text="Grüße, 123456\n")
    [mail] = received.mails
    assert (mail["To"], mail["From"]) == ("maya@example.org", "help@larder.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@larder.example>")
    assert "123456" in mail.get_payload(decode=True).decode()


@pytest.mark.parametrize(
    "forged",
    [
        {"to": "maya@example.org\nBcc: all@example.org", "subject": "Code"},
        {"to": "maya@example.org", "subject": "Code\r\nBcc: all@example.org"},
    ],
)
def test_28_a_line_break_in_a_header_is_refused(
    smtp: SmtpMail, received: Received, forged: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        smtp.send(text="x", **forged)
    assert received.mails == []


def test_a_server_without_starttls_gets_nothing_when_it_is_required(
    server: Controller, received: Received
) -> None:
    safe = SmtpMail("127.0.0.1", server.port, "help@larder.example", starttls=True)
    with pytest.raises(Unavailable):
        safe.send(to="maya@example.org", subject="Code", text="x")
    assert received.mails == []


def test_the_console_shows_the_mail() -> None:
    stream = io.StringIO()
    ConsoleMail("help@larder.example", stream).send(
        to="maya@example.org", subject="Code", text="123456\n"
    )
    assert "to maya@example.org: Code\n123456\n" in stream.getvalue()


def a_real_server_that_is_down() -> Mail:
    return SmtpMail("127.0.0.1", 9, "help@larder.example")


def a_fake_server_that_is_down() -> Mail:
    return FakeMail(is_down=True)


@pytest.mark.parametrize("down", [a_real_server_that_is_down, a_fake_server_that_is_down])
def test_a_server_that_is_down_is_unavailable(down: Callable[[], Mail]) -> None:
    """The contract that `send_outbox` relies on, for the real one and its stand-in."""
    with pytest.raises(Unavailable):
        down().send(to="maya@example.org", subject="Code", text="x")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\n\t", "\x0b", "\x0c", "\x85", "\u2028"])
@pytest.mark.parametrize("where", ["to", "subject", "contact"])
def test_28_whatever_ends_a_line_makes_no_header_of_a_mail(end: str, where: str) -> None:
    given = {"to": "kim@larder.example", "subject": "Hello", "contact": "maya@home.example"}
    given[where] += f"{end}Bcc: all@evil.example"
    try:
        mail = compose(
            sender="help@larder.example",
            to=given["to"],
            subject=given["subject"],
            text="Text",
            headers={"Reply-To": given["contact"]},
        )
        sent = BytesParser(policy=default).parsebytes(mail.as_bytes())
    except InvalidInput:
        return
    assert "Bcc" not in sent
    assert sent["To"].addresses[0].domain == "larder.example"
