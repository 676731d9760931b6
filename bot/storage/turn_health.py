"""Counts how the turns of a span of time went, for whoever watches over a new version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.turn import Lane, TurnState
from bot.conversations.understood import NOT_UNDERSTOOD
from bot.publishing.watch import Tally
from bot.storage.desk_tables import turns as t
from bot.storage.engine import reading
from bot.storage.plain_errors import told_plainly
from bot.storage.understanding_tables import understandings as u

# Enough to tell two shares apart, and read in a moment.
MOST_TURNS = 2000


class SqlTurnHealth:
    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def tally(self, begin: datetime, end: datetime) -> Tally:
        """Count the newest turns asked from `begin` until before `end`; times are aware.

        A turn that waits without a failed try is not counted: nothing is known of it yet.
        """
        query = (
            sa.select(t.c.state, t.c.tries, u.c.intent.label("understood"))
            .outerjoin(u, sa.and_(u.c.conversation == t.c.conversation, u.c.turn == t.c.number))
            .where(
                t.c.lane == Lane.TALK.value,
                t.c.asked_at >= begin,
                t.c.asked_at < end,
                sa.or_(t.c.state != TurnState.WAITING.value, t.c.tries > 0),
            )
            .order_by(t.c.asked_at.desc())
            .limit(MOST_TURNS)
        )
        with told_plainly(), reading(self._engine) as connection:
            rows = connection.execute(query).all()
        typed = [row.understood for row in rows if row.understood is not None]
        return Tally(
            taken=len(rows),
            failed=sum(row.tries > 0 or row.state == TurnState.FAILED.value for row in rows),
            typed=len(typed),
            not_understood=typed.count(NOT_UNDERSTOOD),
        )
