"""Puts the trainers' studio together: the training files, the journal, git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.integrations.studio_git import GitCheckout
from bot.integrations.studio_journal import StudioJournal
from bot.integrations.training_folder import TrainingFolder
from bot.settings import ROOT, Settings

TRAINING_DATA = ROOT / "data" / "nlu"


@dataclass(frozen=True)
class Studio:
    """What the studio's use cases are handed."""

    data: TrainingFolder
    journal: StudioJournal
    git: GitCheckout


def studio(settings: Settings, folder: Path = TRAINING_DATA) -> Studio:
    """Return the studio of the training files in `folder`; its journal is kept with the state."""
    data = TrainingFolder(folder)
    journal = StudioJournal(settings.state_folder / "studio" / "journal.jsonl")
    return Studio(data, journal, GitCheckout(data))
