"""Take an invitation: look who is invited, then set a password, once."""

from __future__ import annotations

import structlog

from bot.errors import InvitationNotFound
from bot.people.audit import AuditEntry
from bot.people.passwords import check_password, normal
from bot.people.person import Person
from bot.use_cases.reception import Reception

log = structlog.get_logger()


def who_is_invited(secret: str, *, at: Reception) -> Person:
    """Return whom the link is for; it can be looked at any number of times.

    Raises:
        InvitationNotFound: used, expired, or never written.
    """
    with at.unit_of_work() as uow:
        invited = uow.invitations.person_of(at.secrets.digest(secret), now=at.clock.now())
        person = uow.people.get(invited) if invited else None
    if person is None or person.disabled_at is not None:
        raise InvitationNotFound
    return person


def accept_invitation(secret: str, password: str, *, at: Reception) -> Person:
    """Set the password and end every session there was; a second factor stays.

    Raises:
        InvitationNotFound: used meanwhile, expired, or never written.
        PasswordRefused: says what is wrong with it; the invitation can still be used.
    """
    person = who_is_invited(secret, at=at)
    check_password(password, about=(person.name, person.email, at.company))
    hashed = at.passwords.hash(normal(password))
    now = at.clock.now()
    with at.unit_of_work() as uow:
        if uow.invitations.take(at.secrets.digest(secret), now=now) != person.id:
            raise InvitationNotFound
        uow.people.locked(person.id)
        uow.people.set_password(person.id, hashed)
        uow.staff_sessions.end_all(person.id)
        uow.audit.add(AuditEntry("invitation_taken", person.id), now=now)
        uow.commit()
    log.info("invitation_taken", person=person.id)
    return person
