"""Take note of customers who have fallen silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.conversations.holder import Holder
from bot.use_cases.events import SILENT, add_event
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()


def expire_silent(*, switchboard: Switchboard) -> tuple[str, ...]:
    """Give every conversation without a word for the set time one turn that says so, and return
    their ids. The conversation stays open; the turns are run by whoever runs `pending_turns`."""
    now = switchboard.clock.now()
    candidates = switchboard.views.silent_since(now - switchboard.limits.silence)
    expired = tuple(
        conversation for conversation in candidates if _expire(conversation, now, switchboard)
    )
    if expired:
        log.info("conversations_fell_silent", count=len(expired))
    return expired


def _expire(conversation: str, now: datetime, switchboard: Switchboard) -> bool:
    """Return False when the customer, a person or another worker was quicker."""
    with switchboard.unit_of_work() as uow:
        found = uow.conversations.locked(conversation)
        still_silent = (
            found.hold.holder is Holder.ASSISTANT
            and found.silent_since is None
            and found.heard_at <= now - switchboard.limits.silence
        )
        if still_silent:
            noted = add_event(replace(found, silent_since=now), SILENT, uow=uow, now=now)
            uow.conversations.save(noted, now=now)
            uow.commit()
    return still_silent
