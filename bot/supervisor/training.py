"""Train a model when there is none for the current data, showing how far it is."""

from __future__ import annotations

import fcntl
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import SetupError
from bot.model_files import model_path
from bot.settings import ROOT, Settings, as_environment
from bot.supervisor.child import Child, Part

# The warnings of the packages Rasa pins would fill the log and help nobody.
TRAINER = [sys.executable, "-W", "ignore", "-m", "bot.channels.train", "--to"]
MODELS_KEPT = 5
TICK_SECONDS = 0.2


def ensure_model(settings: Settings, *, say: Callable[[str], None], anew: bool = False) -> Path:
    """Return the model of the current data, training it first where there is none (or `anew`).

    Raises:
        SetupError: training failed; the sentence ends with the trainer's last words.
    """
    with _one_training_at_a_time(settings.model_folder, say):
        model = model_path(settings)
        if anew or not model.exists():
            say("Training a model for the current data")
            started = time.monotonic()
            _train(settings, model, say)
            say(f"Trained in {time.monotonic() - started:.0f} s: {model}")
            _forget_old_models(settings.model_folder, keep=model)
        # Whoever reads the newest model must find this one, also after going back to older data.
        model.touch()
        return model


def _train(settings: Settings, model: Path, say: Callable[[str], None]) -> None:
    # Trained aside and moved into place: a model file that is there is always whole.
    aside = model.parent / ".part" / model.name
    shutil.rmtree(aside.parent, ignore_errors=True)
    aside.parent.mkdir()
    child = Child(
        Part("training", [*TRAINER, str(aside)], health="", speaks=True),
        environment=as_environment(settings),
        log_folder=settings.log_folder,
        folder=ROOT,
        say=say,
    )
    try:
        while child.exit_code() is None:
            time.sleep(TICK_SECONDS)
    finally:
        child.kill()
    if child.exit_code() != 0 or not aside.exists():
        raise SetupError(
            f"Training failed. Its last words, from {child.log}:\n{child.last_words()}"
        )
    aside.replace(model)
    aside.parent.rmdir()


@contextmanager
def _one_training_at_a_time(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".training").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another training is at work in this folder; waiting for it.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _forget_old_models(folder: Path, *, keep: Path) -> None:
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for model in models[MODELS_KEPT:]:
        if model != keep:
            model.unlink()
