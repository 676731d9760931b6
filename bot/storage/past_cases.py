"""Recorded save attempts as cases to be replayed, with what became of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.retention.outcomes import Turning, certain_before
from bot.retention.replay import Case, case_of
from bot.storage.engine import reading
from bot.storage.outcomes import attempts_between, last_reset, turnings_since
from bot.storage.plain_errors import told_plainly
from bot.storage.record_tables import policy_revisions
from bot.use_cases.simulate_policies import PastCases


class SqlPastCases:
    """Fits the port `PastCasesBook`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def since(self, begin: datetime, *, now: datetime) -> PastCases:
        """Return the cases from then on that are still told; those before a reset are history."""
        with told_plainly(), reading(self._engine) as connection:
            reset = last_reset(connection)
            begin = max(begin, reset) if reset else begin
            by_subject: dict[tuple[str, str], list[Turning]] = {}
            for turning in turnings_since(connection, begin):
                by_subject.setdefault((turning.account, turning.about), []).append(turning)
            cases: list[Case] = []
            silent = 0
            for attempt in attempts_between(connection, begin, now):
                turnings = by_subject.get((attempt.account, attempt.about), [])
                case = case_of(attempt, turnings, until=certain_before(now.date()))
                silent += case is None
                cases += [case] if case else []
            revisions = connection.execute(sa.select(policy_revisions)).all()
        said = {row.policy: json.dumps(row.document["offer"], sort_keys=True) for row in revisions}
        return PastCases(tuple(cases), silent, said)
