"""Jurisdiction profiles: what the law, or our own stricter choice, allows during a cancellation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Profile:
    """One jurisdiction's rules; not legal advice.

    `offers_before_completion` caps the offers made before the cancellation is complete; 0 makes
    the profile strict: the first plain wish to leave is carried out. During `withdrawal_days`
    after a contract began, its day of beginning not counted, no offer stands before withdrawing.
    The record's days are those of UTC; where a day ends later, it ends `day_ends_hours_later`, so
    that nobody loses the last hours of a right.
    """

    key: str
    title: str
    offers_before_completion: int
    citation: str
    in_force_from: date
    withdrawal_days: int = 0
    day_ends_hours_later: int = 0

    @property
    def is_strict(self) -> bool:
        return self.offers_before_completion == 0

    def day_of(self, instant: datetime) -> date:
        """Return the day it still is somewhere in this jurisdiction."""
        return (instant - timedelta(hours=self.day_ends_hours_later)).date()

    def offers_on(self, day: date, *, began_on: date) -> int:
        """Return the cap on `day` for a contract that began on `began_on`."""
        last_day = began_on + timedelta(days=self.withdrawal_days)
        return 0 if self.withdrawal_days and day <= last_day else self.offers_before_completion


@dataclass(frozen=True)
class Profiles:
    """The known profiles and the rule that picks one."""

    known: tuple[Profile, ...]

    def of(self, jurisdiction: str | None, on: date) -> Profile:
        """Return the profile in force: the exact key (US-CO), its country (US), else the strictest.

        An unknown jurisdiction gets the strictest profile there is (R19).
        """
        in_force = [p for p in self.known if p.in_force_from <= on]
        for key in (jurisdiction, (jurisdiction or "").split("-")[0]):
            found = [p for p in in_force if p.key == key]
            if found:
                return min(found, key=lambda p: p.offers_before_completion)
        return min(in_force, key=lambda p: (p.offers_before_completion, p.key != "unknown"))

    def in_force(self, on: date) -> tuple[Profile, ...]:
        """Return the profile of every known key as it holds on `on`, by key."""
        begun = {profile.key for profile in self.known if profile.in_force_from <= on}
        return tuple(self.of(key, on) for key in sorted(begun))
