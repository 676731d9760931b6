"""A rule of the proof: its number, its statement, and the check that looks for where it breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.retention.proof.passages import Passage
from bot.retention.proof.place import Place


@dataclass(frozen=True)
class Broken:
    """What is wrong, and what the customer would have done next where that belongs to it."""

    what: str
    then: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class PassageRule:
    """A rule about one move and its answer."""

    number: str
    statement: str
    check: Callable[[Passage], Iterator[Broken]]


@dataclass(frozen=True)
class PlaceRule:
    """A rule about what could be done from a place."""

    number: str
    statement: str
    check: Callable[[Place], Iterator[Broken]]
