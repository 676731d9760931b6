"""Forget who somebody of the staff was; what they did stays on record under their number."""

from __future__ import annotations

import structlog

from bot.errors import PersonNotFound
from bot.people.audit import AuditEntry
from bot.people.person import Person
from bot.use_cases.count_tries import Try
from bot.use_cases.reception import Reception

log = structlog.get_logger()


def erase_staff(email: str, *, by: str | None, at: Reception) -> Person:
    """Take away name, address and every way in, and the name beside what they said and noted.

    The audit names people by a number that says nothing about them, so that it stays as it is and
    can be checked as before.

    Raises:
        PersonNotFound: nobody has this address.
    """
    now = at.clock.now()
    with at.unit_of_work() as uow:
        found = uow.people.of_email(email)
        if found is None:
            raise PersonNotFound(email)
        person = uow.people.locked(found.id).forgotten(now=now)
        uow.people.save(person)
        uow.people.set_password(person.id, None)
        uow.people.set_second_factor(person.id, None, step=0)
        uow.people.rename_in_conversations(person.id, person.name)
        # Failed tries are counted by address.
        uow.tries.forget(Try.account(found.email).key)
        uow.staff_sessions.end_all(person.id)
        uow.invitations.withdraw(person.id)
        uow.audit.add(AuditEntry("person_erased", by, details={"whom": person.id}), now=now)
        uow.commit()
    log.info("person_erased", person=person.id, by=by)
    return person
