"""Set up a second factor: show a secret, take the first code, hand out recovery codes."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.errors import SetupError, SignInNeeded, SignInRefused
from bot.people.audit import AuditEntry
from bot.people.person import Person, StaffMember
from bot.people.session import Stage
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception, Visitor
from bot.use_cases.sign_in import SignedIn
from bot.use_cases.staff_session import begin, session_at

log = structlog.get_logger()


@dataclass(frozen=True)
class SecondFactorOffer:
    """A secret for the app: to type, to scan as `address`, and sealed, to come back with a code."""

    secret: str
    address: str
    sealed: bytes


@dataclass(frozen=True)
class SecondFactorTaken:
    """`recovery_codes` are told this once; `signed_in` is the new session, if any."""

    recovery_codes: tuple[str, ...]
    signed_in: SignedIn | None = None


def offer_second_factor(
    person: str, *, at: Reception, sealed: bytes | None = None
) -> SecondFactorOffer:
    """Return a secret; nothing is kept until a code made with it comes back.

    Args:
        sealed: what was offered before; it is offered again, because an app has it already. A new
            one is made where it is not this person's.
    """
    with at.unit_of_work() as uow:
        email = uow.people.get(person).email
    secret = _opened(sealed, person, at) if sealed else None
    if secret is None or sealed is None:
        secret = at.second_factor.new_secret()
        sealed = at.second_factor.seal(secret, person=person)
    address = at.second_factor.address(secret, email=email, company=at.company)
    return SecondFactorOffer(secret, address, sealed)


def who_sets_up(secret: str, *, at: Reception) -> str:
    """Return whose session has come as far as having to set up a second factor.

    Raises:
        SignInNeeded: there is no such session, or it is over.
    """
    with at.unit_of_work() as uow:
        return session_at(secret, Stage.SET_UP, uow, at=at).person


def take_first_second_factor(
    secret: str, sealed: bytes, code: str, visitor: Visitor, *, at: Reception
) -> SecondFactorTaken:
    """Keep the second factor somebody sets up while signing in, and sign them in.

    Raises:
        SignInNeeded: the session is over, or needs none.
        SignInRefused: the code does not belong to the secret; it can be tried again.
    """
    with at.unit_of_work() as uow:
        session = session_at(secret, Stage.SET_UP, uow, at=at)
        person = uow.people.locked(session.person)
        if not at.lets_in(person) or uow.people.credentials(person.id).has_second_factor:
            raise SignInNeeded
        codes = _keep(uow, person, sealed, code, at)
        uow.staff_sessions.end_all(person.id)
        fresh = begin(uow, person, Stage.FULL, visitor, at=at)
        uow.audit.add(AuditEntry("signed_in", person.id), now=at.clock.now())
        uow.commit()
    log.info("second_factor_set_up", person=person.id)
    known_as = at.secrets.known_browser(person.id, now=at.clock.now())
    return SecondFactorTaken(codes, SignedIn(fresh, Stage.FULL, known_as))


def replace_second_factor(
    staff: StaffMember, secret: str, sealed: bytes, code: str, *, at: Reception
) -> SecondFactorTaken:
    """Keep a new second factor in place of the old one, if any; other sessions end.

    The caller has made sure that the password was given in the last minutes.

    Raises:
        SignInRefused: the code does not belong to the secret; the old one still holds.
    """
    with at.unit_of_work() as uow:
        codes = _keep(uow, uow.people.locked(staff.person_id), sealed, code, at)
        uow.staff_sessions.end_all(staff.person_id, but=at.secrets.digest(secret))
        uow.commit()
    log.info("second_factor_replaced", person=staff.person_id)
    return SecondFactorTaken(codes)


def _keep(
    uow: StaffUnitOfWork, person: Person, sealed: bytes, code: str, at: Reception
) -> tuple[str, ...]:
    now, opened = at.clock.now(), _opened(sealed, person.id, at)
    if opened is None:
        raise SignInRefused
    step = at.second_factor.step_of(opened, "".join(code.split()), now=now)
    if step is None:
        raise SignInRefused
    uow.people.set_second_factor(person.id, sealed, step=step)
    codes = at.secrets.recovery_codes()
    uow.people.set_recovery_codes(person.id, [at.secrets.digest(one) for one in codes])
    uow.audit.add(AuditEntry("second_factor_set_up", person.id), now=now)
    return codes


def _opened(sealed: bytes, person: str, at: Reception) -> str | None:
    """It came with a request: that it does not open is no fault of ours."""
    try:
        return at.second_factor.open(sealed, person=person)
    except SetupError:
        return None
