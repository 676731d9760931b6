"""Receptions for tests: the real parts on a test's own database, with passwords hashed lightly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.integrations.ids import RandomIds
from bot.integrations.second_factor import TotpSecondFactor
from bot.integrations.staff_passwords import Argon2Passwords
from bot.integrations.staff_secrets import RandomStaffSecrets
from bot.people.person import Person
from bot.people.role import Level, Role
from bot.settings import Settings
from bot.storage.audit_repository import SqlAuditBook
from bot.storage.staff_views import SqlStaffViews
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.reception import Reception

STAFF_KEY = "the staff's key, long enough to seal"
PASSWORD = "nine quiet otters"


@lru_cache(maxsize=1)
def light_passwords() -> Argon2Passwords:
    return Argon2Passwords(memory_kib=64, passes=1)


@lru_cache(maxsize=1)
def _hashed() -> str:
    return light_passwords().hash(PASSWORD)


def a_reception(engine: Any, clock: Any, settings: Settings | None = None) -> Reception:
    return Reception(
        unit_of_work=lambda: SqlUnitOfWork(engine, RandomIds()),
        views=SqlStaffViews(engine),
        audit=SqlAuditBook(engine),
        clock=clock,
        secrets=RandomStaffSecrets(STAFF_KEY),
        passwords=light_passwords(),
        second_factor=TotpSecondFactor(STAFF_KEY),
        needs_second_factor=bool(settings and settings.in_production),
        company="Larder",
    )


def a_person(reception: Reception, *roles: Role, email: str = "", **more: Any) -> Person:
    """Keep somebody who has `PASSWORD` and no second factor."""
    roles = roles or (Role.AGENT,)
    email = email or f"{'-'.join(role.value for role in roles)}@larder.example"
    person = Person(
        reception.secrets.person(),
        email,
        more.pop("name", "Kim"),
        frozenset(roles),
        reception.clock.now(),
        more.pop("level", Level.AGENT),
        **more,
    )
    with reception.unit_of_work() as uow:
        assert uow.people.add(person)
        uow.people.set_password(person.id, _hashed())
        uow.commit()
    return person
