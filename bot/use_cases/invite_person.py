"""Bring somebody onto the staff, or give them a new way in: by a link that works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.errors import NotPossible, PersonNotFound
from bot.people.audit import AuditEntry
from bot.people.person import Person
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception

log = structlog.get_logger()


@dataclass(frozen=True)
class Invitation:
    """`secret` belongs into the link and is told this once."""

    person: Person
    secret: str
    expires_at: datetime


def add_person(person: Person, *, by: str | None, at: Reception) -> Invitation:
    """Keep a new person and invite them; `by` is who does it, None for the command line.

    Raises:
        NotPossible: somebody has this address already.
    """
    with at.unit_of_work() as uow:
        if not uow.people.add(person):
            raise NotPossible(
                f"{person.email} is on the staff already. `people invite` gives them a new link."
            )
        details = {"whom": person.id, "roles": sorted(role.value for role in person.roles)}
        uow.audit.add(AuditEntry("person_added", by, details=details), now=at.clock.now())
        invitation = _invite(uow, person, by, at)
        uow.commit()
    log.info("person_added", person=person.id, by=by)
    return invitation


def invite_person(
    email: str, *, by: str | None, at: Reception, new_second_factor: bool = False
) -> Invitation:
    """Invite somebody again; the old password works until the invitation is taken.

    Args:
        new_second_factor: the person lost it. It is taken away at once, and so is the password,
            or whoever found it would get in with the password alone.

    Raises:
        PersonNotFound: nobody has this address.
        NotPossible: the person is disabled.
    """
    with at.unit_of_work() as uow:
        person = uow.people.of_email(email)
        if person is None:
            raise PersonNotFound(email)
        if person.disabled_at is not None:
            raise NotPossible(f"{email} is disabled. `people enable` lets them in again.")
        if new_second_factor:
            uow.people.set_second_factor(person.id, None, step=0)
            uow.people.set_password(person.id, None)
            uow.staff_sessions.end_all(person.id)
        invitation = _invite(uow, person, by, at, new_second_factor=new_second_factor)
        uow.commit()
    log.info("person_invited", person=person.id, by=by, new_second_factor=new_second_factor)
    return invitation


def _invite(
    uow: StaffUnitOfWork,
    person: Person,
    by: str | None,
    at: Reception,
    *,
    new_second_factor: bool = False,
) -> Invitation:
    now, secret = at.clock.now(), at.secrets.secret()
    expires_at = now + at.invitation_valid
    uow.invitations.add(at.secrets.digest(secret), person.id, expires_at=expires_at)
    details = {"whom": person.id, "new_second_factor": new_second_factor}
    uow.audit.add(AuditEntry("person_invited", by, details=details), now=now)
    return Invitation(person, secret, expires_at)
