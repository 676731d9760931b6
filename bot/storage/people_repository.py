"""The staff as rows, with what they prove themselves with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import PersonNotFound
from bot.people.person import Credentials, Person
from bot.people.role import Level, Role
from bot.storage.agent_tables import agents, case_notes
from bot.storage.desk_tables import holds, messages
from bot.storage.people_tables import invitations, people, recovery_codes
from bot.storage.repositories import insert_once

_WHO = [column for column in people.c if column.name not in {"password_hash", "second_factor"}]


class SqlPeople:
    """Fits the port `People`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, person: Person) -> bool:
        if self.of_email(person.email) is not None:
            return False
        inserted: bool = insert_once(
            self._connection,
            people,
            id=person.id,
            created_at=person.created_at,
            last_step=0,
            **_changeable(person),
        )
        return inserted

    def of_email(self, email: str) -> Person | None:
        row = self._connection.execute(sa.select(_WHO).where(people.c.email == email)).one_or_none()
        return person_of(row) if row else None

    def get(self, person: str) -> Person:
        return self._one(sa.select(_WHO).where(people.c.id == person), person)

    def locked(self, person: str) -> Person:
        return self._one(sa.select(_WHO).where(people.c.id == person).with_for_update(), person)

    def save(self, person: Person) -> None:
        self._update(person.id, **_changeable(person))

    def credentials(self, person: str) -> Credentials:
        row = self._connection.execute(sa.select(people).where(people.c.id == person)).one()
        return Credentials(person, row.password_hash, row.second_factor, row.last_step)

    def set_password(self, person: str, password_hash: str | None) -> None:
        self._update(person, password_hash=password_hash)

    def set_second_factor(self, person: str, sealed_secret: bytes | None, *, step: int) -> None:
        self._update(person, second_factor=sealed_secret, last_step=step)
        self.set_recovery_codes(person, ())

    def use_step(self, person: str, step: int) -> bool:
        taken = self._connection.execute(
            sa.update(people)
            .where(people.c.id == person, people.c.last_step < step)
            .values(last_step=step)
        )
        return bool(taken.rowcount == 1)

    def set_recovery_codes(self, person: str, digests: Sequence[str]) -> None:
        self._connection.execute(sa.delete(recovery_codes).where(recovery_codes.c.person == person))
        for digest in digests:
            self._connection.execute(sa.insert(recovery_codes).values(person=person, digest=digest))

    def use_recovery_code(self, person: str, digest: str, *, now: datetime) -> bool:
        code = recovery_codes.c
        used = self._connection.execute(
            sa.update(recovery_codes)
            .where(code.person == person, code.digest == digest, code.used_at.is_(None))
            .values(used_at=now)
        )
        return bool(used.rowcount == 1)

    def rename_in_conversations(self, person: str, name: str) -> None:
        had = sa.select(agents.c.name).where(agents.c.id == person).scalar_subquery()
        held = sa.select(holds.c.conversation).where(holds.c.agent == person)
        theirs = (messages.c.sender_name == had, messages.c.conversation.in_(held))
        notes = case_notes.c.author == person
        for change in (
            sa.update(messages).where(*theirs).values(sender_name=name),
            sa.update(case_notes).where(notes).values(author_name=name),
            sa.update(agents).where(agents.c.id == person).values(name=name),
        ):
            self._connection.execute(change)

    def _one(self, query: Any, person: str) -> Person:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise PersonNotFound(person)
        return person_of(row)

    def _update(self, person: str, **values: Any) -> None:
        self._connection.execute(sa.update(people).where(people.c.id == person).values(**values))


class SqlInvitations:
    """Fits the port `Invitations`: one for each person, and only its digest."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, digest: str, person: str, *, expires_at: datetime) -> None:
        self.withdraw(person)
        self._connection.execute(
            sa.insert(invitations).values(digest=digest, person=person, expires_at=expires_at)
        )

    def person_of(self, digest: str, *, now: datetime) -> str | None:
        found: str | None = self._connection.execute(
            sa.select(invitations.c.person).where(
                invitations.c.digest == digest, invitations.c.expires_at > now
            )
        ).scalar_one_or_none()
        return found

    def take(self, digest: str, *, now: datetime) -> str | None:
        person = self.person_of(digest, now=now)
        gone = self._connection.execute(
            sa.delete(invitations).where(invitations.c.digest == digest)
        )
        return person if gone.rowcount == 1 else None

    def withdraw(self, person: str) -> None:
        self._connection.execute(sa.delete(invitations).where(invitations.c.person == person))


def person_of(row: Any) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        created_at=row.created_at,
        level=Level(row.level),
        skills=frozenset(row.skills),
        team=row.team,
        capacity=row.capacity,
        disabled_at=row.disabled_at,
    )


def _changeable(person: Person) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "level": person.level.value,
        "skills": sorted(person.skills),
        "team": person.team,
        "capacity": person.capacity,
        "disabled_at": person.disabled_at,
    }
