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
                reset = last_reset(connection)
                since = max(since, reset) if reset else since
                newest = learn(
                    attempts_between(connection, since, certain_before(day)),
                    turnings_since(connection, since),
                    as_of=day,
                )
            self._newest = newest
        return newest


def last_reset(connection: Any) -> datetime | None:
    """Return when the demo company was last put back to its beginning, if it ever was."""
    at: datetime | None = connection.execute(sa.select(sa.func.max(tables.resets.c.at))).scalar()
    return at


def attempts_between(connection: Any, since: datetime, until: datetime) -> Iterator[PastAttempt]:
    """Yield the attempts begun in that time, oldest first."""
    s = tables.save_attempts
    # Verdicts are most of a document and tell nothing here, so that the database leaves them out.
    told = (s.c.attempt[key].label(key) for key in ("about", "reason", "offers", "choices"))
    query = sa.select(s.c.account, s.c.opened_at, *told).where(
        s.c.opened_at >= since, s.c.opened_at < until
    )
    query = query.order_by(s.c.opened_at, s.c.id)
    for row in connection.execution_options(yield_per=_AT_A_TIME).execute(query):
        yield PastAttempt(
            row.account,
            row.about,
            row.opened_at,
            row.reason,
            tuple(row.offers),
            tuple(row.choices or ()),
        )


def turnings_since(connection: Any, since: datetime) -> Iterator[Turning]:
    """Yield who left, and who took leaving back, since then."""
    r = records
    query = sa.select(r.c.account, r.c.at, r.c.payload).where(
        r.c.kind == "billing_act", r.c.at >= since, r.c.payload.is_not(None)
    )
    for row in connection.execution_options(yield_per=_AT_A_TIME).execute(query):
        command = row.payload["command"]
        leaves = _TURNINGS.get(command["command"])
        if leaves is not None and row.payload["result"] != "not_possible":
            yield Turning(row.account, command["subscription"], row.at, leaves)
