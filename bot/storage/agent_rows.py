"""Rows of agents, cases and notes, and the values they stand for."""

from __future__ import annotations

from dataclasses import fields
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
_CASE_FIELDS = tuple(field.name for field in fields(Case))


def case_row(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in _CASE_FIELDS}


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
    query = _PRESENCES.where(*conditions) if conditions else _PRESENCES
    return tuple(_presence(row) for row in connection.execute(query))


def holding_of(agent: Any) -> Any:
    """Count the conversations an agent holds, inside another statement."""
    return (
        sa.select(sa.func.count())
        .select_from(_held)
        .where(_held.c.holder == Holder.AGENT.value, _held.c.agent == agent)
        .scalar_subquery()
    )


_PRESENCES = sa.select(a, holding_of(a.c.id).label("holding")).order_by(a.c.id)


def oldest_unanswered(conversation: Any) -> Any:
    """Return when the oldest message came that no agent has answered, inside another statement."""
    answered_up_to = (
        sa.select(sa.func.coalesce(sa.func.max(_ours.c.seq), 0))
        .where(
            # Not the conversation that was asked for: so deep inside, it would mean all of them.
            _ours.c.conversation == _theirs.c.conversation,
            _ours.c.sender == Sender.AGENT.value,
        )
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
