"""Erase a person: their words and what was recorded about them; the chain stays checkable."""

from __future__ import annotations

import structlog

from bot.errors import NotPossible
from bot.use_cases.ports import Clock, PeopleErasure

log = structlog.get_logger()


def erase_person(account: str, *, people: PeopleErasure, clock: Clock) -> dict[str, int]:
    """Erase everything the desk keeps about the account; return how many of what.

    The billing system's books are its own and stay. Messages, attempts, receipts and summaries go;
    of the records only their links stay, which tell nothing.

    Raises:
        NotPossible: a conversation is still open, or a cancellation still waits for billing.
    """
    in_the_way = people.still_needed(account)
    if in_the_way:
        raise NotPossible(f"{in_the_way} Erase {account} after that.")
    erased = people.erase(account, now=clock.now())
    log.info("person_erased", **erased)
    return erased
