"""The cases that are open, each with what everybody at the desk sees of it, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from bot.conversations.case import Case
from bot.conversations.message import Message, Sender
from bot.retention.call_backs import CallBack
from bot.retention.desk_hours import Shift
from bot.storage import agent_tables as tables
from bot.storage import desk_tables, ticket_tables
from bot.storage.agent_rows import oldest_unanswered
from bot.storage.conversation_rows import read_conversation
from bot.use_cases.agent_ports import OpenCase

k, r = tables.cases, tables.read_marks
c, m = desk_tables.conversations, desk_tables.messages
t, w = desk_tables.tickets, ticket_tables.ticket_calls
_PROMISED = w.join(t, sa.and_(t.c.id == w.c.ticket, t.c.status == "open"))
_CASE_COLUMNS = [(column.name, f"case_{column.name}") for column in k.columns]


class CaseQuestions:
    """What is asked of the cases whose conversations meet the conditions.

    Made once for each kind of condition: to make the statements takes longer than the answers.
    """

    def __init__(self, *conditions: Any) -> None:
        since = sa.type_coerce(oldest_unanswered(c.c.id), m.c.at.type).label("unanswered_since")
        self._cases = (
            sa.select(
                c,
                since,
                w.c.phone,
                w.c.from_at,
                w.c.until_at,
                *(column.label(f"case_{column.name}") for column in k.columns),
            )
            .join(k, k.c.conversation == c.c.id)
            .outerjoin(_PROMISED, w.c.conversation == c.c.id)
            .where(*conditions)
            .order_by(c.c.id)
        )
        self._customer_messages = (
            sa.select(m.c.conversation, sa.func.count())
            .join(c, c.c.id == m.c.conversation)
            .where(*conditions, m.c.sender == Sender.CUSTOMER.value)
            .group_by(m.c.conversation)
        )
        later = sa.and_(
            m.c.conversation == r.c.conversation,
            m.c.sender == Sender.CUSTOMER.value,
            m.c.seq > r.c.seq,
        )
        self._unread = (
            sa.select(r.c.conversation, r.c.agent, sa.func.count(m.c.seq).label("unread"))
            .join(c, c.c.id == r.c.conversation)
            .outerjoin(m, later)
            .where(*conditions)
            .group_by(r.c.conversation, r.c.agent)
        )
        self._newest_messages = (
            sa.select(m)
            .join(c, sa.and_(c.c.id == m.c.conversation, c.c.last_seq == m.c.seq))
            .where(*conditions)
        )

    def answers(self, connection: Any, **given: Any) -> tuple[OpenCase, ...]:
        """Return the cases, by conversation; `given` fills in the conditions' parameters."""
        rows = connection.execute(self._cases, given).all()
        if not rows:
            return ()
        counts = dict(connection.execute(self._customer_messages, given).all())
        unread: dict[str, dict[str, int]] = defaultdict(dict)
        for row in connection.execute(self._unread, given):
            unread[row.conversation][row.agent] = row.unread
        newest = {
            row.conversation: _message(row)
            for row in connection.execute(self._newest_messages, given)
        }
        return tuple(
            OpenCase(
                case=labelled_case(row),
                conversation=read_conversation(row),
                last_message=newest.get(row.id),
                unanswered_since=row.unanswered_since,
                customer_messages=counts.get(row.id, 0),
                unread=unread.get(row.id, {}),
                call=_call(row),
            )
            for row in rows
        )


def labelled_case(row: Any) -> Case:
    """Read the case from a row whose columns of it begin with `case_`."""
    return Case(**{name: getattr(row, labelled) for name, labelled in _CASE_COLUMNS})


def _call(row: Any) -> CallBack | None:
    return row.phone and CallBack(row.phone, Shift(row.from_at, row.until_at))


def _message(row: Any) -> Message:
    return Message(row.conversation, row.seq, Sender(row.sender), row.text, row.at)
