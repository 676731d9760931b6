"""Count tries at passwords and codes, and make whoever fails often wait."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.errors import TooManyTries
from bot.people import slowing
from bot.people.slowing import Slowing
from bot.use_cases.people_ports import StaffUnitOfWork
from bot.use_cases.reception import Reception

log = structlog.get_logger()


@dataclass(frozen=True)
class Try:
    """What a try is counted against, and how it is slowed."""

    key: str
    slowing: Slowing

    @classmethod
    def account(cls, email: str) -> Try:
        return cls(f"account {email}", slowing.ACCOUNT)

    @classmethod
    def browser(cls, proof: str) -> Try:
        return cls(f"browser {proof}", slowing.BROWSER)

    @classmethod
    def address(cls, address: str) -> Try:
        return cls(f"address {address}", slowing.ADDRESS)

    @classmethod
    def code(cls, person: str) -> Try:
        return cls(f"code {person}", slowing.CODE)

    @classmethod
    def confirmation(cls, person: str) -> Try:
        return cls(f"confirmation {person}", slowing.ACCOUNT)


def count_try(tries: Sequence[Try], *, at: Reception) -> None:
    """Count one more failure for each, to be taken back by `succeeded`.

    Raises:
        TooManyTries: one of them has to wait; nothing is counted then.
    """
    now = at.clock.now()
    with at.unit_of_work() as uow:
        waits = [0]
        for one in tries:
            until = one.slowing.wait_until(uow.tries.locked(one.key))
            waits.append(math.ceil((until - now).total_seconds()) if until else 0)
        if max(waits) > 0:
            log.warning("sign_in_slowed", seconds=max(waits))
            raise TooManyTries(max(waits))
        for one in tries:
            failures = one.slowing.after_one_more(uow.tries.locked(one.key), now=now)
            uow.tries.put(one.key, failures)
        uow.tries.forget_older_than(now - slowing.CODE.forgotten_after)
        uow.commit()


def succeeded(uow: StaffUnitOfWork, tries: Sequence[Try]) -> None:
    """Forget what stood against the account; the address only gets back this one try.

    Otherwise somebody with one account of their own could guess at others without end.
    """
    for one in tries:
        if one.slowing is slowing.ADDRESS:
            uow.tries.take_back(one.key)
        else:
            uow.tries.forget(one.key)
