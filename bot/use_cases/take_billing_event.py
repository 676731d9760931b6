"""Take what the billing system tells by itself, each event once; what waits is tried at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.use_cases.outside_billing import BillingEvent, BillingEvents
from bot.use_cases.ports import Billing, Clock, UnitOfWork
from bot.use_cases.waiting_cancellations import settle_cancellations

log = structlog.get_logger()


@dataclass(frozen=True)
class EventDesk:
    """What taking an event needs."""

    events: BillingEvents
    unit_of_work: Callable[[], UnitOfWork]
    billing: Billing
    clock: Clock


def take_billing_event(event: BillingEvent, *, desk: EventDesk) -> bool:
    """Return False when this event was taken before.

    The desk reads the billing system live, so an event changes nothing that is known here. It is a
    sign that the system is up: what it could not take before is tried now, and not in a while.
    """
    if not desk.events.take(event.id, now=desk.clock.now()):
        log.info("billing_event_repeated", billing_event=event.id, kind=event.kind)
        return False
    settled = settle_cancellations(
        unit_of_work=desk.unit_of_work, billing=desk.billing, clock=desk.clock
    )
    log.info(
        "billing_event_taken",
        billing_event=event.id,
        kind=event.kind,
        account=event.account,
        settled=settled,
    )
    return True
