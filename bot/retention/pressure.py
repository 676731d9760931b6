"""Pressure: words that hurry, shame, hinder or mislead somebody who wants to leave.

The kinds follow the dark patterns that regulators name (R12, and the sources of the exit rules):
false urgency, guilt, obstruction, misstatement. A text may state a date, a price or a consequence
as it is. Words are found by patterns; what is said of leaving is read by `claims`, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.retention.claims import false_claim
from bot.retention.pressure_patterns import GUILT, MISSTATEMENT, OBSTRUCTION, URGENCY

_KINDS = {
    "urgency": URGENCY,
    "guilt": GUILT,
    "obstruction": OBSTRUCTION,
    "misstatement": MISSTATEMENT,
}


@dataclass(frozen=True)
class Pressing:
    """One place that presses: its kind, and the words as they stand."""

    kind: str
    words: str


def pressing(text: str) -> tuple[Pressing, ...]:
    """Return every place of `text` that presses, in the order of the kinds; none is an answer."""
    plain = " ".join(text.lower().replace("’", "'").split())
    found = []
    for kind, pattern in _patterns().items():
        match = pattern.search(plain)
        if match:
            found.append(Pressing(kind, match.group()))
    claimed = false_claim(plain)
    if claimed and not found:
        found.append(Pressing("misstatement", claimed))
    return tuple(found)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile("|".join(parts)) for kind, parts in _KINDS.items()}
