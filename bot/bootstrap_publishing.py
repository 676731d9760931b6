"""Puts together what publishing needs: the versions, the assistant's note, and the wishes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.bootstrap_base import database, unit_of_work
from bot.integrations.assistant_note import AssistantNote
from bot.integrations.clock import SystemClock
from bot.integrations.job_file import JobFile
from bot.integrations.versions import Versions
from bot.integrations.wishes import Wishes
from bot.model_files import content_hash
from bot.publishing.comparison import Comparison, read_comparison
from bot.publishing.watch import Tally
from bot.settings import ROOT, Settings
from bot.storage.studio_views import SqlStudioViews
from bot.storage.turn_health import SqlTurnHealth
from bot.use_cases.publishing_desk import PublishingDesk


@dataclass(frozen=True)
class Publishing:
    """What the supervisor, the command line and the pages share.

    `comparison` is the file that holds the newest one; `recent_texts` returns what customers said
    in the last so many days, no more than so many, without what is personal.
    """

    versions: Versions
    note: AssistantNote
    wishes: Wishes
    job: JobFile
    comparison: Path
    recent_texts: Callable[[timedelta, int], list[str]]


def publishing(settings: Settings) -> Publishing:
    folder = settings.state_folder / "publishing"
    return Publishing(
        Versions(folder),
        AssistantNote(folder / "assistant.json"),
        Wishes(folder / "wishes"),
        JobFile(folder),
        folder / "comparison.json",
        partial(_recent_texts, settings),
    )


def _recent_texts(settings: Settings, span: timedelta, most: int) -> list[str]:
    views = SqlStudioViews(database(settings.database_url))
    heard = views.heard_since(SystemClock().now() - span, most=most)
    return list(dict.fromkeys(one.text for one in heard))


def turn_health(settings: Settings) -> Callable[[datetime, datetime], Tally]:
    """Return what counts how the turns of a span of time went."""
    return SqlTurnHealth(database(settings.database_url)).tally


def publishing_desk(settings: Settings) -> PublishingDesk:
    """Return what the trainers' page of versions needs."""
    at = publishing(settings)

    def comparison() -> Comparison | None:
        if not at.comparison.exists():
            return None
        return read_comparison(json.loads(at.comparison.read_text(encoding="utf-8")))

    return PublishingDesk(
        history=at.versions.history,
        job=at.job.read,
        comparison=comparison,
        files=lambda: content_hash(ROOT),
        running=at.wishes,
        unit_of_work=unit_of_work(settings),
        clock=SystemClock(),
    )
