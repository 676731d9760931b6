"""Takes a person out of the desk's tables, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.storage import agent_tables, check_in_tables, ticket_tables, understanding_tables
from bot.storage import desk_tables as t
from bot.storage.budget_tables import budget_lines
from bot.storage.engine import reading, writing
from bot.storage.record_tables import records

# Rows of a conversation that hold words or what was made of them; children first.
_OF_CONVERSATIONS = {
    "buttons": t.buttons,
    "dropped_answers": t.dropped_answers,
    "escalations": t.escalations,
    "cases": agent_tables.cases,
    "notes": agent_tables.case_notes,
    "read_marks": agent_tables.read_marks,
    "surveys": agent_tables.surveys,
    "ticket_replies": ticket_tables.ticket_replies,
    "ticket_links": ticket_tables.ticket_links,
    "ticket_deliveries": ticket_tables.ticket_deliveries,
    "ticket_calls": ticket_tables.ticket_calls,
    "tickets": t.tickets,
    "moves": t.moves,
    "dialogues": t.dialogues,
    "email_codes": t.email_codes,
    "judgements": understanding_tables.judgements,
    "understandings": understanding_tables.understandings,
    "turns": t.turns,
    "turn_leases": t.turn_leases,
    "messages": t.messages,
    "holds": t.holds,
}
_OF_ACCOUNTS = {
    "check_ins_told": check_in_tables.check_ins_told,
    "check_ins": check_in_tables.check_ins,
    "check_in_switches": check_in_tables.check_in_switches,
    "attempts": t.save_attempts,
    "receipts": t.receipts,
    "cancellations": t.waiting_cancellations,
}


class SqlPeopleErasure:
    """Fits the port `PeopleErasure`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @staticmethod
    def reach() -> frozenset[str]:
        """Name every table that erasing a person looks into."""
        deleted = {table.name for table in (*_OF_CONVERSATIONS.values(), *_OF_ACCOUNTS.values())}
        kept = {budget_lines.name, records.name, t.outbox.name}
        return frozenset(deleted | kept | {t.conversations.name})

    def still_needed(self, account: str) -> str | None:
        c, w = t.conversations, t.waiting_cancellations
        with reading(self._engine) as connection:
            if connection.execute(
                sa.select(w.c.key).where(w.c.account == account, w.c.settled_at.is_(None)).limit(1)
            ).first():
                return "A cancellation still waits for the billing system."
            if connection.execute(
                sa.select(c.c.id).where(c.c.account == account, c.c.closed_at.is_(None)).limit(1)
            ).first():
                return "A conversation is still open."
        return None

    def erase(self, account: str, *, now: datetime) -> dict[str, int]:
        mine = sa.select(t.conversations.c.id).where(t.conversations.c.account == account)
        done: dict[str, int] = {}
        with writing(self._engine) as connection:
            for name, table in _OF_CONVERSATIONS.items():
                query = sa.delete(table).where(table.c.conversation.in_(mine))
                done[name] = connection.execute(query).rowcount
            for name, table in _OF_ACCOUNTS.items():
                query = sa.delete(table).where(table.c.account == account)
                done[name] = connection.execute(query).rowcount
            connection.execute(
                sa.update(budget_lines)
                .where(budget_lines.c.account == account)
                .values(account=None)
            )
            # Mails that went out long ago still named whom they went to.
            connection.execute(
                sa.update(t.outbox).where(t.outbox.c.sent_at.is_not(None)).values(recipient="")
            )
            done["conversations"] = connection.execute(
                sa.delete(t.conversations).where(t.conversations.c.account == account)
            ).rowcount
            done["records"] = connection.execute(
                sa.update(records)
                .where(records.c.account == account)
                .values(payload=None, salt=None, account=None)
            ).rowcount
        return done
