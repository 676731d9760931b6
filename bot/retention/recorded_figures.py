"""Figures on record: every amount, percentage and day that may be said to one customer now.

They come from the billing record, the company's terms and the offers on record, and from nothing
that worded a message: a figure that was worked out wrongly there is not found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.money import Money
from bot.retention.account import AccountHistory, Order, Plan, Subscription
from bot.retention.calendar import add_months
from bot.retention.jurisdiction import Profile
from bot.retention.offer import Offer
from bot.retention.terms import Terms


@dataclass(frozen=True)
class Ledger:
    """What figures are held against.

    `history` is None for a visitor; `offers` are those on record, `moments` the instants that may
    be told: now, and when the customer asked. `phrases` are times the desk itself gave, in the
    words it gives them in: of its hours, and of calls it promised.
    """

    history: AccountHistory | None
    catalogue: tuple[Plan, ...]
    terms: Terms
    profile: Profile
    offers: Sequence[Offer]
    moments: Sequence[datetime]
    phrases: Sequence[str] = ()


def names_with_figures(ledger: Ledger) -> Iterator[str]:
    """Yield the names and times on record that hold digits, which are no figures ("Pan 28 cm")."""
    yield from ledger.phrases
    history = ledger.history
    if history is None:
        return
    names = (
        *(subscription.nickname or "" for subscription in history.subscriptions),
        *(order.item for order in history.orders),
        *(incident.title for incident in history.incidents),
        *(plan.name for plan in ledger.catalogue),
        *ledger.terms.exchange_items,
        history.customer.name,
    )
    yield from (name for name in names if any(character.isdigit() for character in name))


def amounts_on_record(ledger: Ledger, text: str) -> set[Money]:
    """Return every amount that a message with these words may name.

    A subscription's price counts where the message names it, or names none; a plan's price of the
    catalogue only beside the plan's name.
    """
    found = {plan.price for plan in ledger.catalogue if plan.name in text}
    for offer in ledger.offers:
        found |= {offer.price, offer.price_after, *savings(offer)}
        found |= {Money(choice.value_minor, offer.currency) for choice in offer.choices}
    if ledger.history is not None:
        named = subscriptions_meant(ledger, text)
        found |= {price for s in named for price in _prices(s)}
        for discount in (s.discount for s in named if s.discount):
            found |= {price.less_percent(discount.percent) for price in found}
        found |= set(_account_amounts(ledger.history))
    return found


def savings_on_record(ledger: Ledger) -> set[Money]:
    return {saving for offer in ledger.offers for saving in savings(offer)}


def percents_on_record(ledger: Ledger, text: str) -> set[float]:
    """Return every percentage that may be named: of discounts that run, and of recorded offers."""
    offered = {float(o.detail["percent"]) for o in ledger.offers if "percent" in o.detail}
    running = {float(s.discount.percent) for s in subscriptions_meant(ledger, text) if s.discount}
    return offered | running


def days_on_record(ledger: Ledger, text: str) -> set[date]:
    """Return every day that a message with these words may name, but for boxes and new pauses."""
    found = {moment.date() for moment in ledger.moments}
    for offer in ledger.offers:
        found |= {d for d in (offer.starts_on, offer.until, offer.expires_at.date()) if d}
    if ledger.history is None:
        return found
    for subscription in subscriptions_meant(ledger, text):
        found |= set(_subscription_days(subscription, ledger))
    return found | set(_account_days(ledger.history, ledger.terms))


def is_day_of_a_box(ledger: Ledger, day: date) -> bool:
    """Say whether a box was due on `day`, or would leave then if the rhythm stays as it is."""
    history = ledger.history
    if history is None:
        return False
    if any(box.due_on == day for box in history.boxes):
        return True
    coming = ((s.next_dispatch_on, 7 * s.every_weeks) for s in history.subscriptions)
    return any(on <= day and (day - on).days % rhythm == 0 for on, rhythm in coming if on)


def may_end_a_pause(ledger: Ledger, day: date) -> bool:
    """Say whether a pause that is agreed upon now could end on `day`."""
    subscriptions = ledger.history.subscriptions if ledger.history else ()
    months = ledger.terms.pause_months_at_most
    begins = (s.pause.resumes_on if s.pause else s.renews_on for s in subscriptions)
    return any(begin < day <= add_months(begin, months) for begin in begins if begin)


def subscriptions_meant(ledger: Ledger, text: str) -> tuple[Subscription, ...]:
    """Return the subscriptions that the words name, else all there are."""
    every = ledger.history.subscriptions if ledger.history else ()
    named = tuple(s for s in every if (s.nickname or s.plan_name) in text)
    return named or every


def savings(offer: Offer) -> set[Money]:
    """Return what an offer is worth; that of a return hides in its ways."""
    ways = (way for way in offer.detail.values() if isinstance(way, dict))
    bonuses = {Money(way["bonus_minor"], offer.currency) for way in ways if "bonus_minor" in way}
    return {offer.value, *bonuses}


def _prices(subscription: Subscription) -> Iterator[Money]:
    yield subscription.price
    if subscription.pending_change:
        yield subscription.pending_change.price


def _account_amounts(history: AccountHistory) -> Iterator[Money]:
    yield history.credit
    for invoice in history.invoices:
        yield from (invoice.amount, invoice.refunded)
    for order in history.orders:
        yield from (order.price, order.refund, order.refund_due)
    for concession in history.concessions:
        yield concession.value


def _subscription_days(subscription: Subscription, ledger: Ledger) -> Iterator[date]:
    s = subscription
    promised = s.period_starts_on + timedelta(days=ledger.terms.money_back_days)
    by_law = s.started_on + timedelta(days=ledger.profile.withdrawal_days)
    days = (
        s.started_on,
        s.period_starts_on,
        s.renews_on,
        s.trial_ends_on,
        s.cancels_on,
        s.next_dispatch_on,
        s.discount.ends_on if s.discount else None,
        s.pending_change.starts_on if s.pending_change else None,
        s.canceled_at.date() if s.canceled_at else None,
        promised if s.interval == "year" else None,
        by_law if ledger.profile.withdrawal_days else None,
        *s.skipped,
        *((s.pause.starts_on, s.pause.resumes_on) if s.pause else ()),
    )
    yield from (day for day in days if day)


def _account_days(history: AccountHistory, terms: Terms) -> Iterator[date]:
    yield from (day for order in history.orders for day in _order_days(order, terms))
    days = (
        *((i.issued_on, i.due_on, i.paid_on) for i in history.invoices),
        *((i.opened_on, i.expected_fix_on) for i in history.incidents),
    )
    yield from (day for some in days for day in some if day)
    yield from (concession.granted_at.date() for concession in history.concessions)
    yield from (ticket.opened_on for ticket in history.tickets)


def _order_days(order: Order, terms: Terms) -> Iterator[date]:
    days = (order.ordered_on, order.dispatched_on, order.delivered_on)
    yield from (day for day in days if day)
    if order.delivered_on:
        yield order.delivered_on + timedelta(days=terms.return_days)
