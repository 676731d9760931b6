"""Phrasings that by themselves name a reason, as patterns over plain text (see `normalise`).

They are one kind of evidence among others: the classifier learns from the training data how far
each list can be trusted. A list states what people say, never whole sentences of an example.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding import cues_of_life, cues_of_product, cues_of_service

CUES = {**cues_of_product.CUES, **cues_of_service.CUES, **cues_of_life.CUES}


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    # Every cue begins with a word: where none begins, a hundred phrasings need not be tried.
    return {reason: re.compile(rf"\b(?=\w)(?:{cue})") for reason, cue in CUES.items()}


@lru_cache(maxsize=64)
def cued_reasons(plain: str) -> tuple[str, ...]:
    """Return the reasons whose cues stand in a plain text, in the order of the list."""
    return tuple(reason for reason, pattern in _patterns().items() if pattern.search(plain))
