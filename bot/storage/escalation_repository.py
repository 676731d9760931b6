"""Escalations and tickets as rows; the hold changes in the same transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.case import opened_case
from bot.conversations.escalation import EscalationReason, escalation_reason
from bot.conversations.message import iso_instant
from bot.storage import desk_tables as tables
from bot.storage.agent_repository import SqlCases
from bot.storage.conversation_repository import SqlConversations
from bot.storage.repositories import insert_once
from bot.use_cases.ports import Ids


class SqlEscalations:
    def __init__(
        self, connection: Any, conversations: SqlConversations, cases: SqlCases, ids: Ids
    ) -> None:
        self._connection = connection
        self._conversations = conversations
        self._cases = cases
        self._ids = ids

    def to_queue(
        self, conversation: str, *, reason: str, summary: dict[str, Any], cause: str, now: datetime
    ) -> None:
        known = escalation_reason(reason)
        found = self._conversations.locked(conversation)
        hold = found.hold.passed_to_queue(cause=cause)
        if hold == found.hold:
            return
        self._conversations.save(replace(found, hold=hold), now=now)
        insert_once(
            self._connection,
            tables.escalations,
            conversation=conversation,
            reason=known.value,
            summary=summary,
            cause=cause,
            at=now,
        )
        self.open_case(conversation, known, summary, now)

    def open_case(
        self, conversation: str, reason: EscalationReason, summary: dict[str, Any], now: datetime
    ) -> None:
        """Begin a stay with people; who moves on from the queue to a ticket goes on with theirs."""
        before = self._cases.find(conversation)
        if before is not None and before.is_open:
            return
        self._cases.save(
            opened_case(
                conversation,
                reason=reason,
                summary=summary,
                last_agent=before.last_agent if before else None,
                now=now,
            )
        )

    def transcript(self, conversation: str) -> tuple[dict[str, Any], ...]:
        m = tables.messages
        rows = self._connection.execute(
            sa.select(m.c.seq, m.c.sender, m.c.text, m.c.at)
            .where(m.c.conversation == conversation)
            .order_by(m.c.seq)
        )
        return tuple(
            {"seq": row.seq, "from": row.sender, "text": row.text, "at": iso_instant(row.at)}
            for row in rows
        )
