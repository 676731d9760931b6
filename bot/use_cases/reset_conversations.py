"""Empty the desk for a fresh demo: conversations closed, queue and tickets emptied."""

from __future__ import annotations

from collections.abc import Callable

from bot.use_cases.ports import Clock, DeskUnitOfWork


def reset_conversations(*, unit_of_work: Callable[[], DeskUnitOfWork], clock: Clock) -> int:
    """Close every conversation, its turns, tickets and waiting cancellations; return how many.

    Records of save attempts stay; `show_attempts` lists those since this moment.
    """
    with unit_of_work() as uow:
        closed = uow.conversations.close_all(now=clock.now())
        uow.commit()
    return closed
