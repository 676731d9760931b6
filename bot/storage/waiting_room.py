"""Who waits for a person now, and how long those waited whom one has taken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversations.agent import Patience, Status
from bot.conversations.holder import Holder
from bot.retention.waiting import QueueNow
from bot.storage import desk_tables as tables
from bot.storage.agent_rows import presences
from bot.storage.engine import reading
from bot.storage.plain_errors import told_plainly

WINDOW = timedelta(hours=2)


class SqlWaitingRoom:
    """Fits the ports `WaitingRoom` and `Presence`."""

    def __init__(self, engine: Any, patience: Patience) -> None:
        self._engine = engine
        self._patience = patience

    def anybody_here(self, *, now: datetime) -> bool | None:
        """A desk at which nobody ever sat keeps no count: there the hours tell.

        A manager who looks on answers no customers, so nobody is promised to them.
        """
        with told_plainly(), reading(self._engine) as connection:
            known = [one for one in presences(connection) if one.agent.capacity]
        if not known:
            return None
        return any(one.status_at(now, self._patience) is Status.HERE for one in known)

    def queue_now(self, *, now: datetime) -> QueueNow:
        with told_plainly(), reading(self._engine) as connection:
            waits = _waits(connection, since=now - WINDOW)
            waiting = _waiting_since(connection)
        longest = now - min(waiting) if waiting else timedelta(0)
        return QueueNow(waits, WINDOW, len(waiting), longest)


def _waits(connection: Any, *, since: datetime) -> tuple[timedelta, ...]:
    """Return how long each waited who went straight from the queue to an agent."""
    taken, before = tables.holds.alias(), tables.holds.alias()
    rows = connection.execute(
        sa.select(before.c.at, taken.c.at)
        .join(
            before,
            sa.and_(
                before.c.conversation == taken.c.conversation,
                before.c.version == taken.c.version - 1,
            ),
        )
        .where(
            taken.c.holder == Holder.AGENT.value,
            before.c.holder == Holder.QUEUE.value,
            taken.c.at > since,
        )
        .order_by(taken.c.at)
    )
    return tuple(to - begun for begun, to in rows)


def _waiting_since(connection: Any) -> tuple[datetime, ...]:
    c, h = tables.conversations, tables.holds
    newest = (
        sa.select(h.c.conversation, sa.func.max(h.c.version).label("version"))
        .where(h.c.holder == Holder.QUEUE.value)
        .group_by(h.c.conversation)
        .subquery()
    )
    query = (
        sa.select(h.c.at)
        .join(
            newest,
            sa.and_(newest.c.conversation == h.c.conversation, newest.c.version == h.c.version),
        )
        .join(c, c.c.id == h.c.conversation)
        .where(c.c.holder == Holder.QUEUE.value, c.c.left_at.is_(None))
    )
    return tuple(connection.execute(query).scalars())
