"""Fresh databases for tests: an SQLite file and, where a server listens, PostgreSQL.

A module that needs one imports the fixtures it uses by name.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.engine import make_engine
from bot.storage.migrate import all_tables, upgrade

SERVER = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables; copied for every test."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    upgrade(f"sqlite:///{path}")
    return path


@contextmanager
def own_postgresql() -> Iterator[str]:
    """Create an empty database on the server, give its address, and drop it at the end."""
    server = sa.create_engine(f"{SERVER}/postgres", future=True, isolation_level="AUTOCOMMIT")
    name = f"desk_test_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            # No test cuts the power, so none needs to wait for the disk at every commit.
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    except sa.exc.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL server answers; set TEST_POSTGRESQL to its address")
    try:
        yield f"{SERVER}/{name}"
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an own PostgreSQL database with all tables."""
    with own_postgresql() as url:
        upgrade(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table; the test runs on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with own_postgresql() as url:
            yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; the test runs on each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("postgresql_url"))
    engine = make_engine(url)
    # Faster than TRUNCATE, which makes a new file for every table.
    tables = reversed(all_tables().sorted_tables)
    with engine.begin() as connection:
        # The audit's triggers would refuse, as they should.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(";".join(f"DELETE FROM {table.name}" for table in tables))
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Any]:
    made = make_engine(database_url)
    yield made
    made.dispose()
