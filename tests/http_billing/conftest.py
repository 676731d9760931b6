"""One reference server for all tests of the adapter, put back for each, and an empty journal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.engine import make_engine, writing
from bot.storage.journal_tables import billing_journal
from tests.faulty_line import FaultyLine, faulty_line
from tests.http_billing.served import OnItsClock, ReferenceServer, http_billing, served


def _database(template: Path, folder: Path) -> Iterator[Any]:
    path = folder / "books.db"
    shutil.copy(template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def reference_books(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    yield from _database(sqlite_template, tmp_path_factory.mktemp("reference"))


@pytest.fixture(scope="session")
def desk_engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from _database(sqlite_template, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="session")
def running(reference_books: Any) -> Iterator[ReferenceServer]:
    with served(reference_books) as server:
        yield server


@pytest.fixture
def server(running: ReferenceServer) -> ReferenceServer:
    running.begin_anew()
    return running


@pytest.fixture
def journal(desk_engine: Any) -> Any:
    """An empty journal, as its engine."""
    with writing(desk_engine) as connection:
        connection.execute(sa.delete(billing_journal))
    return desk_engine


@pytest.fixture
def billing(server: ReferenceServer, journal: Any) -> OnItsClock:
    return OnItsClock(http_billing(server.url, journal), server)


@pytest.fixture
def line(server: ReferenceServer) -> Iterator[FaultyLine]:
    with faulty_line(server.url) as spoilt:
        yield spoilt


@pytest.fixture
def over_line(server: ReferenceServer, journal: Any, line: FaultyLine) -> OnItsClock:
    """The billing system at the end of a line that can be spoilt, and with little patience."""
    return OnItsClock(http_billing(line.url, journal, timeout_seconds=0.25), server)


@pytest.fixture
def another_desk(server: ReferenceServer, journal: Any) -> OnItsClock:
    """Somebody else's way to the same accounts, with the same journal."""
    return OnItsClock(http_billing(server.url, journal), server)
