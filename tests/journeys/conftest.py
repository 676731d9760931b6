"""One running desk for all journeys; each test starts from fresh demo accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.running_desk import RunningDesk, running_desk


@pytest.fixture(scope="session")
def the_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    with running_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture
def desk(the_desk: RunningDesk) -> RunningDesk:
    the_desk.reset()
    return the_desk
