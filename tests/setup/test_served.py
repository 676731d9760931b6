"""What a desk that starts serves, with real files and a small process in place of the training."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.integrations.kept_examples import kept_examples
from bot.integrations.versions import Versions
from bot.model_files import content_hash, program_hash
from bot.publishing.history import Kind, Line, live
from bot.settings import ROOT, Mode, Settings, from_environment
from bot.supervisor import training
from bot.supervisor.served import choose_served

WRITES = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('learned')"
NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(training, "TRAINER", [sys.executable, "-c", WRITES])
    folders = {"DESK_MODEL_FOLDER": tmp_path / "models", "DESK_STATE_FOLDER": tmp_path / "var"}
    return from_environment({name: str(folder) for name, folder in folders.items()})


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "var" / "publishing")


@pytest.fixture
def said() -> list[str]:
    return []


def published(versions: Versions, tmp_path: Path, **other: str) -> Path:
    """Have a version of earlier data live."""
    model = tmp_path / "earlier.tar.gz"
    model.write_text("learned earlier")
    kept = versions.keep(model)
    given = {"files": content_hash(ROOT), "program": program_hash(ROOT), **other}
    versions.add(Line(Kind.PUBLISHED, 1, kept.name, by="Kim Lee", at=NOW, **given))
    return kept


def test_the_first_start_learns_the_data_and_is_version_one_once_it_answers(
    ours: Settings, versions: Versions, said: list[str]
) -> None:
    served = choose_served(ours, versions, say=said.append)
    assert served.model.read_text() == "learned"
    assert versions.history() == []
    served.note_as_live()
    (line,) = versions.history()
    assert (line.version, line.kind, line.model) == (1, Kind.STARTED, served.model.name)
    assert len(kept_examples(served.model)) > 1000
    again = choose_served(ours, versions, say=said.append)
    again.note_as_live()
    assert (again.model, len(versions.history())) == (served.model, 1)


def test_data_that_was_changed_since_is_served_in_development_alone(
    ours: Settings, versions: Versions, tmp_path: Path, said: list[str]
) -> None:
    earlier = published(versions, tmp_path, files="other data")
    production = replace(ours, mode=Mode.PRODUCTION)
    assert choose_served(production, versions, say=said.append).model == earlier
    assert "The training data was changed since" in said[-1]
    served = choose_served(ours, versions, say=said.append)
    served.note_as_live()
    assert served.model.read_text() == "learned"
    now = live(versions.history())
    assert now is not None
    assert (now.version, now.kind) == (2, Kind.STARTED)


@pytest.mark.parametrize("mode", [Mode.DEVELOPMENT, Mode.PRODUCTION])
def test_a_changed_program_or_a_lost_model_means_learning_anew(
    ours: Settings, versions: Versions, tmp_path: Path, said: list[str], mode: Mode
) -> None:
    published(versions, tmp_path, program="another program")
    at = replace(ours, mode=mode)
    assert choose_served(at, versions, say=said.append).model.read_text() == "learned"
    published(versions, tmp_path).unlink()
    assert choose_served(at, versions, say=said.append).model.read_text() == "learned"
