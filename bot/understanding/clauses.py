"""The parts of a message that can each say something of their own, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A long rant is cut; what matters stands within the first clauses, and time stays bounded.
MAX_CLAUSES = 24

_BREAK = re.compile(
    r"(?:[.!?;:\n…]+|,|\(|\)|\s[-–—]+\s|—)(?=\s|$)|[!?\n]+"
    r"|\s(?=(?:and|but|because|cause|cuz|coz|so|since|plus|also|although|though|while|then)\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]", re.UNICODE)
_LEADING = re.compile(
    r"(?:\s|[-–—,;:.!?()\"]|(?:and|but|because|cause|cuz|coz|so|since|plus|then|although"
    r"|though)\s)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A part of a message: `message[start:end] == text`."""

    start: int
    end: int
    text: str


def clauses(message: str) -> list[Clause]:
    """Return the clauses of a message in order; a message without a break is one clause."""
    edges = [0]
    for match in _BREAK.finditer(message):
        edges += [match.start(), match.end()]
    edges.append(len(message))
    # Between an odd and an even edge stands only the break itself.
    found = [_trimmed(message, edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    return [clause for clause in found if clause is not None][:MAX_CLAUSES]


def _trimmed(message: str, start: int, end: int) -> Clause | None:
    part = message[start:end]
    if not _WORD.search(part):
        return None
    leading = _LEADING.match(part)
    if leading and leading.end() < len(part) and _WORD.search(part[leading.end() :]):
        start += leading.end()
    end = start + len(message[start:end].rstrip(" \t\n,;:-–—("))
    return Clause(start, end, message[start:end])
