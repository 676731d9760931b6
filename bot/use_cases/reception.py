"""What signing in and looking after staff is done with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.people.person import Person
from bot.people.session import SessionLimits
from bot.use_cases.people_ports import (
    AuditBook,
    Passwords,
    SecondFactor,
    StaffSecrets,
    StaffUnitOfWork,
    StaffViews,
)
from bot.use_cases.ports import Clock


@dataclass(frozen=True)
class Reception:
    """`needs_second_factor`: nobody gets in without one, and who has none sets one up first.

    `closed_to` are people who are not let in here at all, such as the demo's in production.
    """

    unit_of_work: Callable[[], StaffUnitOfWork]
    views: StaffViews
    audit: AuditBook
    clock: Clock
    secrets: StaffSecrets
    passwords: Passwords
    second_factor: SecondFactor
    needs_second_factor: bool
    company: str
    limits: SessionLimits = field(default_factory=SessionLimits)
    invitation_valid: timedelta = timedelta(hours=72)
    closed_to: frozenset[str] = frozenset()

    def lets_in(self, person: Person) -> bool:
        return person.disabled_at is None and person.id not in self.closed_to


@dataclass(frozen=True)
class Visitor:
    """A browser at the door: its network address, what it calls itself, and its proof, if any,
    that somebody signed in with it before."""

    address: str
    client: str = ""
    known_as: str = ""
