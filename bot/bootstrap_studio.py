"""Puts the trainers' studio together: the training files, the journal, git, what was heard."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.bootstrap_base import database, unit_of_work
from bot.integrations.clock import SystemClock
from bot.integrations.studio_git import GitCheckout
from bot.integrations.studio_journal import StudioJournal
from bot.integrations.training_files import held_out_texts
from bot.integrations.training_folder import TrainingFolder
from bot.settings import ROOT, Settings
from bot.storage.studio_views import SqlStudioViews
from bot.use_cases.studio_desk import StudioDesk

TRAINING_DATA = ROOT / "data" / "nlu"


def studio(settings: Settings, folder: Path = TRAINING_DATA) -> StudioDesk:
    """Return the studio of the training files in `folder`; its journal is kept with the state."""
    data = TrainingFolder(folder)
    return StudioDesk(
        unit_of_work=unit_of_work(settings),
        views=SqlStudioViews(database(settings.database_url)),
        data=data,
        journal=StudioJournal(settings.state_folder / "studio" / "journal.jsonl"),
        git=GitCheckout(data),
        clock=SystemClock(),
        held_out=partial(held_out_texts, ROOT),
    )
