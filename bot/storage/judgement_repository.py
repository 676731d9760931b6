"""What trainers decided, as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.annotation.judgement import Judgement, Verdict
from bot.errors import ConversationNotFound
from bot.storage.repositories import insert_once
from bot.storage.understanding_tables import judgements as j

_PLAIN = ("conversation", "turn", "trainer", "trainer_name", "place", "change", "at")


class SqlJudgements:
    """Fits the port `Judgements`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def of(self, conversation: str, turn: int) -> tuple[Judgement, ...]:
        query = sa.select(j).where(j.c.conversation == conversation, j.c.turn == turn)
        return tuple(map(read_judgement, self._connection.execute(query.order_by(j.c.at))))

    def put(self, judgement: Judgement) -> bool:
        self.take_back(judgement.conversation, judgement.turn, judgement.trainer)
        row = {
            **{name: getattr(judgement, name) for name in _PLAIN},
            "verdict": judgement.verdict.value,
            "intents": list(judgement.intents),
            "reasons": list(judgement.reasons),
        }
        try:
            return insert_once(self._connection, j, **row)
        except sa.exc.IntegrityError as error:
            raise ConversationNotFound from error

    def take_back(self, conversation: str, turn: int, trainer: str) -> None:
        self._connection.execute(
            sa.delete(j).where(
                j.c.conversation == conversation, j.c.turn == turn, j.c.trainer == trainer
            )
        )

    def made_together(self, trainer: str, at: datetime) -> tuple[Judgement, ...]:
        query = sa.select(j).where(j.c.trainer == trainer, j.c.at == at)
        return tuple(map(read_judgement, self._connection.execute(query)))


def read_judgement(row: Any) -> Judgement:
    """Return what a row of `judgements` says."""
    return Judgement(
        conversation=row.conversation,
        turn=row.turn,
        trainer=row.trainer,
        trainer_name=row.trainer_name,
        verdict=Verdict(row.verdict),
        at=row.at,
        intents=tuple(row.intents),
        reasons=tuple(row.reasons),
        place=row.place,
        change=row.change,
    )
