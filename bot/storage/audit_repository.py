"""The audit as a chain of rows that are only ever added."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.people.audit import AuditEntry
from bot.retention.records import BEGINNING, Link, digest_of, link_of
from bot.storage.engine import reading, wait_alone
from bot.storage.people_tables import audit
from bot.use_cases.ports import Ids

# Any fixed number but the one of the records: one transaction at a time may add to the chain.
_LOCK = 7_310_445
_AT_A_TIME = 1000
# Made once: to make a statement takes longer than its answer.
_ADD = sa.insert(audit)
_NEWEST = sa.select(audit.c.number, audit.c.link).order_by(audit.c.number.desc()).limit(1)


class SqlAudit:
    """Fits the port `Audit`: entries are added inside the caller's transaction."""

    def __init__(self, connection: Any, ids: Ids) -> None:
        self._connection = connection
        self._ids = ids

    def add(self, *entries: AuditEntry, now: datetime) -> None:
        if not entries:
            return
        wait_alone(self._connection, _LOCK)
        newest, previous = self._newest()
        for number, entry in enumerate(entries, start=newest + 1):
            salt, payload = self._ids.salt().hex(), entry.to_payload()
            digest = digest_of(payload, salt)
            previous = link_of(previous, number, entry.kind, now, digest)
            link = {
                "number": number,
                "kind": entry.kind,
                "at": now,
                "person": entry.person,
                "payload": payload,
                "salt": salt,
                "digest": digest,
                "link": previous,
            }
            self._connection.execute(_ADD, link)

    def _newest(self) -> tuple[int, str]:
        row = self._connection.execute(_NEWEST).one_or_none()
        return (row.number, row.link) if row else (0, BEGINNING)


class SqlAuditBook:
    """Fits the port `AuditBook`: reads the chain."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def newest(
        self, most: int, *, before: int | None = None, person: str | None = None
    ) -> tuple[Link, ...]:
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(most)
        if before is not None:
            query = query.where(audit.c.number < before)
        if person is not None:
            query = query.where(audit.c.person == person)
        with reading(self._engine) as connection:
            return tuple(map(_link, connection.execute(query)))

    def links(self, *, person: str | None = None) -> Iterator[Link]:
        query = sa.select(audit).order_by(audit.c.number)
        if person is not None:
            query = query.where(audit.c.person == person)
        with reading(self._engine) as connection:
            rows = connection.execution_options(yield_per=_AT_A_TIME).execute(query)
            for row in rows:
                yield _link(row)


def _link(row: Any) -> Link:
    return Link(row.number, row.kind, row.at, row.digest, row.link, row.payload, row.salt)
