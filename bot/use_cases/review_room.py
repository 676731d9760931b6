"""Everything that trying, reviewing and measuring need, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.engine import Engine
from bot.use_cases.coverage_ports import AssistantParts
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import Clock
from bot.use_cases.review_ports import DialogueFiles, DialogueJournal, ReviewViews, Stage
from bot.use_cases.studio_ports import TrainingData


@dataclass(frozen=True)
class ReviewRoom:
    """`engine` returns what the current model understands with.

    `accounts` are the demo accounts to rehearse with, number and customer's name.
    """

    stage: Stage
    views: ReviewViews
    unit_of_work: Callable[[], AuditedUnitOfWork]
    data: TrainingData
    files: DialogueFiles
    journal: DialogueJournal
    parts: AssistantParts
    clock: Clock
    engine: Callable[[], Engine]
    accounts: tuple[tuple[str, str], ...]

    @property
    def account_numbers(self) -> tuple[str, ...]:
        return tuple(number for number, _name in self.accounts)
