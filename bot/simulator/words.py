"""Simulated customers' words: the written sentences, and how people vary them in typing."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("sentences.yml")
# None is an example of its own; the sentence behind it stays what it is.
_BEFORE = ("", "", "", "", "hi, ", "hello there, ", "hey, ", "good evening. ", "ok ", "listen, ")
_AFTER = ("", "", "", "", " thanks", " thank you", "!", ".", " pls", "...")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_EVERY_N = 9


@lru_cache(maxsize=1)
def sentences() -> dict[str, tuple[str, ...]]:
    """Return every written sentence, by what it means."""
    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {meant: tuple(str(one) for one in written) for meant, written in found.items()}


def say(meant: str, chance: random.Random, *, typos: float = 0.0, **figures: str) -> str:
    """Return a sentence that means this, in one of many writings.

    `typos` is the chance that one letter of a longer word is wrong; figures are filled in whole.
    """
    sentence = chance.choice(sentences()[meant])
    if "{" in sentence:
        return sentence.format(**figures)
    return in_a_writing(sentence, chance, typos=typos)


def in_a_writing(sentence: str, chance: random.Random, *, typos: float = 0.0) -> str:
    """Return a sentence as one of many people would type it; `typos` as in `say`."""
    if chance.random() < typos:
        sentence = mistyped(sentence, chance)
    sentence = chance.choice(_BEFORE) + sentence + chance.choice(_AFTER)
    return _in_a_hand(sentence, chance)


def mistyped(sentence: str, chance: random.Random) -> str:
    """Swap, drop, double or replace a letter inside one word of five letters or more."""
    words = [match.span() for match in re.finditer(r"[A-Za-z]{5,}", sentence)]
    if not words:
        return sentence
    start, end = chance.choice(words)
    at = chance.randrange(start + 1, end - 2)
    here, there = sentence[at], sentence[at + 1]
    wrong = chance.choice(
        (there + here, there, here + here + there, chance.choice(_LETTERS) + there)
    )
    return sentence[:at] + wrong + sentence[at + 2 :]


def _in_a_hand(sentence: str, chance: random.Random) -> str:
    """Write it as one person does: as it stands, all small, or now and then all capital."""
    hand = chance.randrange(_EVERY_N)
    if hand == 0:
        return sentence.upper()
    if hand <= 3:
        return sentence.lower().replace("'", "")
    return sentence[0].upper() + sentence[1:] if hand <= 6 else sentence
