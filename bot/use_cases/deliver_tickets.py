"""Bring tickets to where they go outside: each thing once, whatever dies or hangs on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.errors import InvalidInput, Unavailable
from bot.use_cases.ports import Clock, DeskUnitOfWork
from bot.use_cases.ticket_ports import Arrived, Delivery, TicketPlace

log = structlog.get_logger()

# Longer than a place may take with all its looking, so that no second worker sends meanwhile.
CLAIM = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=15)
# What hung may still be at work there when we look: until then it must have come to its end.
FIRST_WAIT = timedelta(seconds=30)


def deliver_tickets(
    *,
    unit_of_work: Callable[[], DeskUnitOfWork],
    clock: Clock,
    places: Mapping[str, TicketPlace],
) -> int:
    """Deliver everything that is due and return how much went out.

    A try is counted before anything is sent. Whoever dies while sending, or hears nothing, leaves
    that count: the next try looks first whether it arrived, and where a place cannot be looked at,
    the same name (`Delivery.key`) lets it know a repeat.
    """
    done = 0
    while (delivery := _claim(unit_of_work, clock)) is not None:
        done += _deliver(delivery, unit_of_work, clock, places)
    if done:
        log.info("tickets_delivered", count=done)
    return done


def _claim(unit_of_work: Callable[[], DeskUnitOfWork], clock: Clock) -> Delivery | None:
    now = clock.now()
    with unit_of_work() as uow:
        delivery = uow.tickets.claim(now=now, until=now + CLAIM)
        uow.commit()
    return delivery


def _deliver(
    delivery: Delivery,
    unit_of_work: Callable[[], DeskUnitOfWork],
    clock: Clock,
    places: Mapping[str, TicketPlace],
) -> bool:
    try:
        arrived = _arrived(delivery, places.get(delivery.outside))
    except (Unavailable, InvalidInput) as error:
        log.warning(
            "ticket_put_off", ticket=delivery.ticket, outside=delivery.outside, error=error.code
        )
        with unit_of_work() as uow:
            wait = min(FIRST_WAIT * 2 ** min(delivery.tries - 1, 9), LONGEST_WAIT)
            uow.tickets.put_off(delivery, until=clock.now() + wait)
            uow.commit()
        return False
    with unit_of_work() as uow:
        uow.tickets.delivered(delivery, arrived.reference, arrived.url, now=clock.now())
        uow.commit()
    return True


def _arrived(delivery: Delivery, place: TicketPlace | None) -> Arrived:
    if place is None:
        raise Unavailable(f"No {delivery.outside} is set for tickets any more.")
    seen = place.find(delivery) if delivery.tries > 1 else None
    return seen or place.send(delivery)
