"""The assistant once a run, and a fresh desk with the demo accounts for every dialogue."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.integrations.clock import SystemClock
from bot.integrations.model_files import ModelInUse
from bot.storage import migrate
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.engine import make_engine
from tests.dialogues.assistant import ListenedTo, model_under_test, serve
from tests.dialogues.line import Line


@pytest.fixture(scope="session")
def assistant() -> Iterator[ListenedTo]:
    with serve() as listened_to:
        yield listened_to


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "desk.db"
    migrate.upgrade(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    SqlDemoAccounts(engine).load_if_missing(now=SystemClock().now())
    engine.dispose()
    return path


@pytest.fixture
def line(
    assistant: ListenedTo,
    demo_database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Line]:
    for part in demo_database.parent.glob("desk.db*"):
        shutil.copy(part, tmp_path / part.name)
    engine = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    made = Line(engine, assistant, ModelInUse(model_under_test), SystemClock().now())
    monkeypatch.setattr("actions.door.desk", lambda: made.desk)
    yield made
    engine.dispose()
