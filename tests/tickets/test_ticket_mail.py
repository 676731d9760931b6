"""Tickets by mail reach a real mail server, and a mail system can tell a repeat."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from bot.integrations.clock import SystemClock
from bot.integrations.mail import SmtpMail
from bot.integrations.ticket_mail import PLACE, TicketMail
from bot.use_cases.deliver_tickets import CLAIM
from tests.stripe.served import free_port
from tests.tickets.desk import TicketDesk

ROOT = Path(__file__).resolve().parents[2]


class Mailbox(MessageHandler):
    """Keeps what arrives; `loses_answers` takes a mail and hangs up before saying so."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []
        self.loses_answers = 0

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> Any:
        answer = await super().handle_DATA(server, session, envelope)
        if self.loses_answers:
            self.loses_answers -= 1
            server.transport.close()
        return answer

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(mailbox: Mailbox) -> Iterator[int]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def place(port: int) -> dict[str, TicketMail]:
    mail = SmtpMail("127.0.0.1", port, "help@larder.example")
    return {PLACE: TicketMail(mail, "tickets@larder.example")}


def test_a_ticket_comes_as_one_mail_that_is_answered_to_the_customer(desk, place, mailbox):
    desk.leave("T-1", PLACE, words="Grüße, the soup 🍅 was cold")
    assert (desk.deliver(place), desk.deliver_later(place)) == (1, 0)
    [mail] = mailbox.mails
    assert (mail["To"], mail["Reply-To"]) == ("tickets@larder.example", "maya@home.example")
    assert mail["Subject"] == "[T-1] requested: A-1001"
    assert mail["Message-ID"] == "<T-1@larder.example>"
    assert "Grüße, the soup 🍅 was cold" in mail.get_payload(decode=True).decode()


def test_what_is_added_stands_in_the_same_thread(desk: TicketDesk, place, mailbox):
    here = desk.leave("T-1", PLACE)
    desk.line.say(here, "first")
    desk.line.say(here, "second")
    assert desk.deliver(place) == 3
    assert len(set(mailbox.ids)) == 3
    for mail in mailbox.mails[1:]:
        assert mail["In-Reply-To"] == mail["References"] == "<T-1@larder.example>"
        assert mail["Subject"] == "Re: [T-1] requested: A-1001"


def test_a_mail_whose_taking_was_not_confirmed_comes_again_under_its_name(desk, place, mailbox):
    desk.leave("T-1", PLACE)
    mailbox.loses_answers = 1
    assert desk.deliver(place) == 0
    assert desk.deliver_later(place) == 1
    assert set(mailbox.ids) == {"<T-1@larder.example>"}


def test_a_mail_server_that_is_down_gets_it_once_it_is_up(desk: TicketDesk):
    desk.leave("T-1", PLACE)
    nowhere = SmtpMail("127.0.0.1", free_port(), "help@larder.example")
    assert desk.deliver({PLACE: TicketMail(nowhere, "tickets@larder.example")}) == 0
    assert desk.waiting() == 1


def test_a_place_that_is_no_longer_set_keeps_what_it_is_owed(desk: TicketDesk, place):
    desk.leave("T-1", PLACE)
    assert desk.deliver({}) == 0
    assert desk.deliver_later(place) == 1


@pytest.mark.slow
def test_a_sender_killed_by_force_loses_nothing(
    desk: TicketDesk, database_url: str, port: int, place, mailbox
):
    desk.leave("T-1", PLACE)
    sender = subprocess.Popen(
        [sys.executable, "-m", "tests.tickets.killed_sender", database_url, str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert sender.stdout is not None
        said = iter(sender.stdout.readline, "")
        assert any(line.strip() == "sent" for line in said), "nothing was ever sent"
    finally:
        sender.kill()
        sender.communicate()
    assert desk.waiting() == 1
    [(tries,)] = desk.line.rows("SELECT tries FROM ticket_deliveries")
    assert tries == 1
    # The killed one went by the machine's clock.
    desk.line.clock.at = SystemClock().now() + CLAIM
    assert desk.deliver(place) == 1
    assert set(mailbox.ids) == {"<T-1@larder.example>"}
    assert desk.waiting() == 0


def test_two_workers_send_each_ticket_once(desk: TicketDesk, place, mailbox):
    for number in range(12):
        desk.leave(f"T-{number}", PLACE, account=None)
    with ThreadPoolExecutor(3) as workers:
        assert sum(workers.map(lambda _: desk.deliver(place), range(3))) == 12
    assert sorted(mailbox.ids) == sorted(f"<T-{n}@larder.example>" for n in range(12))
