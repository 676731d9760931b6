"""Show somebody their own account: how they sign in, and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass

from bot.people.person import StaffMember
from bot.people.session import StaffSession, Stage
from bot.use_cases.reception import Reception


@dataclass(frozen=True)
class OwnAccount:
    """`here` is the session that asks; it is among `sessions`, the one used last first."""

    email: str
    has_second_factor: bool
    sessions: tuple[StaffSession, ...]
    here: str


def show_own_account(staff: StaffMember, secret: str, *, at: Reception) -> OwnAccount:
    now = at.clock.now()
    with at.unit_of_work() as uow:
        email = uow.people.get(staff.person_id).email
        credentials = uow.people.credentials(staff.person_id)
    open_ones = tuple(
        session
        for session in at.views.sessions_of(staff.person_id)
        if session.stage is Stage.FULL and not session.has_ended(at.limits, now=now)
    )
    here = at.secrets.digest(secret)
    return OwnAccount(email, credentials.has_second_factor, open_ones, here)
