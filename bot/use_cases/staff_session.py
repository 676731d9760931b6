"""Begin, recognise and end the sessions of staff."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.errors import ConfirmationNeeded, NotAllowed, SignInNeeded
from bot.people.audit import AuditEntry
from bot.people.permissions import Permission, may
from bot.people.person import Person, StaffMember
from bot.people.session import StaffSession, Stage
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception, Visitor

log = structlog.get_logger()

LONGEST_CLIENT = 200
LATELY = timedelta(minutes=5)


def begin(
    uow: StaffUnitOfWork, person: Person, stage: Stage, visitor: Visitor, *, at: Reception
) -> str:
    """Add a session under a new secret and return the secret, which is kept nowhere."""
    secret, now = at.secrets.secret(), at.clock.now()
    digest, client = at.secrets.digest(secret), visitor.client[:LONGEST_CLIENT]
    uow.staff_sessions.add(
        StaffSession(digest, person.id, stage, now, now, now, client, visitor.address)
    )
    return secret


def session_at(secret: str, stage: Stage, uow: StaffUnitOfWork, *, at: Reception) -> StaffSession:
    """Return the session of `secret`, if it has come exactly as far as `stage`.

    Raises:
        SignInNeeded: there is none, or it is over.
    """
    session = uow.staff_sessions.get(at.secrets.digest(secret))
    if session is None or session.stage is not stage:
        raise SignInNeeded
    if session.has_ended(at.limits, now=at.clock.now()):
        raise SignInNeeded
    return session


def who_is(
    secret: str,
    permission: Permission,
    *,
    at: Reception,
    touch: bool = True,
    fresh: bool = False,
) -> StaffMember:
    """Return who acts with the session of `secret`, as they are at this moment.

    Args:
        touch: whether this counts as an act of theirs, which keeps the session from going idle.
        fresh: the password must have been given in the last minutes.

    Raises:
        SignInNeeded: no session, over, not full, or the person was disabled.
        NotAllowed: none of their roles has the permission.
        ConfirmationNeeded: `fresh` was asked for.
    """
    now = at.clock.now()
    found = at.views.signed_in(at.secrets.digest(secret)) if secret else None
    if found is None:
        raise SignInNeeded
    session, person = found
    if session.stage is not Stage.FULL or session.has_ended(at.limits, now=now):
        raise SignInNeeded
    if not at.lets_in(person):
        raise SignInNeeded
    if not may(person.roles, permission):
        _note_denial(person, permission, at)
        raise NotAllowed
    if fresh and not session.is_confirmed(at.limits, now=now):
        raise ConfirmationNeeded
    if touch and session.is_due(at.limits, now=now):
        with at.unit_of_work() as uow:
            uow.staff_sessions.seen(session.digest, now=now)
            uow.commit()
    return person.as_staff()


def sign_out(secret: str, *, at: Reception) -> None:
    """End the session; one that is over already is no error."""
    with at.unit_of_work() as uow:
        session = uow.staff_sessions.get(at.secrets.digest(secret))
        if session is None:
            return
        uow.staff_sessions.end(session.digest)
        uow.audit.add(AuditEntry("signed_out", session.person), now=at.clock.now())
        uow.commit()
    log.info("signed_out", person=session.person)


def is_at_work(person: str, *, at: Reception) -> bool:
    """Say whether this person acted in any browser of theirs lately.

    A browser closed without signing out keeps its session for hours, and nobody sits there.
    """
    now = at.clock.now()
    return any(
        session.stage is Stage.FULL
        and not session.has_ended(at.limits, now=now)
        and now < session.last_seen_at + LATELY
        for session in at.views.sessions_of(person)
    )


def sign_out_elsewhere(staff: StaffMember, secret: str, *, at: Reception) -> int:
    """End all other sessions of this person; return how many there were."""
    with at.unit_of_work() as uow:
        ended = uow.staff_sessions.end_all(staff.person_id, but=at.secrets.digest(secret))
        details = {"sessions": ended}
        entry = AuditEntry("signed_out_elsewhere", staff.person_id, details=details)
        uow.audit.add(entry, now=at.clock.now())
        uow.commit()
    log.info("signed_out_elsewhere", person=staff.person_id, sessions=ended)
    return ended


def _note_denial(person: Person, permission: Permission, at: Reception) -> None:
    with at.unit_of_work() as uow:
        details = {"permission": permission.value}
        uow.audit.add(AuditEntry("denied", person.id, details=details), now=at.clock.now())
        uow.commit()
    log.info("denied", person=person.id, permission=permission.value)
