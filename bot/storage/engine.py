"""The way to the database: an SQLite file or PostgreSQL, with the settings that keep data safe."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from bot.errors import SetupError

# Longer than any of our transactions; a writer that waits longer is told that the store is busy.
LOCK_WAIT_MS = 5000
# To connect costs more than most questions: what a busy moment needed is kept for the next one.
# The newest is used first, so that the others' memory stays small. A server has connections for
# so many, all processes together.
_FILE_POOL = {"pool_size": 40, "max_overflow": 0, "pool_use_lifo": True}
_SERVER_POOL = {"pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
_WRITES = "desk_writes"
_LOCKS_LOCK = threading.Lock()
_WRITER_LOCKS: dict[str, threading.Lock] = {}


def make_engine(database_url: str, *, enforces_foreign_keys: bool = True) -> Any:
    """Return an SQLAlchemy engine for `sqlite:///PATH` or `postgresql://…`; connects lazily.

    Only migrations switch foreign keys off, because SQLite rebuilds tables to change them.

    Raises:
        SetupError: the address names another database, or an SQLite database in memory, which
            the desk's processes could not share.
    """
    url = _parsed(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, enforces_foreign_keys=enforces_foreign_keys)
    return sa.create_engine(
        url,
        future=True,
        # What customers said must not reach a log by way of an error's text.
        hide_parameters=True,
        **_SERVER_POOL,
        pool_timeout=LOCK_WAIT_MS / 1000,
        # A restarted server leaves dead connections in the pool; one ping replaces them.
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "application_name": "save-desk",
            "options": f"{url.query.get('options', '')} -c lock_timeout={LOCK_WAIT_MS}",
        },
    )


@contextmanager
def reading(engine: Any) -> Iterator[Any]:
    """Give a connection whose queries all see one moment; it takes no write lock."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Any) -> Iterator[Any]:
    """Give a connection in a writing transaction; it commits at the end, or rolls back on error.

    On SQLite the write lock is taken at once (BEGIN IMMEDIATE). A transaction that reads first
    and asks for the lock later fails at once when another wrote meanwhile, however long it was
    willing to wait. On PostgreSQL lock the rows you decide on: `select(...).with_for_update()`.
    """
    with _one_writer(engine), engine.connect() as connection:
        connection = connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def _one_writer(engine: Any) -> Iterator[None]:
    """Let this process's threads write to SQLite one after the other, in the order they came.

    SQLite itself makes a waiting writer sleep and try again, so that among many the unlucky one
    starves until it is told that the database is locked.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _LOCKS_LOCK:
        lock = _WRITER_LOCKS.setdefault(str(engine.url), threading.Lock())
    # Past the wait SQLite decides, and says that it is locked: better than to hang.
    mine = lock.acquire(timeout=LOCK_WAIT_MS / 1000)
    try:
        yield
    finally:
        if mine:
            lock.release()


def wait_alone(connection: Any, lock: int) -> None:
    """Wait until nobody else is in a transaction that asked for the same `lock` number.

    On SQLite a writing transaction is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))


def _parsed(database_url: str) -> Any:
    try:
        url = sa.engine.make_url(database_url)
    except sa.exc.ArgumentError:
        raise SetupError(
            "The database address cannot be read. Write sqlite:///PATH or postgresql://…"
        ) from None
    if url.drivername == "postgres":
        url = url.set(drivername="postgresql")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise SetupError(
            f"The database {url.get_backend_name()!r} is not supported. "
            "Write sqlite:///PATH or postgresql://…"
        )
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise SetupError(
            "An SQLite database in memory cannot be shared by the desk's processes. "
            "Write sqlite:///PATH."
        )
    return url


def _sqlite_engine(url: Any, *, enforces_foreign_keys: bool) -> Any:
    _make_private_file(Path(url.database))
    engine = sa.create_engine(
        url,
        future=True,
        hide_parameters=True,
        # One thread uses a connection at a time, but not always the thread that opened it.
        poolclass=QueuePool,
        **_FILE_POOL,
        pool_timeout=LOCK_WAIT_MS / 1000,
        connect_args={"check_same_thread": False, "timeout": LOCK_WAIT_MS / 1000},
    )
    foreign_keys = "ON" if enforces_foreign_keys else "OFF"

    def prepare(connection: Any, _record: Any) -> None:
        # The driver would begin transactions by itself, late and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
        # Readers do not block the writer, nor the writer readers.
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: what was acknowledged survives a power cut, not only a crash of the process.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {foreign_keys}")
        cursor.close()

    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "begin", begin)
    return engine


def _make_private_file(path: Path) -> None:
    """Create the database file readable by its owner only; it holds personal data.

    SQLite gives the files beside it the same permissions.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise SetupError(
            f"The database file {path} cannot be used: {error.strerror}. Make its folder writable."
        ) from error
