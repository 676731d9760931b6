"""Transactions, locks and instants behave alike on both databases."""

from __future__ import annotations

import stat
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import SetupError
from bot.storage.engine import make_engine, reading, writing
from bot.storage.schema import Instant
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)

NOTES = sa.Table(
    "notes_of_a_test",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant),
)


@pytest.fixture
def notes(engine):  # noqa: F811
    NOTES.create(engine)
    yield engine
    NOTES.drop(engine)


def put(engine, *instants):  # noqa: F811
    with writing(engine) as connection:
        for instant in instants:
            connection.execute(sa.insert(NOTES).values(at=instant))


def count(connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(NOTES)).scalar_one()


def test_instants_come_back_aware_in_utc_and_sort_in_time(notes):
    summer = timezone(timedelta(hours=2))
    late = datetime(2026, 7, 1, 12, 0, tzinfo=summer)
    early = datetime(2026, 7, 1, 9, 59, 59, 5, tzinfo=timezone.utc)
    put(notes, late, early, None)
    with reading(notes) as connection:
        query = sa.select(NOTES.c.at).where(NOTES.c.at.is_not(None)).order_by(NOTES.c.at)
        found = connection.execute(query).scalars().all()
        later = connection.execute(query.where(NOTES.c.at > early)).scalars().all()
    assert found == [early, late]
    assert later == [late]
    assert [instant.tzinfo for instant in found] == [timezone.utc] * 2


def test_a_naive_instant_is_refused(notes):
    with pytest.raises(sa.exc.StatementError, match="aware"):
        put(notes, datetime(2026, 7, 1))  # noqa: DTZ001  that is the point


def test_an_error_inside_leaves_nothing(notes):
    def write_and_fail() -> None:
        with writing(notes) as connection:
            connection.execute(sa.insert(NOTES).values(at=None))
            assert count(connection) == 1
            raise LookupError("after the insert")

    with pytest.raises(LookupError):
        write_and_fail()
    with reading(notes) as connection:
        assert count(connection) == 0


def test_a_reader_sees_one_moment_and_does_not_keep_a_writer_waiting(notes):
    with reading(notes) as connection:
        assert count(connection) == 0
        put(notes, None)
        assert count(connection) == 0, "still the moment it began to look"
    with reading(notes) as connection:
        assert count(connection) == 1


def test_a_second_writer_waits_and_does_not_fail(sqlite_url):  # noqa: F811
    engine = make_engine(sqlite_url)  # noqa: F811
    NOTES.create(engine)
    both = threading.Barrier(2)

    def read_then_write() -> None:
        with writing(engine) as connection:
            before = count(connection)
            time.sleep(0.05)
            connection.execute(sa.insert(NOTES).values(id=before + 1))

    def work() -> None:
        both.wait()
        for _ in range(4):
            read_then_write()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert count(connection) == 8
    engine.dispose()


def test_sqlite_is_set_to_survive_a_power_cut_and_to_guard_references(sqlite_url):  # noqa: F811
    engine = make_engine(sqlite_url)  # noqa: F811
    with reading(engine) as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_the_database_file_is_its_owners_alone(tmp_path: Path):
    path = tmp_path / "a folder" / "desk.db"
    engine = make_engine(f"sqlite:///{path}")  # noqa: F811
    NOTES.create(engine)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    engine.dispose()
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("mysql://localhost/desk", "'mysql' is not supported"),
        ("desk.db", "cannot be read"),
        ("sqlite:////proc/desk.db", "Make its folder writable"),
    ],
)
def test_an_address_that_cannot_work_is_a_clear_error(address, said):
    with pytest.raises(SetupError, match=said):
        make_engine(address)


def test_the_short_name_of_postgresql_is_understood():
    assert make_engine("postgres://desk@localhost/desk").dialect.name == "postgresql"
