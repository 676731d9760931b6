"""The journal of a billing system outside: written before it is asked, closed when it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import BillingUnavailable
from bot.storage.engine import reading, wait_alone, writing
from bot.storage.journal_tables import billing_events
from bot.storage.journal_tables import billing_journal as t
from bot.use_cases.outside_billing import JournalEntry
from bot.use_cases.recorded_act import read_command, write_command

# Whoever begins an entry waits for the others who do, on PostgreSQL; SQLite has one writer anyway.
_ONE_BEGINS = 0x0B111
_EVENTS_KEPT = timedelta(days=30)


class SqlBillingJournal:
    """Fits the port `BillingJournal`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def find(self, key: str) -> JournalEntry | None:
        with _plainly(), reading(self._engine) as connection:
            row = connection.execute(sa.select(t).where(t.c.key == key)).one_or_none()
        return _entry(row) if row else None

    def of_account(self, account: str) -> tuple[JournalEntry, ...]:
        query = sa.select(t).where(t.c.account == account).order_by(t.c.number)
        with _plainly(), reading(self._engine) as connection:
            return tuple(_entry(row) for row in connection.execute(query))

    def begin(self, entry: JournalEntry, *, after: int) -> bool:
        newest = sa.select(sa.func.max(t.c.number)).where(t.c.account == entry.account)
        known = sa.select(t.c.number).where(t.c.key == entry.key)
        with _plainly(), writing(self._engine) as connection:
            wait_alone(connection, _ONE_BEGINS)
            if (connection.execute(newest).scalar() or 0) != after:
                return False
            if connection.execute(known).first():
                return False
            connection.execute(
                sa.insert(t).values(
                    key=entry.key,
                    account=entry.account,
                    fingerprint=entry.fingerprint,
                    command=write_command(entry.command),
                    steps=list(entry.steps),
                    begun_at=entry.begun_at,
                    effective_at=entry.effective_at,
                    revoked=list(entry.revoked),
                )
            )
        return True

    def plan_anew(self, entry: JournalEntry, *, instead_of: JournalEntry) -> JournalEntry:
        standing = sa.select(t).where(t.c.key == entry.key).with_for_update()
        changes = {
            "steps": list(entry.steps),
            "effective_at": entry.effective_at,
            "revoked": list(entry.revoked),
        }
        with _plainly(), writing(self._engine) as connection:
            stands = _entry(connection.execute(standing).one())
            if stands.done_at or stands.steps != instead_of.steps:
                return stands
            connection.execute(sa.update(t).where(t.c.key == entry.key).values(**changes))
        return entry

    def done(self, key: str, *, revoked: Sequence[int], now: datetime) -> None:
        open_entry = sa.and_(t.c.key == key, t.c.done_at.is_(None))
        granted = sa.and_(t.c.number.in_(list(revoked)), t.c.revoked_at.is_(None))
        with _plainly(), writing(self._engine) as connection:
            connection.execute(sa.update(t).where(open_entry).values(done_at=now))
            connection.execute(sa.update(t).where(granted).values(revoked_at=now))

    def drop(self, key: str) -> None:
        with _plainly(), writing(self._engine) as connection:
            connection.execute(sa.delete(t).where(t.c.key == key, t.c.done_at.is_(None)))


class SqlBillingEvents:
    """Fits the port `BillingEvents`; forgets events that are not sent again any more."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def take(self, event: str, *, now: datetime) -> bool:
        e = billing_events
        try:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(e).values(event=event, taken_at=now))
                connection.execute(sa.delete(e).where(e.c.taken_at < now - _EVENTS_KEPT))
        except sa.exc.IntegrityError:
            return False
        return True


def _entry(row: Any) -> JournalEntry:
    return JournalEntry(
        number=row.number,
        key=row.key,
        account=row.account,
        fingerprint=row.fingerprint,
        command=read_command(row.command),
        steps=tuple(row.steps),
        begun_at=row.begun_at,
        effective_at=row.effective_at,
        revoked=tuple(row.revoked),
        done_at=row.done_at,
        revoked_at=row.revoked_at,
    )


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in the desk's words that the database did not do it."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        raise BillingUnavailable(
            "The billing journal cannot be used now. Try again; on a new installation, "
            "start the desk once with `make run`."
        ) from error
