"""Imagined accounts: a subscription or order of which given facts are true, to work offers out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    Customer,
    Discount,
    Invoice,
    Order,
    OrderStatus,
    Pause,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from bot.retention.calendar import add_months
from bot.retention.facts import Fact, Facts

_ID = "imagined"


@dataclass(frozen=True)
class Subject:
    """What the facts are about, one of the two, in an account that has nothing else."""

    history: AccountHistory
    subscription: Subscription | None = None
    order: Order | None = None


def imagined(facts: Facts, catalogue: Sequence[Plan], today: date, name: str) -> Subject:
    """Return a subject of which the facts hold, as far as offers depend on them.

    A fact that is not told gets the plainest value: no discount, no pause, a renewal in a month.
    """
    currency = catalogue[0].price.currency if catalogue else "USD"
    price = Money(_number(facts.get("price_minor")) or 0, currency)
    if facts.get("subject") == "order":
        order = _order(facts, price, today)
        return Subject(_history((), (order,), (), catalogue, currency, name), order=order)
    subscription = _subscription(facts, price, today)
    charge = Invoice(
        id=f"{_ID}-charge",
        subscription=subscription.id,
        amount=price,
        status="paid",
        issued_on=subscription.period_starts_on,
        due_on=subscription.period_starts_on,
        paid_on=subscription.period_starts_on,
        refunded=Money(0, currency),
    )
    history = _history((subscription,), (), (charge,), catalogue, currency, name)
    return Subject(history, subscription=subscription)


def _subscription(facts: Facts, price: Money, today: date) -> Subscription:
    status = SubscriptionStatus(str(facts.get("status") or "active"))
    ended = status is SubscriptionStatus.CANCELED
    left = _number(facts.get("days_to_renewal"))
    renews_on = None if ended else today + timedelta(days=30 if left is None else left)
    since = _number(facts.get("days_since_renewal")) or 0
    return Subscription(
        id=_ID,
        plan=str(facts.get("plan")),
        plan_name=str(facts.get("plan")),
        nickname=None,
        status=status,
        price=price,
        interval=str(facts.get("interval") or "month"),
        started_on=add_months(today, -(_number(facts.get("tenure_months")) or 0)),
        period_starts_on=today - timedelta(days=since),
        renews_on=renews_on,
        trial_ends_on=renews_on if status is SubscriptionStatus.TRIALING else None,
        discount=_discount(facts, today),
        pause=_pause(facts, status, renews_on, today),
        pending_change=None,
        cancels_on=None,
        canceled_at=None,
        skipped=(),
        every_weeks=1,
        next_dispatch_on=today + timedelta(days=6) if status.value == "active" else None,
    )


def _discount(facts: Facts, today: date) -> Discount | None:
    return Discount(1, today + timedelta(days=30)) if facts.get("discount_runs") else None


def _pause(
    facts: Facts, status: SubscriptionStatus, renews_on: date | None, today: date
) -> Pause | None:
    if not facts.get("pause_runs") or renews_on is None:
        return None
    if status is SubscriptionStatus.PAUSED:
        return Pause(min(today, add_months(renews_on, -1)), renews_on)
    return Pause(renews_on, add_months(renews_on, 1))


def _order(facts: Facts, price: Money, today: date) -> Order:
    since = _number(facts.get("days_since_delivery"))
    delivered_on = None if since is None else today - timedelta(days=since)
    nothing = Money(0, price.currency)
    return Order(
        id=_ID,
        item=_ID,
        status=OrderStatus(str(facts.get("order_status") or "delivered")),
        price=price,
        refund=nothing,
        refund_due=nothing,
        ordered_on=delivered_on or today,
        dispatched_on=delivered_on,
        delivered_on=delivered_on,
    )


def _history(
    subscriptions: tuple[Subscription, ...],
    orders: tuple[Order, ...],
    invoices: tuple[Invoice, ...],
    catalogue: Sequence[Plan],
    currency: str,
    name: str,
) -> AccountHistory:
    nothing = Money(0, currency)
    return AccountHistory(
        account=_ID,
        customer=Customer(name, "", None),
        currency=currency,
        credit=nothing,
        lifetime_value=nothing,
        households=1,
        subscriptions=subscriptions,
        orders=orders,
        invoices=invoices,
        concessions=(),
        boxes=(),
        incidents=(),
        tickets=(),
        plan_changes=(),
        catalogue=tuple(catalogue),
    )


def _number(fact: Fact) -> int | None:
    return fact if isinstance(fact, int) and not isinstance(fact, bool) else None
