"""The queue, the tickets, the attempts, the receipts and the mails that wait."""

from __future__ import annotations

import pytest

from bot.conversations.holder import Holder
from bot.errors import NotFound
from bot.use_cases.list_queue import list_queue
from bot.use_cases.list_tickets import list_tickets
from bot.use_cases.reset_conversations import reset_conversations
from bot.use_cases.send_outbox import send_outbox
from bot.use_cases.show_attempts import show_attempts
from bot.use_cases.show_receipt import show_receipt
from tests.fakes import FakeMail, the_wording
from tests.switchboards import Line


def leave_a_ticket(line: Line, conversation: str) -> None:
    with line.unit_of_work() as uow:
        uow.tickets.leave(
            conversation,
            ticket="T-1",
            reason="complaint",
            contact="maya@example.org",
            summary={"wants": "a call"},
            cause=f"{conversation}:9",
            now=line.clock.now(),
        )
        uow.commit()


def test_the_queue_lists_who_waits_longest_first(line: Line) -> None:
    first, second = line.open("A-1001").conversation, line.open(None).conversation
    line.say(second, button="person")
    line.clock.forward(minutes=1)
    line.say(first, button="person")
    assert list_queue(views=line.switchboard.views) == (
        {
            "conversation": second,
            "account": None,
            "reason": "requested",
            "waiting_since": "2026-03-10T09:30:00.000Z",
            "holder": "queue",
            "summary": {"wants": "person"},
            "customer_left": False,
        },
        {
            "conversation": first,
            "account": "A-1001",
            "reason": "requested",
            "waiting_since": "2026-03-10T09:31:00.000Z",
            "holder": "queue",
            "summary": {"wants": "person"},
            "customer_left": False,
        },
    )


def test_who_is_with_an_agent_waits_no_longer(line: Line) -> None:
    here = line.open().conversation
    line.say(here, button="person")
    line.take_over(here, by=Holder.AGENT)
    assert list_queue(views=line.switchboard.views) == ()


def test_a_second_stay_in_the_queue_counts_from_its_own_beginning(line: Line) -> None:
    here = line.open().conversation
    line.say(here, button="person")
    line.take_over(here, by=Holder.ASSISTANT)
    line.clock.forward(hours=1)
    line.say(here, button="person")
    [waiting] = list_queue(views=line.switchboard.views)
    assert waiting["waiting_since"] == "2026-03-10T10:30:00.000Z"


def test_a_ticket_is_listed_and_waits_in_the_queue(line: Line) -> None:
    here = line.open("A-1001").conversation
    leave_a_ticket(line, here)
    leave_a_ticket(line, here)
    [ticket] = list_tickets(views=line.switchboard.views)
    assert ticket == {
        "id": ticket["id"],
        "conversation": here,
        "account": "A-1001",
        "reason": "complaint",
        "contact": "maya@example.org",
        "created_at": "2026-03-10T09:30:00.000Z",
        "status": "open",
        "summary": {"wants": "a call"},
    }
    [waiting] = list_queue(views=line.switchboard.views)
    assert (waiting["holder"], waiting["reason"]) == ("ticket", "complaint")
    assert waiting["summary"] == {"wants": "a call"}


def test_a_reset_closes_tickets_and_keeps_them_listed(line: Line) -> None:
    leave_a_ticket(line, line.open("A-1001").conversation)
    reset_conversations(unit_of_work=line.unit_of_work, clock=line.clock)
    [ticket] = list_tickets(views=line.switchboard.views)
    assert ticket["status"] == "closed"


def record_attempt(line: Line, name: str) -> None:
    attempt = {"id": name, "account": "A-1001", "opened_at": line.clock.now().isoformat()}
    with line.unit_of_work() as uow:
        uow.save_attempts.put({**attempt, "outcome": None})
        uow.save_attempts.put({**attempt, "outcome": "saved"})
        uow.commit()


def test_attempts_since_the_last_reset_are_listed_and_all_of_them_on_request(line: Line) -> None:
    record_attempt(line, "before")
    line.clock.forward(minutes=1)
    reset_conversations(unit_of_work=line.unit_of_work, clock=line.clock)
    record_attempt(line, "after")
    views = line.switchboard.views
    shown = show_attempts("A-1001", views=views)
    assert [(a["id"], a["outcome"]) for a in shown] == [("after", "saved")]
    with line.unit_of_work() as uow:
        counted = uow.save_attempts.of_account("A-1001")
    assert counted == shown, "an earlier life's offers do not count against this one"
    everything = show_attempts("A-1001", everything=True, views=views)
    assert [a["id"] for a in everything] == ["before", "after"]
    assert show_attempts("A-1002", views=views) == ()


def test_a_receipt_is_shown_to_whoever_knows_its_id(line: Line) -> None:
    receipt = {
        "id": "r-1",
        "account": "A-1001",
        "conversation": None,
        "kind": "canceled",
        "at": "2026-03-10T09:30:00Z",
        "lines": [["what", "family"]],
    }
    with line.unit_of_work() as uow:
        uow.receipts.put(receipt)
        uow.receipts.put({**receipt, "lines": []})
        uow.commit()
    assert show_receipt("r-1", views=line.switchboard.views) == receipt
    with pytest.raises(NotFound):
        show_receipt("r-2", views=line.switchboard.views)


def send(line: Line, mail: FakeMail) -> int:
    return send_outbox(
        unit_of_work=line.unit_of_work, clock=line.clock, mail=mail, wording=the_wording()
    )


def ask_for_code(line: Line, account: str | None = "A-1001") -> str:
    here = line.open(None).conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, "maya@example.org", account, now=line.clock.now())
        uow.commit()
    return here


def test_a_code_is_mailed_once_and_then_forgotten(line: Line) -> None:
    ask_for_code(line)
    mail = FakeMail()
    assert send(line, mail) == 1
    assert send(line, mail) == 0
    assert mail.sent == [
        ("maya@example.org", "Your code", "The code is 123456; it is good for 10 minutes.")
    ]
    [(figures,)] = line.rows("SELECT figures FROM outbox")
    assert "123456" not in str(figures)


def test_a_mail_the_server_refuses_waits_longer_each_time(line: Line) -> None:
    ask_for_code(line)
    mail = FakeMail(is_down=True)
    for wait in (2, 4, 8):
        assert send(line, mail) == 0
        mail.is_down = False
        line.clock.forward(seconds=wait - 1)
        assert send(line, mail) == 0, "not due yet"
        line.clock.forward(seconds=1)
        mail.is_down = True
    mail.is_down = False
    assert send(line, mail) == 1


def test_an_unknown_address_gets_no_mail(line: Line) -> None:
    ask_for_code(line, account=None)
    mail = FakeMail()
    assert send(line, mail) == 0
    assert mail.sent == []


def test_a_mail_another_worker_is_sending_is_left_to_it(line: Line) -> None:
    ask_for_code(line)
    with line.unit_of_work() as uow:
        now = line.clock.now()
        assert uow.outbox.claim(now=now, until=now.replace(hour=23)) is not None
        uow.commit()
    assert send(line, FakeMail()) == 0
