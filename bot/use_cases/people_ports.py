"""What signing in and looking after staff need from outside, as shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.people.audit import AuditEntry
from bot.people.person import Credentials, Person
from bot.people.session import StaffSession
from bot.people.slowing import Failures
from bot.retention.records import Link
from bot.use_cases.ports import UnitOfWork


class People(Protocol):
    """The staff, and apart from them what they prove themselves with."""

    def add(self, person: Person) -> bool:
        """Keep a new person; False when the address is somebody's already."""

    def of_email(self, email: str) -> Person | None: ...

    def get(self, person: str) -> Person:
        """Raises PersonNotFound."""

    def locked(self, person: str) -> Person:
        """Like `get`, and nobody else changes them until this unit of work ends."""

    def save(self, person: Person) -> None: ...

    def credentials(self, person: str) -> Credentials: ...

    def set_password(self, person: str, password_hash: str | None) -> None: ...

    def set_second_factor(self, person: str, sealed_secret: bytes | None, *, step: int) -> None:
        """Replace the second factor, or take it away; its recovery codes go."""

    def use_step(self, person: str, step: int) -> bool:
        """Take the code of these thirty seconds; False when it or a later one was taken."""

    def set_recovery_codes(self, person: str, digests: Sequence[str]) -> None: ...

    def use_recovery_code(self, person: str, digest: str, *, now: datetime) -> bool:
        """Take one; False when there is none such, or it was taken before."""

    def rename_in_conversations(self, person: str, name: str) -> None:
        """Put `name` beside everything they said to customers and noted for colleagues."""


class StaffSessions(Protocol):
    def add(self, session: StaffSession) -> None: ...

    def get(self, digest: str) -> StaffSession | None: ...

    def end(self, digest: str) -> None: ...

    def end_all(self, person: str, *, but: str | None = None) -> int:
        """End the person's sessions, `but` one; return how many."""

    def seen(self, digest: str, *, now: datetime) -> None: ...

    def confirmed(self, digest: str, *, now: datetime) -> None: ...

    def forget_older_than(self, moment: datetime) -> None:
        """Drop sessions that began before then: they have ended in any case."""


class Tries(Protocol):
    """Tries that have not succeeded; keys are kept as digests, because people mistype secrets."""

    def locked(self, key: str) -> Failures | None: ...

    def put(self, key: str, failures: Failures) -> None: ...

    def forget(self, key: str) -> None: ...

    def take_back(self, key: str) -> None:
        """Count one less: the try succeeded after all."""

    def forget_older_than(self, moment: datetime) -> None: ...


class Invitations(Protocol):
    def add(self, digest: str, person: str, *, expires_at: datetime) -> None:
        """Keep an invitation; an earlier one of the same person is void."""

    def person_of(self, digest: str, *, now: datetime) -> str | None:
        """Return whom it invites; None when it was used, has expired or never was."""

    def take(self, digest: str, *, now: datetime) -> str | None:
        """Like `person_of`, and it is used up."""

    def withdraw(self, person: str) -> None: ...


class Audit(Protocol):
    def add(self, *entries: AuditEntry, now: datetime) -> None:
        """Add to the end of the chain, in this transaction."""


class AuditedUnitOfWork(UnitOfWork, Protocol):
    @property
    def audit(self) -> Audit: ...

    def __enter__(self) -> AuditedUnitOfWork: ...


class StaffUnitOfWork(AuditedUnitOfWork, Protocol):
    @property
    def people(self) -> People: ...

    @property
    def staff_sessions(self) -> StaffSessions: ...

    @property
    def tries(self) -> Tries: ...

    @property
    def invitations(self) -> Invitations: ...

    def __enter__(self) -> StaffUnitOfWork: ...


class StaffViews(Protocol):
    """Answers to questions; each call sees one moment and changes nothing."""

    def signed_in(self, digest: str) -> tuple[StaffSession, Person] | None: ...

    def sessions_of(self, person: str) -> tuple[StaffSession, ...]: ...

    def everybody(self) -> tuple[StaffRow, ...]: ...


@dataclass(frozen=True)
class StaffRow:
    """A person as `python -m bot people list` shows them."""

    person: Person
    has_password: bool
    has_second_factor: bool
    invited_until: datetime | None
    recovery_codes_left: int


class AuditBook(Protocol):
    def links(self, *, person: str | None = None) -> Iterator[Link]:
        """Return the chain from its beginning; with `person` only their entries."""

    def newest(
        self, most: int, *, before: int | None = None, person: str | None = None
    ) -> tuple[Link, ...]:
        """Return at most so many entries, newest first; with `before` those of lower numbers."""


class Passwords(Protocol):
    """Hashes passwords, slowly on purpose."""

    def hash(self, password: str) -> str: ...

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether it fits; without a hash the same work is done, and the answer is no."""

    def is_old(self, password_hash: str) -> bool:
        """Whether it was made in a weaker way than new ones are."""


class SecondFactor(Protocol):
    """Time-based codes of six digits, and the seal their secrets are kept under."""

    def new_secret(self) -> str:
        """Return a secret in base32, as an app takes it."""

    def step_of(self, secret: str, code: str, *, now: datetime) -> int | None:
        """Return the thirty seconds the code belongs to, one before or after now; else None."""

    def seal(self, secret: str, *, person: str) -> bytes: ...

    def open(self, sealed: bytes, *, person: str) -> str:
        """Raises SetupError: it was sealed for another person or under another key."""

    def address(self, secret: str, *, email: str, company: str) -> str:
        """Return the `otpauth:` address that an app reads from a QR code."""


class StaffSecrets(Protocol):
    """Names and secrets that nobody can guess, and what is kept instead of secrets."""

    def person(self) -> str: ...

    def secret(self) -> str:
        """Return 256 random bits as text that needs no quoting in an address or a cookie."""

    def recovery_codes(self) -> tuple[str, ...]: ...

    def digest(self, secret: str) -> str:
        """Return 64 hex digits that stand for a secret of many random bits."""

    def known_browser(self, person: str, *, now: datetime) -> str:
        """Return what a browser keeps to show later that this person signed in there."""

    def is_known(self, proof: str, person: str, *, now: datetime) -> bool: ...
