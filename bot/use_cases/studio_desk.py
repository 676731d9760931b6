"""Everything the trainers' pages need, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.use_cases.ports import Clock
from bot.use_cases.studio_ports import (
    Checkout,
    Journal,
    StudioUnitOfWork,
    StudioViews,
    TrainingData,
)


@dataclass(frozen=True)
class StudioDesk:
    """`held_out` gives texts that must not be trained on, with where they stand."""

    unit_of_work: Callable[[], StudioUnitOfWork]
    views: StudioViews
    data: TrainingData
    journal: Journal
    git: Checkout
    clock: Clock
    held_out: Callable[[], Mapping[str, str]]
