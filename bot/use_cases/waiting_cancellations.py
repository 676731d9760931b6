"""What billing could not take, or broke off in: tried again until it is through (R18)."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.errors import BillingUnavailable, NotPossible
from bot.use_cases.ports import Billing, Clock, UnitOfWork
from bot.use_cases.recorded_act import act_entry, read_command

log = structlog.get_logger()

_FAILURES_IN_A_ROW = 3


def settle_cancellations(
    *, unit_of_work: Callable[[], UnitOfWork], billing: Billing, clock: Clock
) -> int:
    """Try everything that waits once more, oldest first; return how much went through.

    Each keeps the key and the instant of the first try: it is done once, as of when it was asked.
    One that billing keeps failing on does not hold the others up; a billing system that fails
    several times in a row is left alone until the next time.
    """
    with unit_of_work() as uow:
        waiting = uow.cancellations.waiting()
    settled = failures = 0
    for entry in waiting:
        account, command = entry["account"], read_command(entry["command"])
        result = "done"
        try:
            billing.execute(account, command, key=entry["key"], now=clock.now())
        except BillingUnavailable:
            failures += 1
            if failures == _FAILURES_IN_A_ROW:
                return settled
            continue
        except NotPossible as error:
            # It ended by itself meanwhile, or was done by hand: nothing is owed any more.
            log.warning("waiting_cancellation_dropped", key=entry["key"], why=str(error))
            result = "not_possible"
        with unit_of_work() as uow:
            uow.cancellations.settled(entry["key"], now=clock.now())
            act = act_entry(account, entry["key"], command, result)
            uow.records.add([act], account=account, now=clock.now())
            uow.commit()
        settled, failures = settled + 1, 0
    return settled
