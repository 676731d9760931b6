"""Answers to trainers' questions, each from one moment of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.understood import Heard
from bot.storage.desk_tables import turns as t
from bot.storage.read_models import SqlViews
from bot.storage.understanding_repository import read_understanding
from bot.storage.understanding_tables import understandings as u

_HEARD = sa.select(u, t.c.seq, t.c.text).join(
    t, sa.and_(t.c.conversation == u.c.conversation, t.c.number == u.c.turn)
)


class SqlStudioViews(SqlViews):
    """Fits the port `StudioViews`."""

    def heard_in(self, conversation: str) -> tuple[Heard, ...]:
        query = _HEARD.where(u.c.conversation == conversation).order_by(u.c.turn)
        with self._moment() as connection:
            return tuple(_heard(row) for row in connection.execute(query))

    def heard_since(self, moment: datetime, *, most: int) -> tuple[Heard, ...]:
        query = _HEARD.where(u.c.at >= moment).order_by(u.c.at.desc(), u.c.conversation, u.c.turn)
        with self._moment() as connection:
            return tuple(_heard(row) for row in connection.execute(query.limit(most)))


def _heard(row: Any) -> Heard:
    return Heard.of(
        row.text,
        read_understanding(row),
        conversation=row.conversation,
        turn=row.turn,
        seq=row.seq,
        at=row.at,
    )
