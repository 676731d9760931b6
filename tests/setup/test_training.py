"""Training happens when there is no model for the data, once, and a model file is always whole."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.settings import Settings, from_environment
from bot.supervisor import training

WRITES = "import sys, pathlib; print('learning things'); pathlib.Path(sys.argv[1]).write_text('m')"
BREAKS = "import sys; sys.exit('the data makes no sense')"


@pytest.fixture
def ours(tmp_path) -> Settings:
    folders = {"DESK_MODEL_FOLDER": tmp_path / "models", "DESK_STATE_FOLDER": tmp_path / "var"}
    return from_environment({name: str(folder) for name, folder in folders.items()})


def with_trainer(monkeypatch, script: str) -> None:
    """Let a small real process stand for the minutes that learning takes."""
    monkeypatch.setattr(training, "TRAINER", [sys.executable, "-c", script])


def test_a_missing_model_is_trained_and_its_progress_said(ours, monkeypatch):
    with_trainer(monkeypatch, WRITES)
    said: list[str] = []
    model = training.ensure_model(ours, say=said.append)
    assert model.read_text() == "m"
    assert "training: learning things" in said
    assert said[-1].startswith("Trained in")


def test_a_model_that_is_there_is_left_alone_unless_asked(ours, monkeypatch):
    with_trainer(monkeypatch, WRITES)
    model = training.ensure_model(ours, say=lambda _: None)
    model.write_text("learned before")
    said: list[str] = []
    assert training.ensure_model(ours, say=said.append) == model
    assert (said, model.read_text()) == ([], "learned before")
    training.ensure_model(ours, say=said.append, anew=True)
    assert model.read_text() == "m"


def test_failed_training_leaves_no_model_and_tells_the_last_words(ours, monkeypatch):
    with_trainer(monkeypatch, BREAKS)
    with pytest.raises(SetupError, match=r"Training failed(?s:.)*the data makes no sense"):
        training.ensure_model(ours, say=lambda _: None)
    assert not list(ours.model_folder.glob("*.tar.gz"))


def test_two_that_start_together_train_once(ours, monkeypatch):
    with_trainer(monkeypatch, f"import time; time.sleep(0.5); {WRITES}")
    said: list[str] = []
    both = [
        threading.Thread(target=training.ensure_model, args=(ours,), kwargs={"say": said.append})
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(sentence.startswith("Trained in") for sentence in said) == 1
    assert any("Another training is at work" in sentence for sentence in said)


def test_only_the_newest_models_are_kept(ours, monkeypatch):
    with_trainer(monkeypatch, WRITES)
    ours.model_folder.mkdir()
    for number in range(training.MODELS_KEPT + 3):
        (ours.model_folder / f"old{number}.tar.gz").write_text("")
    new = training.ensure_model(ours, say=lambda _: None)
    kept: list[Path] = list(ours.model_folder.glob("*.tar.gz"))
    assert len(kept) == training.MODELS_KEPT
    assert new in kept
