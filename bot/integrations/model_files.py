"""Reads the understanding engine out of a trained model, without Rasa or TensorFlow."""

from __future__ import annotations

import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from bot.encoder_files import find_encoder
from bot.errors import SetupError
from bot.integrations.clock import SystemClock
from bot.understanding.encoder import Encoder
from bot.understanding.engine import Engine
from bot.understanding.engine_files import ARRAYS_FILE, JSON_FILE
from bot.understanding.parsed import LEAVING, OTHER_LANGUAGE
from bot.use_cases.understand import understand

_MODELS = "*.tar.gz"
_PARTS = (ARRAYS_FILE, JSON_FILE)


def newest_model(folder: Path) -> Path:
    """Return the model file that was written last.

    Raises:
        SetupError: the folder holds none.
    """
    models = sorted(folder.glob(_MODELS), key=lambda path: path.stat().st_mtime_ns)
    if not models:
        raise SetupError(f"There is no model in {folder}. Run `make train`.")
    return models[-1]


def load_engine(model_path: Path, *, encoder: Encoder | None = None) -> Engine:
    """Return the engine that a model was trained with; 0.2 s. `encoder` is used in place of ours.

    Raises:
        SetupError: the file is no model of ours, or one of an older form.
    """
    try:
        with tarfile.open(model_path) as archive:
            files = {
                PurePosixPath(member.name).name: archive.extractfile(member).read()  # type: ignore[union-attr]
                for member in archive
                if member.isfile() and PurePosixPath(member.name).name in _PARTS
            }
        return Engine.from_files(files, encoder=encoder or find_encoder())
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise SetupError(
            f"The model {model_path} cannot be read ({error}). Run `make train`."
        ) from error


def parse_lines(
    lines: Iterable[str], model_path: Path, *, today: date | None = None
) -> Iterator[dict[str, Any]]:
    """Yield what each line means, in the form of the `parse` contract, one object a line.

    Dates that depend on the day are reckoned from `today`, by default this machine's. Lines are
    read and answered one by one, so that a pipe that stays open is answered at once.

    Raises:
        SetupError: the model cannot be read.
    """
    engine = load_engine(model_path)
    day = today or SystemClock().now().date()
    return (understand(line, engine=engine, today=day).as_json() for line in lines)


class ModelInUse:
    """The model that `which` names, read when first asked and again when another is named."""

    def __init__(self, which: Callable[[], Path]) -> None:
        """Take what names it; nothing is read yet, so that a desk without a model can start."""
        self._which = which
        self._path: Path | None = None
        self._engine: Engine | None = None
        self._reading = threading.Lock()

    def wants_to_leave(self, text: str) -> bool:
        """Whether these words say that the customer wants to cancel, or end what they bought.

        Raises:
            SetupError: there is no model yet.
        """
        parsed = understand(text, engine=self.engine(), today=_ANY_DAY)
        if parsed.intent == OTHER_LANGUAGE:
            return parsed.signals.wants_to_leave
        return any(intent in LEAVING for intent in parsed.intents)

    def engine(self) -> Engine:
        """Return the engine of the model in use. Raises SetupError: there is no model yet."""
        path = self._which()
        # Turns run side by side: each would read the model for itself, all at the worst moment.
        with self._reading:
            if self._engine is None or path != self._path:
                engine = load_engine(path)
                # The first sentence compiles hundreds of patterns; better now than for a customer.
                understand("hello", engine=engine, today=_ANY_DAY)
                self._engine, self._path = engine, path
            return self._engine


class NewestModel(ModelInUse):
    """The newest model of a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(lambda: newest_model(folder))


# What a wish to leave means does not depend on the day.
_ANY_DAY = date(2000, 1, 1)
