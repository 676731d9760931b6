"""Rows of agents, cases and notes, and the values they stand for."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from bot.conversations.agent import AgentOnDuty, Presence, Status
from bot.conversations.case import Case
from bot.conversations.holder import Holder
from bot.conversations.message import Sender
from bot.conversations.note import Note
from bot.storage import agent_tables as tables
from bot.storage.desk_tables import conversations, messages

a, k, c, m = tables.agents, tables.cases, conversations, messages
# Made once: an alias works out all its columns anew, which took longer than the statement itself.
_theirs, _ours, _held = m.alias(), m.alias(), c.alias()


def case_row(case: Case) -> dict[str, Any]:
    return asdict(case)


def read_case(row: Any) -> Case:
    return Case(**{column.name: getattr(row, column.name) for column in k.columns})


def read_note(row: Any) -> Note:
    return Note(
        conversation=row.conversation,
        author=row.author,
        author_name=row.author_name,
        text=row.text,
        client_message_id=row.client_message_id,
        at=row.at,
        number=row.number,
    )


def presences(connection: Any, *conditions: Any) -> tuple[Presence, ...]:
    """Return the agents that meet the conditions, by id, with how many conversations they hold."""
    query = sa.select(a, holding_of(a.c.id).label("holding")).where(*conditions)
    return tuple(_presence(row) for row in connection.execute(query.order_by(a.c.id)))


def holding_of(agent: Any) -> Any:
    """Count the conversations an agent holds, inside another statement."""
    return (
        sa.select(sa.func.count())
        .select_from(_held)
        .where(_held.c.holder == Holder.AGENT.value, _held.c.agent == agent)
        .scalar_subquery()
    )


def oldest_unanswered(conversation: Any) -> Any:
    """Return when the oldest message came that no agent has answered, inside another statement."""
    answered_up_to = (
        sa.select(sa.func.coalesce(sa.func.max(_ours.c.seq), 0))
        .where(_ours.c.conversation == conversation, _ours.c.sender == Sender.AGENT.value)
        .scalar_subquery()
    )
    return (
        sa.select(sa.func.min(_theirs.c.at))
        .where(
            _theirs.c.conversation == conversation,
            _theirs.c.sender == Sender.CUSTOMER.value,
            _theirs.c.seq > answered_up_to,
        )
        .scalar_subquery()
    )


def _presence(row: Any) -> Presence:
    agent = AgentOnDuty(row.id, row.name, row.level, row.team, tuple(row.skills), row.capacity)
    return Presence(
        agent, Status(row.status), row.beat_at, row.viewing, row.replying_at, row.holding
    )
