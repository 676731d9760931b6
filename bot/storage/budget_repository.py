"""The monthly budgets as rows: who adds a line waits for whoever else does, and counts anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.retention.budget import Budgets, Line, Spent, fits, month_of
from bot.storage.budget_tables import budget_lines as b
from bot.storage.desk_tables import resets
from bot.storage.engine import wait_alone
from bot.storage.repositories import insert_once

# Any fixed number: one transaction at a time may take from a budget, or two would take the last.
_LOCK = 7_310_445


# What was given to the demo company in an earlier life does not count in this one.
_SINCE_RESET = sa.not_(sa.exists().where(resets.c.at > b.c.set_aside_at))


class SqlBudgetBook:
    """Fits the port `BudgetBook`: lines are kept inside the caller's transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def spent(self, *, now: datetime) -> Spent:
        query = (
            sa.select(b.c.policy, b.c.granted_by, sa.func.sum(b.c.cost_minor))
            .where(b.c.month == month_of(now), _counts(now), _SINCE_RESET)
            .group_by(b.c.policy, b.c.granted_by)
        )
        spent = Spent()
        for policy, person, cost in self._connection.execute(query):
            spent = spent.plus(policy, int(cost), person)
        return spent

    def set_aside(self, line: Line, *, budgets: Budgets, now: datetime) -> bool:
        if line.until > now:
            return self._keep(line, line.until, budgets, now)
        self.free([line.offer])
        return True

    def spend(self, line: Line, *, budgets: Budgets, now: datetime) -> bool:
        return self._keep(line, None, budgets, now)

    def has_rested(self, line: Line, *, since: datetime) -> bool:
        wait_alone(self._connection, _LOCK)
        others = sa.select(b.c.offer).where(
            b.c.account == line.account,
            b.c.offer != line.offer,
            b.c.cools_down,
            b.c.agreed_at > since,
            _SINCE_RESET,
        )
        return self._connection.execute(others).first() is None

    def free(self, offers: Collection[str]) -> None:
        if offers:
            self._connection.execute(sa.delete(b).where(b.c.offer.in_(list(offers))))

    def _keep(self, line: Line, until: datetime | None, budgets: Budgets, now: datetime) -> bool:
        """Keep the line until then; what counts already is not counted against itself."""
        agreed_at = None if until else now
        own = sa.and_(b.c.offer == line.offer, b.c.policy == line.policy)
        kept = self._connection.execute(
            sa.update(b)
            .where(own, _counts(now), b.c.cost_minor >= line.cost_minor)
            .values(until=until, agreed_at=agreed_at, cost_minor=line.cost_minor)
        )
        if kept.rowcount:
            return True
        if budgets.limits(line.policy, line.granted_by):
            wait_alone(self._connection, _LOCK)
        self._connection.execute(sa.delete(b).where(own))  # it had run out
        if not fits(line, budgets, self.spent(now=now)):
            return False
        return insert_once(
            self._connection,
            b,
            offer=line.offer,
            account=line.account,
            granted_by=line.granted_by,
            cools_down=line.cools_down,
            policy=line.policy,
            month=month_of(now),
            cost_minor=line.cost_minor,
            set_aside_at=now,
            until=until,
            agreed_at=agreed_at,
        )


def _counts(now: datetime) -> Any:
    return sa.or_(b.c.agreed_at.is_not(None), b.c.until > now)
