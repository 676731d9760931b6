"""The part of the composition root that tries, reviews and measures what the assistant does."""

from __future__ import annotations

from pathlib import Path

from bot.bootstrap_base import database, unit_of_work
from bot.integrations.assistant_files import AssistantFiles
from bot.integrations.assistant_note import AssistantNote
from bot.integrations.clock import SystemClock
from bot.integrations.dialogue_files import DialogueFolders
from bot.integrations.dialogue_journal import DialogueLog
from bot.integrations.rehearsal_stage import RehearsalStage
from bot.integrations.training_folder import TrainingFolder
from bot.settings import ROOT, Settings
from bot.storage.demo_company import demo_accounts
from bot.storage.review_views import SqlReviewViews
from bot.use_cases.review_room import ReviewRoom


def review_room(settings: Settings, root: Path = ROOT) -> ReviewRoom:
    """Return the room over the project in `root`; nothing is started or read yet."""
    from bot.integrations.model_files import ModelInUse, newest_model  # spaCy takes seconds

    note = AssistantNote(settings.state_folder / "publishing" / "assistant.json")

    def live_model() -> Path:
        """The model that answers customers; before any did, the newest."""
        if note.path.exists() and note.model().exists():
            return note.model()
        return newest_model(settings.model_folder)

    clock = SystemClock()
    return ReviewRoom(
        stage=RehearsalStage(settings, model=live_model),
        views=SqlReviewViews(database(settings.database_url)),
        unit_of_work=unit_of_work(settings),
        data=TrainingFolder(root / "data" / "nlu"),
        files=DialogueFolders(root),
        journal=DialogueLog(settings.state_folder / "studio" / "dialogues.jsonl"),
        parts=AssistantFiles(root),
        clock=clock,
        engine=ModelInUse(live_model).engine,
        accounts=tuple(
            (books.account.number, books.account.name)
            for books in demo_accounts(clock.now().date())
        ),
    )
