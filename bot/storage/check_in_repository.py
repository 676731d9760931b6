"""Check-ins as rows: raised, told once, switched off; and whom there is to think of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.holder import Holder
from bot.retention.check_ins import CheckIn, Contacts
from bot.storage import billing_tables
from bot.storage import check_in_tables as tables
from bot.storage import desk_tables as desk
from bot.storage.repositories import insert_once, read_attempts

_PEOPLE = (Holder.QUEUE.value, Holder.AGENT.value, Holder.TICKET.value)


class SqlCheckIns:
    """Fits the port `CheckIns`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def accounts(self) -> tuple[str, ...]:
        c, a = desk.conversations, billing_tables.accounts
        spoken = sa.select(c.c.account).where(c.c.account.is_not(None))
        known = sa.union(spoken, sa.select(a.c.number)).subquery()
        query = sa.select(known.c.account).order_by(known.c.account)
        return tuple(self._connection.execute(query).scalars())

    def contacts(self, account: str) -> Contacts:
        r, t, s = tables.check_ins, tables.check_ins_told, tables.check_in_switches
        raised = sa.select(r.c.key, r.c.raised_at).where(r.c.account == account)
        told = sa.select(t.c.key, t.c.at).where(t.c.account == account)
        switched = sa.select(s.c.is_on).where(s.c.account == account).order_by(s.c.id.desc())
        is_on = self._connection.execute(switched.limit(1)).scalar()
        c = desk.conversations
        people = sa.select(c.c.id).where(c.c.account == account, c.c.holder.in_(_PEOPLE)).limit(1)
        attempts = read_attempts(self._connection, account, since_reset=True)
        hardship = [_opened(a) for a in attempts if a.get("hardship")]
        return Contacts(
            told=dict(tuple(row) for row in self._connection.execute(told)),
            raised=dict(tuple(row) for row in self._connection.execute(raised)),
            is_on=is_on is not False,
            with_people=self._connection.execute(people).first() is not None,
            hardship_at=max(hardship, default=None),
        )

    def raise_(self, check_in: CheckIn, *, now: datetime) -> bool:
        return insert_once(
            self._connection,
            tables.check_ins,
            key=check_in.key,
            account=check_in.account,
            kind=check_in.kind.value,
            raised_at=now,
        )

    def told(self, check_in: CheckIn, way: str, *, now: datetime) -> bool:
        return insert_once(
            self._connection,
            tables.check_ins_told,
            key=check_in.key,
            account=check_in.account,
            way=way,
            at=now,
        )

    def switch(self, account: str, *, is_on: bool, way: str, now: datetime) -> None:
        self._connection.execute(
            sa.insert(tables.check_in_switches).values(
                account=account, is_on=is_on, way=way, at=now
            )
        )

    def mail(self, kind: str, to: str, figures: dict[str, str], *, now: datetime) -> None:
        self._connection.execute(
            sa.insert(desk.outbox).values(
                kind=f"check_in_{kind}",
                recipient=to,
                figures=figures,
                tries=0,
                due_at=now,
                created_at=now,
            )
        )


def _opened(attempt: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(attempt["opened_at"]).replace("Z", "+00:00"))
