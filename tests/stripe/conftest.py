"""One localstripe and one journal for a module; `billing` loads the demo company for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.engine import make_engine, writing
from bot.storage.journal_tables import billing_journal
from tests.databases import sqlite_template  # noqa: F401  a fixture
from tests.faulty_line import FaultyLine, faulty_line
from tests.stripe.served import (
    WITH_A_CLOCK,
    StripeServer,
    UnderTheDemosNames,
    served,
    stripe_billing,
    with_demo_company,
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeServer]:
    log = tmp_path_factory.mktemp("stripe") / "localstripe.log"
    with served(str(WITH_A_CLOCK), log=log) as running:
        yield running


@pytest.fixture(scope="module")
def engine(
    sqlite_template: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("journal") / "desk.db"
    shutil.copy(sqlite_template, path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def journal(engine: Any) -> Any:
    """An empty journal, as its engine."""
    with writing(engine) as connection:
        connection.execute(sa.delete(billing_journal))
    return engine


@pytest.fixture
def billing(server: StripeServer, journal: Any) -> UnderTheDemosNames:
    return with_demo_company(server, journal)


@pytest.fixture
def line(server: StripeServer) -> Iterator[FaultyLine]:
    with faulty_line(server.url) as spoilt:
        yield spoilt


@pytest.fixture
def over_line(server: StripeServer, journal: Any, line: FaultyLine) -> UnderTheDemosNames:
    """The billing system at the end of a line that can be spoilt, and with little patience."""
    return with_demo_company(server, journal, url=line.url, timeout_seconds=0.25)


@pytest.fixture
def another_desk(
    billing: UnderTheDemosNames, server: StripeServer, journal: Any
) -> UnderTheDemosNames:
    """Somebody else's way to the same accounts, with the same journal."""
    return replace(billing, billing=stripe_billing(server.url, journal))
