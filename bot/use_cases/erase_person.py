"""Erase a person: their words and what was recorded about them; the chain stays checkable."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.errors import NotPossible
from bot.people.audit import AuditEntry
from bot.use_cases.note_audit import note_audit
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import Clock, PeopleErasure

log = structlog.get_logger()


def erase_person(
    account: str,
    *,
    people: PeopleErasure,
    unit_of_work: Callable[[], AuditedUnitOfWork],
    clock: Clock,
) -> dict[str, int]:
    """Erase everything the desk keeps about the account; return how many of what.

    That somebody was erased stands in the audit before it begins, and never who.

    The billing system's books are its own and stay. Messages, attempts, receipts and summaries go;
    of the records only their links stay, which tell nothing.

    Raises:
        NotPossible: a conversation is still open, or a cancellation still waits for billing.
    """
    in_the_way = people.still_needed(account)
    if in_the_way:
        raise NotPossible(f"{in_the_way} Erase {account} after that.")
    note_audit(AuditEntry("erasure_begun", None), unit_of_work=unit_of_work, clock=clock)
    erased = people.erase(account, now=clock.now())
    log.info("person_erased", **erased)
    return erased
