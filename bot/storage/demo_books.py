"""Building blocks of the demo accounts: plausible books around what an account is about.

Everything counts from `today`, so that the demo is never out of date when it is loaded.
"""

from __future__ import annotations

from datetime import date, timedelta

from bot.money import Money
from bot.retention.account import Plan
from bot.retention.calendar import add_months
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_calendar import cycles_later, weeks_between_boxes
from bot.storage.embedded_billing_records import (
    AccountRecord,
    BoxRecord,
    DiscountRecord,
    InvoiceRecord,
    OrderRecord,
    SubscriptionRecord,
)

PLANS = (
    Plan("light", "Light", Money(1900), "month", 0, advertised=False, boxes_per_cycle=1),
    Plan("solo", "Solo", Money(3900), "month", 1, advertised=True, boxes_per_cycle=4),
    Plan("duo", "Duo", Money(5900), "month", 2, advertised=True, boxes_per_cycle=4),
    Plan("family", "Family", Money(8900), "month", 3, advertised=True, boxes_per_cycle=4),
    Plan(
        "family_annual",
        "Family annual",
        Money(89000),
        "year",
        3,
        advertised=True,
        boxes_per_cycle=52,
    ),
)

NEXT_BOX_IN = timedelta(days=6)
_INVOICES_KEPT = 6
_BOXES_KEPT = 12


def books_of(
    number: str,
    name: str,
    jurisdiction: str,
    *,
    lifetime_minor: int,
    households: int = 1,
    pays_automatically: bool = True,
) -> Books:
    """Return an account's empty books; the address is the customer's name at the company."""
    return Books(
        AccountRecord(
            number=number,
            name=name,
            email=f"{name.lower()}@larder.example",
            jurisdiction=jurisdiction,
            currency="USD",
            households=households,
            lifetime_minor=lifetime_minor,
            pays_automatically=pays_automatically,
            next_number=1,
        )
    )


def subscribe(
    books: Books,
    plan_code: str,
    *,
    today: date,
    months: int,
    renews_on: date,
    suffix: str = "",
    nickname: str | None = None,
    status: str = "active",
) -> SubscriptionRecord:
    """Add a subscription that has run for `months` whole months, and renews on `renews_on`."""
    plan = next(p for p in PLANS if p.code == plan_code)
    cycle = 12 if plan.interval == "year" else 1
    subscription = SubscriptionRecord(
        id=f"S-{books.account.number.removeprefix('A-')}{suffix}",
        account=books.account.number,
        plan=plan.code,
        nickname=nickname,
        status=status,
        price_minor=plan.price.times(books.account.households).minor,
        interval=plan.interval,
        started_on=add_months(renews_on, -months - cycle),
        anchor_on=renews_on,
        period_starts_on=add_months(renews_on, -cycle),
        renews_on=renews_on,
        trial_ends_on=None,
        cancels_on=None,
        canceled_at=None,
        every_weeks=weeks_between_boxes(plan),
        next_box_on=today + NEXT_BOX_IN,
    )
    books.subscriptions.append(subscription)
    return subscription


def bill(
    books: Books,
    subscription: SubscriptionRecord,
    *,
    until: date,
    discount: DiscountRecord | None = None,
) -> None:
    """Add the last paid invoices up to the period that starts on `until`.

    The newest of them, as many as the discount has used up, are discounted.
    """
    anchor, interval = subscription.anchor_on, subscription.interval
    days = [cycles_later(anchor, until, interval, -n) for n in range(_INVOICES_KEPT)]
    issued = [day for day in days if day >= subscription.started_on]
    discounted = issued[: discount.cycles_used] if discount else []
    for day in reversed(issued):
        price = Money(subscription.price_minor)
        amount = price.less_percent(discount.percent) if discount and day in discounted else price
        books.invoices.append(
            InvoiceRecord(
                id=books.new_id("I"),
                account=subscription.account,
                subscription=subscription.id,
                list_minor=price.minor,
                discount_minor=(price - amount).minor,
                credit_minor=0,
                amount_minor=amount.minor,
                refunded_minor=0,
                status="paid",
                issued_on=day,
                due_on=day,
                paid_on=day,
            )
        )


def deliver(
    books: Books,
    subscription: SubscriptionRecord,
    *,
    today: date,
    count: int = _BOXES_KEPT,
    uncooked: tuple[int, ...] = (),
    skipped: int = 0,
    late: int = 0,
    until: date | None = None,
) -> None:
    """Add the last `count` boxes of the rhythm that brings the next one; 0 is the newest.

    `uncooked` boxes were left, the newest `skipped` never went out, the newest `late` came three
    days after they were due, and none was dispatched on `until` or later.
    """
    rhythm = timedelta(weeks=subscription.every_weeks)
    first = today + NEXT_BOX_IN
    days = [first - rhythm * n for n in range(1, 53)]
    dispatched = [d for d in days if d >= subscription.started_on and (not until or d < until)]
    for index, day in enumerate(dispatched[:count]):
        due_on = day + timedelta(days=1)
        books.boxes.append(
            BoxRecord(
                account=subscription.account,
                subscription=subscription.id,
                dispatch_on=day,
                due_on=due_on,
                arrives_on=due_on + timedelta(days=3 if index < late else 0),
                skipped=index < skipped,
                cooked=index >= skipped and index not in uncooked,
            )
        )


def order(
    books: Books,
    order_id: str,
    item: str,
    price_minor: int,
    *,
    ordered_on: date,
    delivered_on: date | None = None,
) -> None:
    """Add an order: delivered when a day is given, else paid and not dispatched."""
    books.orders.append(
        OrderRecord(
            id=order_id,
            account=books.account.number,
            item=item,
            status="delivered" if delivered_on else "paid",
            price_minor=price_minor,
            refund_minor=0,
            refund_due_minor=0,
            settlement=None,
            exchange_item=None,
            ordered_on=ordered_on,
            dispatched_on=delivered_on - timedelta(days=2) if delivered_on else None,
            delivered_on=delivered_on,
        )
    )
