"""Which model a desk that starts serves: the last one published, or that of the current data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.integrations.clock import SystemClock
from bot.integrations.kept_examples import keep_examples
from bot.integrations.training_files import read_training_files
from bot.integrations.versions import Versions
from bot.model_files import content_hash, program_hash
from bot.publishing.history import Kind, Line, live, numbered, to_serve
from bot.settings import ROOT, Settings
from bot.supervisor.training import ensure_model

STARTER = "the start of the desk"


@dataclass(frozen=True)
class Served:
    """The model, and the line to add to the history once it answers, if there is one to add."""

    model: Path
    versions: Versions
    new: Line | None = None

    def note_as_live(self) -> None:
        """Write into the history what is live by this start."""
        if self.new is not None:
            now = SystemClock().now()
            self.versions.add(numbered(self.new, self.versions.history(), now=now))


def choose_served(settings: Settings, versions: Versions, *, say: Callable[[str], None]) -> Served:
    """Choose what to serve, and train it first where there is no such model.

    Raises:
        SetupError: training failed; the sentence ends with the trainer's last words.
    """
    history, files, program = versions.history(), content_hash(ROOT), program_hash(ROOT)
    line = to_serve(history, files=files, program=program, only_published=settings.in_production)
    if line is not None and versions.model(line).exists():
        if files != line.files:
            say(
                f"Version {line.version} is live. The training data was changed since: "
                "`python -m bot studio publish` puts it live."
            )
        return Served(versions.model(line), versions)
    model = versions.keep(ensure_model(settings, say=say))
    if (now := live(history)) and now.model == model.name:
        return Served(model, versions)
    keep_examples(model, read_training_files(ROOT / "data" / "nlu"))
    return Served(model, versions, _started(model, files, program))


def _started(model: Path, files: str, program: str) -> Line:
    return Line(
        kind=Kind.STARTED,
        version=0,
        model=model.name,
        files=files,
        program=program,
        by=STARTER,
        at=SystemClock().now(),
    )
