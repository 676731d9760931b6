"""Switch check-ins off by the link of a mail."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from bot.errors import NotFound
from bot.use_cases.check_in_ports import OffLinks
from bot.use_cases.ports import Clock, UnitOfWork

log = structlog.get_logger()


def switch_check_ins_off(
    token: str, *, links: OffLinks, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> None:
    """Send the account of this link no more check-ins; a repeat changes nothing.

    Raises:
        NotFound: it is no link of ours.
    """
    account = links.account(token)
    if account is None:
        raise NotFound("This link is not valid. Tell us in the chat that you want none of these.")
    with unit_of_work() as uow:
        if uow.check_ins.contacts(account).is_on:
            uow.check_ins.switch(account, is_on=False, way="link", now=clock.now())
            uow.commit()
    log.info("check_ins_switched_off", way="link")
