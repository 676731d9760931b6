"""A wish to leave is heard in messages that put it in passing, and not in those that only sound so.

`leaving.jsonl` holds ten rounds of messages, each written before the engine was asked about any
of it, and about half of them hard to tell from leaving. Nothing of them is trained on. The mistakes
in the first three have been read since; the others are seven other hands' and have not been read.
The floors lie a little under what was measured, and are lowered only where harder rounds were
added.
"""

from __future__ import annotations

import json
from functools import lru_cache

from bot.settings import ROOT
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import parse

HEARD, NOT_OVERHEARD, INTENTS = 0.975, 0.97, 0.945


@lru_cache(maxsize=1)
def understood() -> list[tuple[str, str]]:
    """Pairs of the intent that is right and the one that was understood."""
    text = (ROOT / "tests" / "understanding" / "leaving.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return [(row["intent"], parse(row["text"]).intent) for row in rows]


def test_a_wish_to_leave_is_heard_however_it_is_put():
    heard = [said in LEAVING for right, said in understood() if right in LEAVING]
    assert len(heard) >= 1_000
    assert sum(heard) / len(heard) >= HEARD


def test_what_only_sounds_like_leaving_is_not_taken_for_it():
    wished = [right in LEAVING for right, said in understood() if said in LEAVING]
    assert len(understood()) - len(wished) >= 700
    assert sum(wished) / len(wished) >= NOT_OVERHEARD


def test_the_intents_around_leaving_are_told_apart():
    right = [right == said for right, said in understood()]
    assert sum(right) / len(right) >= INTENTS
