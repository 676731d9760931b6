"""Whether customers say other things than before: weeks compared by the stability index.

The population stability index of two samples sums (p - q) ln(p / q) over the kinds. Where nothing
changed it is about chi-squared over the sizes: Yurdakul, "Statistical properties of population
stability index" (2018). So a week counts as changed only where its index is larger than chance
makes it (1 in 100) and than what is commonly taken for a change that matters (0.1).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import NormalDist

# Fewer messages tell more about chance than about customers.
FEWEST = 100
MATTERS, LARGE = 0.1, 0.25
_CHANCE = 0.01
_EXPECTED = 5
_REST = "(the rest)"


@dataclass(frozen=True)
class Week:
    """What was said in one ISO week, such as `2026-W47`: how often each intent was heard."""

    name: str
    starts_on: date
    counts: Mapping[str, int]

    @property
    def messages(self) -> int:
        return sum(self.counts.values())

    def share(self, intent: str) -> float:
        """Return its share of the week's messages, from 0 to 1."""
        return self.counts.get(intent, 0) / self.messages if self.messages else 0.0


@dataclass(frozen=True)
class Drift:
    """A week against those before it; `index` is None where there is too little to judge by.

    `changed` are the intents whose share moved most, with the change in percentage points.
    """

    week: Week
    verdict: str
    index: float | None = None
    by_chance: float | None = None
    changed: tuple[tuple[str, float], ...] = ()


def by_week(heard: Iterable[tuple[datetime, str]]) -> tuple[Week, ...]:
    """Return the weeks from the first message to the last, those without any included."""
    counts: dict[date, Counter[str]] = {}
    for at, intent in heard:
        monday = at.date() - timedelta(days=at.weekday())
        counts.setdefault(monday, Counter())[intent] += 1
    if not counts:
        return ()
    weeks = (max(counts) - min(counts)).days // 7 + 1
    mondays = [min(counts) + timedelta(weeks=number) for number in range(weeks)]
    return tuple(
        Week("{}-W{:02}".format(*monday.isocalendar()[:2]), monday, counts.get(monday, Counter()))
        for monday in mondays
    )


def drifts(weeks: Sequence[Week]) -> tuple[Drift, ...]:
    """Return each week held against all messages of the weeks before it."""
    before: Counter[str] = Counter()
    found = []
    for week in weeks:
        found.append(_drift(week, before))
        before.update(week.counts)
    return tuple(found)


def _drift(week: Week, before: Counter[str]) -> Drift:
    if week.messages < FEWEST:
        return Drift(week, f"Not judged: fewer than {FEWEST} messages.")
    if before.total() < FEWEST:
        return Drift(week, "Not judged: too little was said before to compare with.")
    earlier, now = _together(before, week.counts)
    index = stability_index(earlier, now)
    by_chance = largest_by_chance(len(now), sum(earlier), sum(now))
    points = {
        name: 100 * (week.share(name) - before[name] / before.total())
        for name in {**before, **week.counts}
    }
    moved = sorted(points.items(), key=lambda pair: -abs(pair[1]))
    return Drift(week, _verdict(index, by_chance), index, by_chance, tuple(moved[:3]))


def _verdict(index: float, by_chance: float) -> str:
    if index <= by_chance:
        return "As before: no more different than chance makes it."
    if index <= MATTERS:
        return "As before: different, but too little to matter."
    if index <= LARGE:
        return "Changed: customers say somewhat other things. Look at what moved."
    return "Changed much: customers say other things. Read the conversations of this week."


def _together(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[list[float], list[float]]:
    """Return both samples' counts by kind; kinds too rare for the arithmetic are one."""
    share = sum(now.values()) / (sum(before.values()) + sum(now.values()))
    earlier: dict[str, float] = {}
    later: dict[str, float] = {}
    for name in sorted({*before, *now}):
        both = before.get(name, 0) + now.get(name, 0)
        kind = name if both * min(share, 1 - share) >= _EXPECTED else _REST
        earlier[kind] = earlier.get(kind, 0) + before.get(name, 0)
        later[kind] = later.get(kind, 0) + now.get(name, 0)
    return list(earlier.values()), list(later.values())


def stability_index(before: Sequence[float], now: Sequence[float]) -> float:
    """Return the population stability index of two samples, given as counts of the same kinds.

    Half a message is added to each kind, so that one nobody said does not make it infinite.
    """
    kinds = len(before)
    total = 0.0
    for one, other in zip(before, now, strict=True):
        p = (one + 0.5) / (sum(before) + 0.5 * kinds)
        q = (other + 0.5) / (sum(now) + 0.5 * kinds)
        total += (q - p) * math.log(q / p)
    return total


def largest_by_chance(kinds: int, before: float, now: float) -> float:
    """Return how large the index gets, 99 times in 100, where nothing changed.

    The chi-squared quantile is Wilson and Hilferty's, within 1 % for 2 degrees of freedom or more.
    """
    freedom = kinds - 1
    if freedom < 1:
        return 0.0
    normal = NormalDist().inv_cdf(1 - _CHANCE)
    spread = 2 / (9 * freedom)
    quantile = freedom * (1 - spread + normal * math.sqrt(spread)) ** 3
    return quantile * (1 / before + 1 / now)
