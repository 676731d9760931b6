"""A broken rule, as the judge of a simulated conversation notes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.retention.jurisdiction import Profile
from bot.simulator.transcript import Conversation


@dataclass(frozen=True)
class Broken:
    """`at` is the place of the exchange in the conversation; `what` says what went wrong."""

    rule: str
    at: int
    what: str


@dataclass(frozen=True)
class Case:
    """A conversation with the profile that its customer stands under."""

    conversation: Conversation
    profile: Profile


Check = Callable[[Case], Iterator[Broken]]
