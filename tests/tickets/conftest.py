"""A desk on a database of its own, and the helpdesk its tickets go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)
from tests.faulty_line import FaultyLine, faulty_line
from tests.tickets.desk import TicketDesk
from tests.tickets.served import Helpdesk, served


@pytest.fixture(scope="session")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpdesk]:
    with served(tmp_path_factory.mktemp("helpdesk")) as running:
        yield running


@pytest.fixture
def faulty(helpdesk: Helpdesk) -> Iterator[FaultyLine]:
    server = helpdesk.url.rpartition("/")[0]
    with faulty_line(server) as spoilt:
        yield spoilt


@pytest.fixture
def desk(engine: Any) -> TicketDesk:  # noqa: F811
    return TicketDesk(engine)
