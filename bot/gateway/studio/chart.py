"""Draws shares by week as columns: numbers for an SVG picture, coloured by the style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.annotation.drift import Week
from bot.conversations.understood import NOT_UNDERSTOOD

WIDTH, HEIGHT, FOOT = 720, 240, 26
MOST_SHOWN = 5
OTHERS = "all others"


@dataclass(frozen=True)
class Column:
    """A part of a week's column; `kind` is the place of its name among the names."""

    x: float
    y: float
    width: float
    height: float
    kind: int
    told: str


@dataclass(frozen=True)
class Chart:
    """`names` are what is shown, from the foot of the columns up; `weeks` the labels below."""

    names: tuple[str, ...]
    columns: tuple[Column, ...]
    weeks: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = FOOT


def chart_of(weeks: Sequence[Week]) -> Chart:
    """Return the picture: what was not understood first, then the most said, then all others."""
    counts: Counter[str] = Counter()
    for week in weeks:
        counts.update(week.counts)
    counts.pop(NOT_UNDERSTOOD, None)
    names = (NOT_UNDERSTOOD, *(name for name, _ in counts.most_common(MOST_SHOWN)), OTHERS)
    step = WIDTH / max(len(weeks), 1)
    columns = [
        column
        for place, week in enumerate(weeks)
        for column in _columns(week, names, left=place * step, width=step)
    ]
    every = max(1, len(weeks) // 8)
    labels = [
        (place * step + step / 2, week.name.partition("-")[2])
        for place, week in enumerate(weeks)
        if place % every == 0
    ]
    return Chart(names, tuple(columns), tuple(labels))


def _columns(week: Week, names: tuple[str, ...], *, left: float, width: float) -> list[Column]:
    if not week.messages:
        return []
    shares = [week.share(name) for name in names[:-1]]
    shares.append(max(0.0, 1 - sum(shares)))
    found, top = [], float(HEIGHT - FOOT)
    gap = min(4.0, width / 6)
    for kind, share in enumerate(shares):
        height = share * (HEIGHT - FOOT)
        top -= height
        told = f"{week.name}: {names[kind]} {share:.0%}"
        if height > 0:
            found.append(
                Column(
                    round(left + gap / 2, 1), round(top, 1), round(width - gap, 1),
                    round(height, 1), kind, told,
                )
            )  # fmt: skip
    return found
