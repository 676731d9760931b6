"""What the desk remembers about a billing system outside: what it was asked, and what it told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.retention.commands import Command


@dataclass(frozen=True)
class JournalEntry:
    """What an outside billing system was asked to do, written down before it is asked.

    `steps` is how, worked out once: finishing it later does the same. `done_at` is None until it
    is known to be done; `revoked_at` is when its concession was taken back, `effective_at` when
    what was agreed begins or ended. `number` counts up and names the concession; `revoked` are the
    numbers of those that it takes back.
    """

    number: int
    key: str
    account: str
    fingerprint: str
    command: Command
    steps: tuple[dict[str, Any], ...]
    begun_at: datetime
    effective_at: datetime | None = None
    revoked: tuple[int, ...] = ()
    done_at: datetime | None = None
    revoked_at: datetime | None = None


class BillingJournal(Protocol):
    """The desk's memory of what it asked an outside billing system for; each call commits."""

    def find(self, key: str) -> JournalEntry | None: ...

    def of_account(self, account: str) -> tuple[JournalEntry, ...]:
        """Oldest first."""

    def begin(self, entry: JournalEntry, *, after: int) -> bool:
        """Write it down (its number is given here) if `after` is still the account's newest number.

        False: something else was begun for this account meanwhile, or the key is known; decide
        again from what stands now.
        """

    def plan_anew(self, entry: JournalEntry, *, instead_of: JournalEntry) -> JournalEntry:
        """Write down how it will be done instead: nothing of it was done as it was planned.

        Returns what stands: somebody else's plan where they were quicker.
        """

    def done(self, key: str, *, revoked: Sequence[int], now: datetime) -> None:
        """It is known to be done, and with it the concessions of these numbers are taken back."""

    def drop(self, key: str) -> None:
        """It was refused as a whole: nothing was changed, and the key is free again."""


@dataclass(frozen=True)
class BillingEvent:
    """Something the billing system told by itself; `account` is None where it names none."""

    id: str
    kind: str
    account: str | None


class BillingEvents(Protocol):
    """What a billing system told by itself, each event once."""

    def take(self, event: str, *, now: datetime) -> bool:
        """Return False when this event was taken before."""
