"""A desk with tickets in it, and the shortest way to bring them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.conversations.message import Message
from bot.conversations.summary import summarise
from bot.conversations.ticket_text import ticket_text
from bot.integrations.wording import DomainWording
from bot.use_cases.deliver_tickets import deliver_tickets
from bot.use_cases.ticket_ports import OPEN, TicketPlace, TicketText
from tests.fakes import WORDS
from tests.switchboards import Line

ADDED = {
    "utter_added_to_ticket": "Added to {ticket}.",
    "utter_button_carry_on": "Carry on here",
}


@dataclass
class TicketDesk:
    engine: Any
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.engine)
        words = DomainWording({**WORDS, **ADDED}, where="tests")
        self.line.switchboard = replace(self.line.switchboard, wording=words)

    def leave(
        self, ticket: str, *places: str, words: str = "Please help", account: str = "A-1001"
    ) -> str:
        """Leave a ticket; return its conversation."""
        here = self.line.open(account, resume=False).conversation
        summary = summarise(
            escalation="requested",
            account=account,
            customer_name="Maya",
            customer_email="maya@home.example",
            identified_by="website",
            about=None,
            about_title=None,
            wants="person",
            reason=None,
            reasons=(),
            words=(words,),
            offers=(),
            done=(),
            still_open=(),
            transcript=(),
        )
        with self.line.unit_of_work() as uow:
            uow.tickets.leave(
                here,
                ticket=ticket,
                reason="requested",
                contact="maya@home.example",
                summary=summary,
                cause=f"{here}:2",
                now=self.line.clock.now(),
            )
            told = TicketText(ticket, ticket_text(ticket, "maya@home.example", summary), places)
            uow.tickets.send_out(ticket, here, OPEN, told, now=self.line.clock.now())
            uow.commit()
        return here

    def deliver(self, places: Mapping[str, TicketPlace]) -> int:
        return deliver_tickets(
            unit_of_work=self.line.unit_of_work, clock=self.line.clock, places=places
        )

    def deliver_later(self, places: Mapping[str, TicketPlace]) -> int:
        """Deliver once what was put off is due again."""
        self.line.clock.forward(minutes=20)
        return self.deliver(places)

    def waiting(self) -> int:
        """Say how much has not arrived yet."""
        [(count,)] = self.line.rows("SELECT count(*) FROM ticket_deliveries WHERE done_at IS NULL")
        return int(count)

    def messages(self, conversation: str) -> tuple[Message, ...]:
        return self.line.read(conversation).messages


HALF_A_MINUTE = timedelta(seconds=30)
