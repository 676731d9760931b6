"""What was understood, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.turn import Turn
from bot.conversations.understood import Guess, Part, Understood
from bot.storage.understanding_tables import understandings


class SqlUnderstandings:
    """Fits the port `Understandings`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, turn: Turn, understood: Understood, *, now: datetime) -> None:
        self._connection.execute(
            sa.insert(understandings).values(
                conversation=turn.conversation,
                turn=turn.number,
                intent=understood.intent,
                confidence=understood.confidence,
                ranking=[[guess.intent, guess.confidence] for guess in understood.ranking],
                reasons=list(understood.reasons),
                parts=[[part.kind, part.value, part.start, part.end] for part in understood.parts],
                nearness=understood.nearness,
                language=understood.language,
                model=understood.model,
                at=now,
            )
        )


def read_understanding(row: Any) -> Understood:
    """Return what a row of `understandings` says."""
    return Understood(
        intent=row.intent,
        confidence=row.confidence,
        ranking=tuple(Guess(intent, confidence) for intent, confidence in row.ranking),
        reasons=tuple(row.reasons),
        parts=tuple(Part(*part) for part in row.parts),
        nearness=row.nearness,
        language=row.language,
        model=row.model,
    )
