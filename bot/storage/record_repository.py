"""The chain of records as rows, and which revision of a policy said what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import PolicyChanged
from bot.retention.records import BEGINNING, Entry, Link, digest_of, link_of
from bot.storage.engine import reading, wait_alone, writing
from bot.storage.record_tables import policy_revisions, records
from bot.storage.repositories import insert_once
from bot.use_cases.ports import Ids

# Any fixed number: one transaction at a time may add to the chain, or two would take one place.
_LOCK = 7_310_444
_AT_A_TIME = 1000


class SqlRecords:
    """Fits the port `Records`: entries are added inside the caller's transaction."""

    def __init__(self, connection: Any, ids: Ids) -> None:
        self._connection = connection
        self._ids = ids

    def add(self, entries: Sequence[Entry], *, account: str | None, now: datetime) -> None:
        if not entries:
            return
        wait_alone(self._connection, _LOCK)
        newest, previous = self._newest()
        for number, entry in enumerate(entries, start=newest + 1):
            salt = self._ids.salt().hex()
            digest = digest_of(entry.payload, salt)
            previous = link_of(previous, number, entry.kind, now, digest)
            self._connection.execute(
                sa.insert(records).values(
                    number=number,
                    kind=entry.kind,
                    at=now,
                    account=account,
                    payload=entry.payload,
                    salt=salt,
                    digest=digest,
                    link=previous,
                )
            )

    def _newest(self) -> tuple[int, str]:
        row = self._connection.execute(
            sa.select(records.c.number, records.c.link).order_by(records.c.number.desc()).limit(1)
        ).one_or_none()
        return (row.number, row.link) if row else (0, BEGINNING)


class SqlRecordBook:
    """Fits the port `RecordBook`: reads the chain."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def links(self, account: str | None = None) -> Iterator[Link]:
        query = sa.select(records).order_by(records.c.number)
        if account is not None:
            query = query.where(records.c.account == account)
        with reading(self._engine) as connection:
            rows = connection.execution_options(yield_per=_AT_A_TIME).execute(query)
            for row in rows:
                yield Link(
                    row.number, row.kind, row.at, row.digest, row.link, row.payload, row.salt
                )


class SqlPolicyRevisions:
    """Fits the port `PolicyRevisions`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def keep(self, documents: Sequence[dict[str, Any]], *, now: datetime) -> None:
        with writing(self._engine) as connection:
            for document in documents:
                self._keep(connection, document, now)

    def _keep(self, connection: Any, document: dict[str, Any], now: datetime) -> None:
        cited = f"{document['policy']}@{document['revision']}"
        if insert_once(
            connection, policy_revisions, policy=cited, document=document, in_use_since=now
        ):
            return
        kept = connection.execute(
            sa.select(policy_revisions).where(policy_revisions.c.policy == cited)
        ).one()
        if kept.document != document:
            raise PolicyChanged(document["policy"], document["revision"], kept.in_use_since)
