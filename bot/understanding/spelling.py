"""A word with one slip of the keyboard is read as the everyday word that was meant.

The first letter is taken to be right, and the everyday words are few: what is one slip away from
none of them, or is a word of its own, stays as it was typed. The words lie beside this file, are
part of the program and never change while it runs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from bot.understanding.chat_words import CONTRACTIONS, SAME_WORD, SHORTHAND, SLIPS
from bot.understanding.normalise import edit_distance

_HERE = Path(__file__).parent
SHORTEST = 4


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a list beside this file, in its order."""
    lines = (_HERE / f"{name}_words.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=1)
def _ranks() -> Mapping[str, int]:
    return {word: rank for rank, word in enumerate(words_of("everyday"))}


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    chat = (*SHORTHAND, *CONTRACTIONS, *SAME_WORD)
    return frozenset((*words_of("everyday"), *words_of("neighbour"), *chat))


@lru_cache(maxsize=1)
def _by_what_is_left() -> Mapping[str, list[str]]:
    """Everyday words by what is left of them without one letter, and by themselves."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in _ranks():
        for rest in _rests(word):
            found[rest].append(word)
    return found


def is_known(word: str) -> bool:
    """Say whether this plain word is one, as far as we know."""
    return word in _known()


@lru_cache(maxsize=8_192)
def respelled(word: str) -> str:
    """Return the everyday word that this plain word is one slip away from, or the word itself."""
    if word in SLIPS:
        return SLIPS[word]
    if len(word) < SHORTEST or not word.isalpha() or is_known(word):
        return word
    # Two words are one slip apart only if they share what is left of them without a letter.
    alike = {near for rest in _rests(word) for near in _by_what_is_left().get(rest, ())}
    meant = [
        near
        for near in alike
        if _is_long_enough(word, near) and edit_distance(word, near, at_most=1) <= 1
    ]
    return min(meant, key=_ranks().__getitem__, default=word)


def _is_long_enough(word: str, near: str) -> bool:
    """Four letters with a wrong one can be too many things; with one missing or swapped they do."""
    return len(word) > SHORTEST or len(near) > SHORTEST or sorted(word) == sorted(near)


def _rests(word: str) -> Iterator[str]:
    yield word
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]


_TYPED = re.compile(r"(?<![\w'’@./-])[A-Za-z]{4,}(?![\w'’@/-]|\.\w)")


# Slips that are words of their own are seen by what stands beside them.
_BESIDE = (
    (
        re.compile(
            r"\b((?:end|cancel|terminat|break|stop|clos)\w* (?:my|our|the|this) )contact(?! \w)",
            re.IGNORECASE,
        ),
        r"\1contract",
    ),
    (re.compile(r"\btank(?= you\b)", re.IGNORECASE), "thank"),
)


def with_spelling(text: str) -> str:
    """Return the text with its slips mended."""
    mended = _TYPED.sub(_mended, text)
    for slip, meant in _BESIDE:
        mended = slip.sub(meant, mended)
    return mended


def _mended(found: re.Match[str]) -> str:
    typed = found.group()
    meant = respelled(typed.lower())
    return typed if meant == typed.lower() else meant
