"""A place of the proof: where one conversation stands, with an account's books in memory."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from bot.retention import knowing
from bot.retention.account import AccountHistory, Plan
from bot.retention.commands import Command
from bot.retention.dialogue import Dialogue, Situation, Step
from bot.retention.jurisdiction import Profiles
from bot.retention.policy import RetentionPolicy
from bot.retention.proof.memory import Memory
from bot.retention.save_attempt import SaveAttempt
from bot.retention.say import Say
from bot.retention.terms import Terms
from bot.retention.waiting import Staffing

# How long a message had to wait for its turn: what is asked counts from when it was posted (R18).
WAITED = timedelta(seconds=90)
CONVERSATION = "c-1"


class Ledger(Protocol):
    """One account's books under the real billing rules; a value, never changed in place."""

    def history(self, now: datetime) -> AccountHistory:
        """Return what billing tells at `now`; what became due by then is booked."""

    def after(self, commands: tuple[Command, ...], now: datetime) -> Ledger:
        """Return the books once billing has carried the commands out at `now`.

        Raises:
            NotPossible: the account's state does not allow one of them.
        """

    def charged_after(self, subscription: str, day: date) -> bool:
        """Say whether a charge for the time after that day stands in the books."""

    @property
    def shape(self) -> Hashable:
        """What of these books can make the dialogue go another way; equal for equal ways."""


@dataclass(frozen=True)
class Rules:
    """What the company and the law lay down, and how responses are put into words."""

    policies: tuple[RetentionPolicy, ...]
    profiles: Profiles
    terms: Terms
    catalogue: tuple[Plan, ...]
    word: Callable[[Say], str]


@dataclass(frozen=True)
class Beginning:
    """An account at a moment, from which conversations start.

    `ledger` holds the account's books. A `visitor` is known only once a code proved the account.
    `staffing` is who is there for customers; None where nobody says.
    """

    title: str
    ledger: Ledger
    now: datetime
    rules: Rules
    visitor: bool = False
    business: bool = False
    staffing: Staffing | None = None


@dataclass(frozen=True)
class Place:
    """Where one conversation stands; `ledger` is None until the visitor is known.

    `earlier` are the account's attempts as they were recorded. `owed` are the exits that billing
    could not take yet. `turns` counts the moves so far, from which attempts get their names.
    """

    beginning: Beginning
    ledger: Ledger | None
    dialogue: Dialogue
    now: datetime
    earlier: tuple[SaveAttempt, ...] = ()
    owed: tuple[Command, ...] = ()
    memory: Memory = field(default_factory=Memory)
    turns: int = 0

    @property
    def is_late(self) -> bool:
        """A day has passed since the conversation began."""
        return self.now > self.beginning.now

    @cached_property
    def situation(self) -> Situation:
        """Everything the dialogue is told here, as the desk would put it together."""
        rules = self.beginning.rules
        known = knowing.situation_at(
            self.now,
            self.ledger.history(self.now) if self.ledger else None,
            rules=rules,
            catalogue=rules.catalogue,
            conversation=CONVERSATION,
            new_id=f"n{self.turns}",
            earlier=self.earlier,
            asked_at=self.now - WAITED,
        )
        return replace(known, staffing=self.beginning.staffing)

    @property
    def is_strict(self) -> bool:
        """Nothing may be offered here before the cancellation is complete."""
        allowed = self.situation.profile.offers_before_completion
        return allowed == 0 or self.situation.in_holdout

    def at(self, now: datetime) -> Place:
        """Return the same conversation at another moment."""
        return replace(self, now=now)

    def then(self, step: Step, ledger: Ledger | None, memory: Memory) -> Place:
        """Return the place that a move's last step leads to; what changed is recorded."""
        changed = {attempt.id: attempt for attempt in (*self.earlier, *step.recorded)}
        earlier, turns = tuple(changed.values()), self.turns + 1
        return Place(
            self.beginning, ledger, step.dialogue, self.now, earlier, self.owed, memory, turns
        )


def first_place(beginning: Beginning) -> Place:
    """Return where a conversation stands before anything was said in it."""
    ledger = None if beginning.visitor else beginning.ledger
    return Place(beginning, ledger, Dialogue(), beginning.now)
