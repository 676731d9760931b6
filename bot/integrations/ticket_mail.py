"""Tickets by mail: to the mailbox people read, one thread a ticket."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversations.ticket_text import subject_line
from bot.integrations.mail import SmtpMail
from bot.use_cases.ticket_ports import OPEN, Arrived, Delivery

PLACE = "mail"


@dataclass(frozen=True)
class TicketMail:
    """Fits the port `TicketPlace`.

    A mailbox cannot be looked into. A mail whose taking was not confirmed goes out again under the
    same Message-ID, by which mail systems and helpdesks know the second copy.
    """

    mail: SmtpMail
    to: str

    def find(self, delivery: Delivery) -> Arrived | None:
        return None

    def send(self, delivery: Delivery) -> Arrived:
        opening = self._message_id(delivery.ticket)
        is_new = delivery.kind == OPEN
        own = opening if is_new else self._message_id(delivery.key.rpartition("@")[0])
        headers = {"Message-ID": own, "X-Save-Desk-Ticket": delivery.ticket}
        if not is_new:
            headers |= {"In-Reply-To": opening, "References": opening}
        if "@" in delivery.contact:
            headers["Reply-To"] = delivery.contact
        subject = subject_line(delivery.ticket, delivery.summary)
        self.mail.send(
            to=self.to,
            subject=subject if is_new else f"Re: {subject}",
            text=delivery.text,
            headers=headers,
        )
        return Arrived(opening)

    def _message_id(self, name: str) -> str:
        domain = self.mail.sender.rpartition("@")[2].rstrip(">") or "save-desk.invalid"
        return f"<{name.replace('/', '.').replace(':', '.')}@{domain}>"
