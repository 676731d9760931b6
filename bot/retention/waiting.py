"""Waiting for a person: how long it takes now, as a range, or that nobody knows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.retention.desk_hours import DeskHours

# From fewer waits than these nothing can be said.
FEWEST_WAITS = 5
_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60)


@dataclass(frozen=True)
class Wait:
    """From so many minutes to so many; `to_minutes` None is more than an hour."""

    from_minutes: int
    to_minutes: int | None


@dataclass(frozen=True)
class QueueNow:
    """What is known about the queue: waits that ended within `window`, and who waits now.

    `waits` are those of customers whom a person took; `longest` is how long the one in front has
    waited already.
    """

    waits: Sequence[timedelta] = ()
    window: timedelta = timedelta(hours=2)
    ahead: int = 0
    longest: timedelta = timedelta(0)


@dataclass(frozen=True)
class Staffing:
    """Who is there for customers; `anybody_here` None where only the hours can tell."""

    hours: DeskHours
    anybody_here: bool | None = None
    queue: QueueNow = QueueNow()

    def is_on_duty(self, at: datetime) -> bool:
        return self.hours.is_open(at) if self.anybody_here is None else self.anybody_here


def expected_wait(queue: QueueNow) -> Wait | None:
    """Return how long the next customer will wait, or None where it is not known.

    The middle of recent waits is told as a range, from their lower quarter to their upper tenth.
    A queue that grew since makes it longer: people are taken in the rhythm of the window. Who
    stands in front has waited so long already; to promise less than that would be a lie.
    """
    if len(queue.waits) < FEWEST_WAITS:
        return None
    waits = sorted(queue.waits)
    by_rhythm = queue.ahead * queue.window / len(waits)
    low = max(_quantile(waits, 0.25), by_rhythm / 2)
    high = max(_quantile(waits, 0.9), by_rhythm * 2, queue.longest)
    return _rounded(low.total_seconds() / 60, high.total_seconds() / 60)


def _quantile(waits: Sequence[timedelta], share: float) -> timedelta:
    return waits[min(len(waits) - 1, math.ceil(share * len(waits)) - 1)]


def _rounded(low: float, high: float) -> Wait:
    """Round outwards to minutes that people say."""
    to = next((step for step in _MINUTES if step >= high), None)
    below = [step for step in _MINUTES if step <= low and (to is None or step < to)]
    return Wait(below[-1] if below else 0, to)
