"""A sentence means the same however it is written: with a greeting, thanks, a please or a slip."""

from __future__ import annotations

import random

from bot.simulator import words
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import parse

EACH = 4
# Measured with 8 writings of each: 11 of 11,040.
SHARE = 0.004


def said_of(text: str) -> tuple[bool, bool, bool]:
    """Whether it is a wish to leave, whether it insists, and whether at once."""
    understood = parse(text)
    leaves = understood.intent in LEAVING
    signals = understood.signals
    return leaves, leaves and signals.insisting, leaves and signals.immediate


def test_writing_changes_no_wish_to_leave():
    chance = random.Random(11)
    sentences = [one for written in words.sentences().values() for one in written if "{" not in one]
    changed = []
    for sentence in sentences:
        meant = said_of(sentence)
        for _ in range(EACH):
            text = words.in_a_writing(sentence, chance, typos=0.6)
            if said_of(text) != meant:
                changed.append(text)
    assert len(changed) <= SHARE * EACH * len(sentences), changed
