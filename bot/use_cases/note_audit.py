"""Note what a member of staff did or looked at, when there is no transaction to note it in."""

from __future__ import annotations

from collections.abc import Callable

from bot.people.audit import AuditEntry
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import Clock


def note_audit(
    *entries: AuditEntry, unit_of_work: Callable[[], AuditedUnitOfWork], clock: Clock
) -> None:
    """Add the entries to the chain; when this returns they are stored."""
    with unit_of_work() as uow:
        uow.audit.add(*entries, now=clock.now())
        uow.commit()
