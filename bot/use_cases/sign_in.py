"""Sign somebody in: first the password, then the code of the second factor."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.errors import PersonInvalid, SignInNeeded, SignInRefused
from bot.people.audit import AuditEntry
from bot.people.passwords import LONGEST, normal
from bot.people.person import Credentials, Person, email_of
from bot.people.session import Stage
from bot.use_cases.count_tries import Try, count_try, succeeded
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception, Visitor
from bot.use_cases.staff_session import begin, session_at

log = structlog.get_logger()

LONGEST_CODE = 64


@dataclass(frozen=True)
class SignedIn:
    """`secret` is for the cookie and is told this once; `known_as` is for the browser to keep."""

    secret: str
    stage: Stage
    known_as: str = ""


def sign_in(email: str, password: str, visitor: Visitor, *, at: Reception) -> SignedIn:
    """Return a new session; without a second factor it is full, or must set one up.

    The try is counted before it is looked at, so that many at once are counted too. Whether there
    is such a person makes no difference to the answer, and none to the work that is done.

    Raises:
        SignInRefused: no such person, disabled, never took the invitation, or a wrong password.
        TooManyTries: by this account, browser or address; says when to try again.
    """
    person, credentials, tried = _who(email, visitor, at)
    # Outside any transaction: this takes long on purpose.
    fits = at.passwords.fits(
        credentials.password_hash if credentials else None, normal(password)[: LONGEST + 1]
    )
    if person is None or credentials is None or not at.lets_in(person) or not fits:
        _note_refusal(person, at)
        raise SignInRefused
    return _begin(person, credentials, tried, visitor, password, at)


def confirm_code(secret: str, code: str, visitor: Visitor, *, at: Reception) -> SignedIn:
    """Take the second factor's code, or a recovery code, and return the full session.

    Raises:
        SignInNeeded: the session is over, or has no second factor to wait for.
        SignInRefused: the code does not fit, or was used before.
        TooManyTries: says when to try again.
    """
    now = at.clock.now()
    tried = (Try.code(_half_signed_in(secret, at)),)
    count_try(tried, at=at)
    with at.unit_of_work() as uow:
        session = session_at(secret, Stage.CODE, uow, at=at)
        person = uow.people.locked(session.person)
        how = take_code(uow, person, code, at=at)
        if how is None or not at.lets_in(person):
            uow.audit.add(AuditEntry("code_refused", person.id), now=now)
            uow.commit()
            raise SignInRefused
        uow.staff_sessions.end(session.digest)
        fresh = begin(uow, person, Stage.FULL, visitor, at=at)
        succeeded(uow, tried)
        uow.audit.add(AuditEntry("signed_in", person.id, details={"with": how}), now=now)
        uow.commit()
    log.info("signed_in", person=person.id, second_factor=how)
    return SignedIn(fresh, Stage.FULL, at.secrets.known_browser(person.id, now=now))


def take_code(uow: StaffUnitOfWork, person: Person, code: str, *, at: Reception) -> str | None:
    """Use up a code of the app or a recovery code; return which it was, or None."""
    given = "".join(code[:LONGEST_CODE].split())
    credentials = uow.people.credentials(person.id)
    if credentials.sealed_secret is None:
        return None
    secret = at.second_factor.open(credentials.sealed_secret, person=person.id)
    now = at.clock.now()
    step = at.second_factor.step_of(secret, given, now=now)
    if step is not None:
        return "app" if uow.people.use_step(person.id, step) else None
    digest = at.secrets.digest(given.replace("-", "").upper())
    return "recovery_code" if uow.people.use_recovery_code(person.id, digest, now=now) else None


def _who(
    email: str, visitor: Visitor, at: Reception
) -> tuple[Person | None, Credentials | None, tuple[Try, ...]]:
    try:
        address = email_of(email)
    except PersonInvalid:
        address = ""
    with at.unit_of_work() as uow:
        person = uow.people.of_email(address)
        credentials = uow.people.credentials(person.id) if person else None
    known = person is not None and at.secrets.is_known(
        visitor.known_as, person.id, now=at.clock.now()
    )
    by = Try.browser(visitor.known_as) if known else Try.account(address)
    tried = (by, Try.address(visitor.address))
    count_try(tried, at=at)
    return person, credentials, tried


def _begin(
    person: Person,
    credentials: Credentials,
    tried: tuple[Try, ...],
    visitor: Visitor,
    password: str,
    at: Reception,
) -> SignedIn:
    now, stage = at.clock.now(), _stage(credentials, at)
    assert credentials.password_hash is not None
    renewed = (
        at.passwords.hash(normal(password))
        if at.passwords.is_old(credentials.password_hash)
        else None
    )
    with at.unit_of_work() as uow:
        # As they are now: a disabling may have come while the password was looked at.
        if not at.lets_in(uow.people.locked(person.id)):
            raise SignInRefused
        if renewed:
            uow.people.set_password(person.id, renewed)
        uow.staff_sessions.forget_older_than(now - at.limits.absolute)
        secret = begin(uow, person, stage, visitor, at=at)
        succeeded(uow, tried)
        what = "signed_in" if stage is Stage.FULL else "password_given"
        uow.audit.add(AuditEntry(what, person.id), now=now)
        uow.commit()
    log.info(what, person=person.id)
    full = stage is Stage.FULL
    return SignedIn(secret, stage, at.secrets.known_browser(person.id, now=now) if full else "")


def _stage(credentials: Credentials, at: Reception) -> Stage:
    if credentials.has_second_factor:
        return Stage.CODE
    return Stage.SET_UP if at.needs_second_factor else Stage.FULL


def _half_signed_in(secret: str, at: Reception) -> str:
    with at.unit_of_work() as uow:
        session = uow.staff_sessions.get(at.secrets.digest(secret))
    if session is None or session.stage is not Stage.CODE:
        raise SignInNeeded
    return session.person


def _note_refusal(person: Person | None, at: Reception) -> None:
    with at.unit_of_work() as uow:
        entry = AuditEntry("sign_in_refused", person.id if person else None)
        uow.audit.add(entry, now=at.clock.now())
        uow.commit()
    log.info("sign_in_refused", person=person.id if person else None)
