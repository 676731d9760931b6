"""Change what somebody works as, or whether they work here at all; it holds from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from bot.errors import PersonNotFound
from bot.people.audit import AuditEntry
from bot.people.person import Person
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception

log = structlog.get_logger()


def change_person(email: str, *, by: str | None, at: Reception, **changed: Any) -> Person:
    """Change roles, level, skills, team, capacity or name, and return who they are now.

    Open pages notice within seconds; nobody has to sign in again.

    Raises:
        PersonNotFound: nobody has this address.
    """
    with at.unit_of_work() as uow:
        person = replace(_locked(email, uow), **changed)
        uow.people.save(person)
        details = {"whom": person.id, "roles": sorted(role.value for role in person.roles)}
        details |= {"level": person.level.value, "changed": sorted(changed)}
        uow.audit.add(AuditEntry("person_changed", by, details=details), now=at.clock.now())
        uow.commit()
    log.info("person_changed", person=person.id, by=by, changed=sorted(changed))
    return person


def disable_person(email: str, *, by: str | None, at: Reception) -> Person:
    """Let somebody in no more: sessions end, an open invitation is void, nothing is deleted.

    Raises:
        PersonNotFound: nobody has this address.
    """
    now = at.clock.now()
    with at.unit_of_work() as uow:
        person = _locked(email, uow).disabled(now=now)
        uow.people.save(person)
        ended = uow.staff_sessions.end_all(person.id)
        uow.invitations.withdraw(person.id)
        details = {"whom": person.id, "sessions": ended}
        uow.audit.add(AuditEntry("person_disabled", by, details=details), now=now)
        uow.commit()
    log.info("person_disabled", person=person.id, by=by, sessions=ended)
    return person


def enable_person(email: str, *, by: str | None, at: Reception) -> Person:
    """Let somebody in again, as what they were, with the password they had.

    Raises:
        PersonNotFound: nobody has this address.
    """
    with at.unit_of_work() as uow:
        person = replace(_locked(email, uow), disabled_at=None)
        uow.people.save(person)
        details = {"whom": person.id}
        uow.audit.add(AuditEntry("person_enabled", by, details=details), now=at.clock.now())
        uow.commit()
    log.info("person_enabled", person=person.id, by=by)
    return person


def _locked(email: str, uow: StaffUnitOfWork) -> Person:
    person = uow.people.of_email(email)
    if person is None:
        raise PersonNotFound(email)
    return uow.people.locked(person.id)
