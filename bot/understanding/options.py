"""Which of the options on the table an answer means: by its words, its place, or its number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.concepts import stem
from bot.understanding.normalise import tokens
from bot.understanding.wordlists import word_set

ALL, NONE = "both", "neither"

_ORDINALS = {
    "first": 0, "1st": 0, "former": 0, "top": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2,
    "3rd": 2, "fourth": 3, "fifth": 4,
}  # fmt: skip
_LAST = ("last", "bottom")
_NUMBERS = {"one": 0, "two": 1, "three": 2, "four": 3}
# Words of an answer that choose nothing.
_IDLE = word_set(
    "the one a an my i would like want please it that this for of to is option number choose pick "
    "take go with have me okay yes just then and 's in on at subscription plan order"
)
_WHICH_NUMBER = re.compile(
    r"^\W*(?:(?:option|number|no|nr|the)\W*)?#?(?P<number>[1-9])\W*(?:please)?\W*$"
)
_ALL = re.compile(r"^(?:both|all|all of (?:them|it)|both of them|everything|the lot|each|all 0)$")
_NONE = re.compile(r"\b(?:neither|none|nothing of|no one of|not any)\b")
_NOT = frozenset(("not", "except", "but"))


@dataclass(frozen=True)
class Option:
    """Something to choose: its id, and the plain words by which it may be called."""

    id: str
    words: frozenset[str]

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Option:
        """Take the form of the assistant channel: `id`, `title` and perhaps `words`."""
        named = " ".join(
            [str(raw.get("title", "")), *map(str, raw.get("words") or ()), str(raw["id"])]
        )
        return cls(str(raw["id"]), frozenset(_stems(named)))


def chosen_option(plain: str, options: Sequence[Option], *, raw: str | None = None) -> str | None:
    """Return the id of the option an answer names, `both` or `neither`, or None.

    `plain` is the normalised answer, `raw` the answer as typed (figures are lost in plain text).
    """
    if not options:
        return None
    if _ALL.match(plain):
        return ALL
    if _NONE.search(plain):
        return NONE
    place = _place(plain, raw if raw is not None else plain, len(options))
    if place is not None:
        return options[place].id
    return _by_words(plain, options)


def _place(plain: str, raw: str, count: int) -> int | None:
    match = _WHICH_NUMBER.match(raw)
    words = plain.split()
    place: int | None = None
    if match:
        place = int(match["number"]) - 1
    elif len(words) <= 6:
        typed = re.findall(r"[a-z0-9]+", raw.lower())
        place = next((_ORDINALS[word] for word in (*words, *typed) if word in _ORDINALS), None)
        if place is None and any(word in _LAST for word in words):
            place = count - 1
        if place is None and len(words) <= 2 and words[-1:] and words[-1] in _NUMBERS:
            place = _NUMBERS[words[-1]]
    return place if place is not None and place < count else None


def _by_words(plain: str, options: Sequence[Option]) -> str | None:
    """The one option that the answer's words fit best; words that fit all say nothing."""
    said = _stems(plain)
    shared = (
        frozenset.intersection(*(option.words for option in options))
        if options[1:]
        else frozenset()
    )
    named: list[str] = []
    refused: list[str] = []
    for option in options:
        hits = [
            place
            for place, word in enumerate(said)
            if word in option.words - shared - _STEMMED_IDLE
        ]
        if hits:
            negated = any(word in _NOT for word in said[max(0, hits[0] - 3) : hits[0]])
            (refused if negated else named).append(option.id)
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        return _fits_best(said, [option for option in options if option.id in named])
    left = [option.id for option in options if option.id not in refused]
    return left[0] if refused and len(left) == 1 else None


def _fits_best(said: Sequence[str], options: Sequence[Option]) -> str | None:
    fits = sorted(
        ((len(option.words.intersection(said) - _STEMMED_IDLE), option.id) for option in options),
        reverse=True,
    )
    if fits[0][0] > fits[1][0]:
        return fits[0][1]
    # "Home and mother": every option was named.
    return ALL if "and" in said and len(fits) == 2 else None


def _stems(text: str) -> list[str]:
    return [stem(word) for word in tokens(text)]


_STEMMED_IDLE = frozenset(stem(word) for word in _IDLE)
