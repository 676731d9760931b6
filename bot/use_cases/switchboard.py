"""Everything the conversation use cases need, wired once by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.use_cases.ports import (
    Assistant,
    Billing,
    Clock,
    DeskUnitOfWork,
    Guard,
    Ids,
    Mover,
    Understanding,
    Views,
    Wording,
)


@dataclass(frozen=True)
class Limits:
    """How long and how much.

    `lease`: how soon another worker takes over a turn whose worker died; renewed while it works.
    `patience`: after it the customer is told that the answer takes long, and offered the exits.
    `gives_up_after`: then a person is asked for; the turn would otherwise block all later ones.
    """

    lease: timedelta = timedelta(seconds=5)
    patience: timedelta = timedelta(seconds=20)
    gives_up_after: timedelta = timedelta(minutes=15)
    silence: timedelta = timedelta(minutes=30)
    messages_per_minute: int = 30


@dataclass(frozen=True)
class Switchboard:
    unit_of_work: Callable[[], DeskUnitOfWork]
    views: Views
    clock: Clock
    ids: Ids
    billing: Billing
    move: Mover
    assistant: Assistant
    wording: Wording
    understanding: Understanding
    guard: Guard
    limits: Limits = field(default_factory=Limits)
    # Tells waiting readers and workers of this process that a conversation changed; losing one is
    # harmless, because both look again by themselves.
    wake: Callable[[str], None] = lambda conversation: None
    # Tells the numbers of this process which rule a message broke that was held back.
    count_breach: Callable[[str], None] = lambda rule: None
