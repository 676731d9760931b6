"""The cases that are open, each with what everybody at the desk sees of it, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from bot.conversations.case import Case
from bot.conversations.message import Message, Sender
from bot.storage import agent_tables as tables
from bot.storage import desk_tables
from bot.storage.agent_rows import oldest_unanswered
from bot.storage.conversation_rows import read_conversation
from bot.use_cases.agent_ports import OpenCase

k, r = tables.cases, tables.read_marks
c, m = desk_tables.conversations, desk_tables.messages
_CASE_COLUMNS = [(column.name, f"case_{column.name}") for column in k.columns]


def open_cases(connection: Any, *conditions: Any) -> tuple[OpenCase, ...]:
    """Return the cases whose conversations meet the conditions, by conversation."""
    since = sa.type_coerce(oldest_unanswered(c.c.id), m.c.at.type).label("unanswered_since")
    query = (
        sa.select(c, since, *(column.label(f"case_{column.name}") for column in k.columns))
        .join(k, k.c.conversation == c.c.id)
        .where(*conditions)
    )
    rows = connection.execute(query.order_by(c.c.id)).all()
    counts = _customer_messages(connection, *conditions)
    unread = _unread(connection, *conditions)
    newest = _newest_messages(connection, *conditions)
    return tuple(
        OpenCase(
            case=labelled_case(row),
            conversation=read_conversation(row),
            last_message=newest.get(row.id),
            unanswered_since=row.unanswered_since,
            customer_messages=counts.get(row.id, 0),
            unread=unread.get(row.id, {}),
        )
        for row in rows
    )


def labelled_case(row: Any) -> Case:
    """Read the case from a row whose columns of it begin with `case_`."""
    return Case(**{name: getattr(row, labelled) for name, labelled in _CASE_COLUMNS})


def _customer_messages(connection: Any, *conditions: Any) -> dict[str, int]:
    query = (
        sa.select(m.c.conversation, sa.func.count())
        .join(c, c.c.id == m.c.conversation)
        .where(*conditions, m.c.sender == Sender.CUSTOMER.value)
        .group_by(m.c.conversation)
    )
    return dict(connection.execute(query).all())


def _unread(connection: Any, *conditions: Any) -> dict[str, dict[str, int]]:
    later = sa.and_(
        m.c.conversation == r.c.conversation,
        m.c.sender == Sender.CUSTOMER.value,
        m.c.seq > r.c.seq,
    )
    query = (
        sa.select(r.c.conversation, r.c.agent, sa.func.count(m.c.seq).label("unread"))
        .join(c, c.c.id == r.c.conversation)
        .outerjoin(m, later)
        .where(*conditions)
        .group_by(r.c.conversation, r.c.agent)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(query):
        found[row.conversation][row.agent] = row.unread
    return found


def _newest_messages(connection: Any, *conditions: Any) -> dict[str, Message]:
    query = (
        sa.select(m)
        .join(c, sa.and_(c.c.id == m.c.conversation, c.c.last_seq == m.c.seq))
        .where(*conditions)
    )
    return {
        row.conversation: Message(row.conversation, row.seq, Sender(row.sender), row.text, row.at)
        for row in connection.execute(query)
    }
