"""What somebody signed in does with their own account: confirm it is them, change the password."""

from __future__ import annotations

import structlog

from bot.errors import SignInRefused
from bot.people.audit import AuditEntry
from bot.people.passwords import LONGEST, check_password, normal
from bot.people.person import StaffMember
from bot.use_cases.count_tries import Try, count_try, succeeded
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception

log = structlog.get_logger()


def confirm(staff: StaffMember, secret: str, password: str, *, at: Reception) -> None:
    """Note that the person at this session knows the password, for the next minutes.

    Raises:
        SignInRefused: it does not fit.
        TooManyTries: says when to try again.
    """
    tried = (Try.confirmation(staff.person_id),)
    count_try(tried, at=at)
    with at.unit_of_work() as uow:
        credentials = uow.people.credentials(staff.person_id)
    fits = at.passwords.fits(credentials.password_hash, normal(password)[: LONGEST + 1])
    now = at.clock.now()
    with at.unit_of_work() as uow:
        uow.audit.add(
            AuditEntry("confirmed" if fits else "confirmation_refused", staff.person_id), now=now
        )
        if fits:
            succeeded(uow, tried)
            uow.staff_sessions.confirmed(at.secrets.digest(secret), now=now)
        uow.commit()
    if not fits:
        raise SignInRefused
    log.info("confirmed", person=staff.person_id)


def change_password(staff: StaffMember, secret: str, password: str, *, at: Reception) -> None:
    """Set a new password; other sessions end, open invitations are void.

    The caller has made sure that the old one was given in the last minutes.

    Raises:
        PasswordRefused: says what is wrong with it.
    """
    with at.unit_of_work() as uow:
        email = uow.people.get(staff.person_id).email
    check_password(password, about=(staff.name, email, at.company))
    hashed = at.passwords.hash(normal(password))
    with at.unit_of_work() as uow:
        uow.people.locked(staff.person_id)
        uow.people.set_password(staff.person_id, hashed)
        uow.invitations.withdraw(staff.person_id)
        uow.staff_sessions.end_all(staff.person_id, but=at.secrets.digest(secret))
        uow.audit.add(AuditEntry("password_changed", staff.person_id), now=at.clock.now())
        uow.commit()
    log.info("password_changed", person=staff.person_id)


def end_session(staff: StaffMember, digest: str, *, at: Reception) -> None:
    """End one of the person's own sessions; another's is left alone."""
    with at.unit_of_work() as uow:
        _end_own(uow, staff, digest)
        uow.audit.add(AuditEntry("session_ended", staff.person_id), now=at.clock.now())
        uow.commit()
    log.info("session_ended", person=staff.person_id)


def _end_own(uow: StaffUnitOfWork, staff: StaffMember, digest: str) -> None:
    session = uow.staff_sessions.get(digest)
    if session is not None and session.person == staff.person_id:
        uow.staff_sessions.end(digest)
