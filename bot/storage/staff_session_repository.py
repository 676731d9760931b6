"""Sessions of staff and tries that failed, as rows; no secret is kept, only digests."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from bot.people.session import StaffSession, Stage
from bot.people.slowing import Failures
from bot.storage.engine import wait_alone
from bot.storage.people_tables import staff_sessions, tries

# Any fixed number: tries are counted one after the other, or many at once would count as one.
_LOCK = 7_310_446


class SqlStaffSessions:
    """Fits the port `StaffSessions`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, session: StaffSession) -> None:
        self._connection.execute(
            sa.insert(staff_sessions).values(
                digest=session.digest,
                person=session.person,
                stage=session.stage.value,
                created_at=session.created_at,
                last_seen_at=session.last_seen_at,
                confirmed_at=session.confirmed_at,
                client=session.client,
                address=session.address,
            )
        )

    def get(self, digest: str) -> StaffSession | None:
        row = self._connection.execute(
            sa.select(staff_sessions).where(staff_sessions.c.digest == digest).with_for_update()
        ).one_or_none()
        return session_of(row) if row else None

    def end(self, digest: str) -> None:
        self._connection.execute(sa.delete(staff_sessions).where(staff_sessions.c.digest == digest))

    def end_all(self, person: str, *, but: str | None = None) -> int:
        query = sa.delete(staff_sessions).where(staff_sessions.c.person == person)
        if but is not None:
            query = query.where(staff_sessions.c.digest != but)
        return int(self._connection.execute(query).rowcount)

    def seen(self, digest: str, *, now: datetime) -> None:
        self._update(digest, last_seen_at=now)

    def confirmed(self, digest: str, *, now: datetime) -> None:
        self._update(digest, confirmed_at=now, last_seen_at=now)

    def forget_older_than(self, moment: datetime) -> None:
        self._connection.execute(
            sa.delete(staff_sessions).where(staff_sessions.c.created_at < moment)
        )

    def _update(self, digest: str, **values: Any) -> None:
        self._connection.execute(
            sa.update(staff_sessions).where(staff_sessions.c.digest == digest).values(**values)
        )


class SqlTries:
    """Fits the port `Tries`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def locked(self, key: str) -> Failures | None:
        wait_alone(self._connection, _LOCK)
        row = self._connection.execute(
            sa.select(tries).where(tries.c.digest == _digest(key))
        ).one_or_none()
        return Failures(row.count, row.last_at) if row else None

    def put(self, key: str, failures: Failures) -> None:
        self.forget(key)
        self._connection.execute(
            sa.insert(tries).values(
                digest=_digest(key), count=failures.count, last_at=failures.last_at
            )
        )

    def forget(self, key: str) -> None:
        self._connection.execute(sa.delete(tries).where(tries.c.digest == _digest(key)))

    def take_back(self, key: str) -> None:
        counted = tries.c.count
        self._connection.execute(
            sa.update(tries)
            .where(tries.c.digest == _digest(key), counted > 0)
            .values(count=counted - 1)
        )

    def forget_older_than(self, moment: datetime) -> None:
        self._connection.execute(sa.delete(tries).where(tries.c.last_at < moment))


def session_of(row: Any) -> StaffSession:
    return StaffSession(
        digest=row.digest,
        person=row.person,
        stage=Stage(row.stage),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        confirmed_at=row.confirmed_at,
        client=row.client,
        address=row.address,
    )


def _digest(key: str) -> str:
    return sha256(key.encode(errors="replace")).hexdigest()
