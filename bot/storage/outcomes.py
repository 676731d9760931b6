"""What became of offers, counted from the recorded attempts and acts, once a day and process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.retention.outcomes import (
    LEARNED_FROM,
    Evidence,
    PastAttempt,
    Turning,
    certain_before,
    learn,
)
from bot.storage import desk_tables as tables
from bot.storage.engine import reading
from bot.storage.plain_errors import told_plainly
from bot.storage.record_tables import records

_AT_A_TIME = 1000
_TURNINGS = {"CancelSubscription": True, "UndoCancellation": False}


class SqlOutcomes:
    """Fits the port `Outcomes`. A day's evidence is counted once: it is of the day's beginning."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._newest: Evidence | None = None

    def as_of(self, day: date) -> Evidence:
        newest = self._newest
        if newest is None or newest.as_of != day:
            with told_plainly(), reading(self._engine) as connection:
                since = certain_before(day) - LEARNED_FROM
                last_reset = connection.execute(sa.select(sa.func.max(tables.resets.c.at))).scalar()
                since = max(since, last_reset) if last_reset else since
                newest = learn(
                    _attempts(connection, since, certain_before(day)),
                    _turnings(connection, since),
                    as_of=day,
                )
            self._newest = newest
        return newest


def _attempts(connection: Any, since: datetime, until: datetime) -> Iterator[PastAttempt]:
    s = tables.save_attempts
    # Verdicts are most of a document and tell nothing here, so that the database leaves them out.
    told = (s.c.attempt[key].label(key) for key in ("about", "reason", "offers", "choices"))
    query = sa.select(s.c.account, s.c.opened_at, *told).where(
        s.c.opened_at >= since, s.c.opened_at < until
    )
    for row in connection.execution_options(yield_per=_AT_A_TIME).execute(query):
        yield PastAttempt(
            row.account,
            row.about,
            row.opened_at,
            row.reason,
            tuple(row.offers),
            tuple(row.choices or ()),
        )


def _turnings(connection: Any, since: datetime) -> Iterator[Turning]:
    r = records
    query = sa.select(r.c.account, r.c.at, r.c.payload).where(
        r.c.kind == "billing_act", r.c.at >= since, r.c.payload.is_not(None)
    )
    for row in connection.execution_options(yield_per=_AT_A_TIME).execute(query):
        command = row.payload["command"]
        leaves = _TURNINGS.get(command["command"])
        if leaves is not None and row.payload["result"] != "not_possible":
            yield Turning(row.account, command["subscription"], row.at, leaves)
