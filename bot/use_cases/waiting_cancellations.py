"""Cancellations billing could not take: tried again until they are through (R18)."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.errors import BillingUnavailable, NotPossible
from bot.use_cases.ports import Billing, Clock, UnitOfWork
from bot.use_cases.recorded_act import act_entry, read_command

log = structlog.get_logger()


def settle_cancellations(
    *, unit_of_work: Callable[[], UnitOfWork], billing: Billing, clock: Clock
) -> int:
    """Try every waiting cancellation once more, oldest first; return how many went through.

    Each keeps the key and the instant of the first try: it is done once, as of when it was asked.
    """
    with unit_of_work() as uow:
        waiting = uow.cancellations.waiting()
    settled = 0
    for entry in waiting:
        account, command = entry["account"], read_command(entry["command"])
        result = "done"
        try:
            billing.execute(account, command, key=entry["key"], now=clock.now())
        except BillingUnavailable:
            return settled
        except NotPossible as error:
            # It ended by itself meanwhile, or was done by hand: nothing is owed any more.
            log.warning("waiting_cancellation_dropped", key=entry["key"], why=str(error))
            result = "not_possible"
        with unit_of_work() as uow:
            uow.cancellations.settled(entry["key"], now=clock.now())
            act = act_entry(account, entry["key"], command, result)
            uow.records.add([act], account=account, now=clock.now())
            uow.commit()
        settled += 1
    return settled
