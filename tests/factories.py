"""Builders for the core's values: a test names only what it is about, the rest is plausible.

`TODAY` and `NOW` are fixed, so that no test depends on the day it runs.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    Box,
    Concession,
    ConcessionKind,
    Customer,
    Discount,
    Incident,
    Invoice,
    Order,
    OrderStatus,
    Pause,
    PendingChange,
    Plan,
    PlanChange,
    Subscription,
    SubscriptionStatus,
    Ticket,
)

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=timezone.utc)
TODAY = NOW.date()


def days_from_now(days: int) -> date:
    """Return the date `days` after TODAY; negative counts back."""
    return TODAY + timedelta(days=days)


def a_plan(
    code: str = "family",
    *,
    name: str | None = None,
    price: int = 8900,
    interval: str = "month",
    size: int = 3,
    advertised: bool = True,
    boxes_per_cycle: int = 4,
) -> Plan:
    return Plan(
        code=code,
        name=name or code.replace("_", " ").title(),
        price=Money(price),
        interval=interval,
        size=size,
        advertised=advertised,
        boxes_per_cycle=boxes_per_cycle,
    )


def a_catalogue() -> tuple[Plan, ...]:
    """Return the demo company's plans."""
    return (
        a_plan("light", price=1900, size=0, advertised=False, boxes_per_cycle=1),
        a_plan("solo", price=3900, size=1),
        a_plan("duo", price=5900, size=2),
        a_plan("family", price=8900, size=3),
        a_plan(
            "family_annual",
            name="Family annual",
            price=89000,
            interval="year",
            size=3,
            boxes_per_cycle=52,
        ),
    )


def a_subscription(
    subscription: str = "S-1001",
    *,
    plan: str = "family",
    plan_name: str | None = None,
    nickname: str | None = None,
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE,
    price: int | None = None,
    interval: str | None = None,
    started_on: date = TODAY - timedelta(days=425),
    period_starts_on: date = TODAY - timedelta(days=18),
    renews_on: date | None = TODAY + timedelta(days=12),
    trial_ends_on: date | None = None,
    discount: Discount | None = None,
    pause: Pause | None = None,
    pending_change: PendingChange | None = None,
    cancels_on: date | None = None,
    canceled_at: datetime | None = None,
    skipped: tuple[date, ...] = (),
    every_weeks: int = 1,
    next_dispatch_on: date | None = TODAY + timedelta(days=6),
) -> Subscription:
    """Build a subscription; price and interval come from the catalogue unless they are named."""
    known = next((p for p in a_catalogue() if p.code == plan), a_plan(plan))
    return Subscription(
        id=subscription,
        plan=plan,
        plan_name=plan_name or known.name,
        nickname=nickname,
        status=status,
        price=known.price if price is None else Money(price),
        interval=interval or known.interval,
        started_on=started_on,
        period_starts_on=period_starts_on,
        renews_on=renews_on,
        trial_ends_on=trial_ends_on,
        discount=discount,
        pause=pause,
        pending_change=pending_change,
        cancels_on=cancels_on,
        canceled_at=canceled_at,
        skipped=skipped,
        every_weeks=every_weeks,
        next_dispatch_on=next_dispatch_on,
    )


def a_discount(percent: int = 20, *, ends_on: date = TODAY + timedelta(days=72)) -> Discount:
    return Discount(percent=percent, ends_on=ends_on)


def a_pause(*, starts_on: date = TODAY, resumes_on: date = TODAY + timedelta(days=30)) -> Pause:
    return Pause(starts_on=starts_on, resumes_on=resumes_on)


def a_pending_change(
    plan: str = "duo", *, price: int = 5900, starts_on: date = TODAY + timedelta(days=12)
) -> PendingChange:
    return PendingChange(plan=plan, price=Money(price), starts_on=starts_on)


def an_order(
    order: str = "O-5001",
    *,
    item: str = "Knife set",
    status: OrderStatus = OrderStatus.PAID,
    price: int = 12900,
    refund: int = 0,
    refund_due: int = 0,
    ordered_on: date = TODAY - timedelta(days=1),
    dispatched_on: date | None = None,
    delivered_on: date | None = None,
) -> Order:
    return Order(
        id=order,
        item=item,
        status=status,
        price=Money(price),
        refund=Money(refund),
        refund_due=Money(refund_due),
        ordered_on=ordered_on,
        dispatched_on=dispatched_on,
        delivered_on=delivered_on,
    )


def a_delivered_order(order: str = "O-5002", *, days_ago: int = 8, price: int = 7900) -> Order:
    return an_order(
        order,
        item="Cast iron pan",
        status=OrderStatus.DELIVERED,
        price=price,
        ordered_on=days_from_now(-days_ago - 4),
        dispatched_on=days_from_now(-days_ago - 2),
        delivered_on=days_from_now(-days_ago),
    )


def an_invoice(
    invoice: str = "I-1",
    *,
    subscription: str | None = "S-1001",
    amount: int = 8900,
    status: str = "paid",
    issued_on: date = TODAY - timedelta(days=18),
    due_on: date | None = None,
    paid_on: date | None = None,
    refunded: int = 0,
) -> Invoice:
    """Build an invoice, due the day it was issued; a paid one was paid on its due date."""
    due = due_on or issued_on
    return Invoice(
        id=invoice,
        subscription=subscription,
        amount=Money(amount),
        status=status,
        issued_on=issued_on,
        due_on=due,
        paid_on=paid_on or (due if status in {"paid", "refunded"} else None),
        refunded=Money(refunded),
    )


def a_concession(
    concession: str = "C-1",
    *,
    kind: ConcessionKind = ConcessionKind.DISCOUNT,
    policy: str = "price_relief@1",
    subscription: str | None = "S-1001",
    granted_at: datetime = NOW - timedelta(days=61),
    value: int = 5340,
    revoked_at: datetime | None = None,
) -> Concession:
    return Concession(
        id=concession,
        kind=kind,
        policy=policy,
        subscription=subscription,
        granted_at=granted_at,
        value=Money(value),
        revoked_at=revoked_at,
    )


def a_box(
    *,
    subscription: str = "S-1001",
    due_on: date = TODAY - timedelta(days=7),
    status: str = "delivered",
    late: bool = False,
    cooked: bool = True,
) -> Box:
    return Box(subscription=subscription, due_on=due_on, status=status, late=late, cooked=cooked)


def boxes(
    count: int = 12,
    *,
    cooked: int = 12,
    subscription: str = "S-1001",
    late: int = 0,
    skipped: int = 0,
) -> tuple[Box, ...]:
    """Build `count` weekly boxes, newest first; the newest are the late or skipped ones."""
    return tuple(
        a_box(
            subscription=subscription,
            due_on=days_from_now(-1 - 7 * index),
            status="skipped" if index < skipped else "delivered",
            late=index < late,
            cooked=skipped <= index < skipped + cooked,
        )
        for index in range(count)
    )


def an_incident(
    incident: str = "N-1",
    *,
    title: str = "Delays at our carrier",
    status: str = "open",
    opened_on: date = TODAY - timedelta(days=9),
    expected_fix_on: date | None = TODAY + timedelta(days=4),
) -> Incident:
    return Incident(
        id=incident,
        title=title,
        status=status,
        opened_on=opened_on,
        expected_fix_on=expected_fix_on,
    )


def a_ticket(
    ticket: str = "T-1",
    *,
    subject: str = "Where is my box?",
    status: str = "closed",
    opened_on: date = TODAY - timedelta(days=30),
) -> Ticket:
    return Ticket(id=ticket, subject=subject, status=status, opened_on=opened_on)


def a_plan_change(
    *,
    subscription: str = "S-1001",
    from_plan: str = "duo",
    to_plan: str = "family",
    changed_on: date = TODAY - timedelta(days=200),
) -> PlanChange:
    return PlanChange(
        subscription=subscription, from_plan=from_plan, to_plan=to_plan, changed_on=changed_on
    )


def a_customer(
    name: str = "Maya", *, email: str | None = None, jurisdiction: str | None = "US-CO"
) -> Customer:
    return Customer(
        name=name, email=email or f"{name.lower()}@larder.example", jurisdiction=jurisdiction
    )


def an_account(
    account: str = "A-1001",
    *,
    customer: Customer | None = None,
    jurisdiction: str | None = "US-CO",
    credit: int = 0,
    lifetime_value: int = 124600,
    households: int = 1,
    subscriptions: tuple[Subscription, ...] | None = None,
    orders: tuple[Order, ...] = (),
    invoices: tuple[Invoice, ...] | None = None,
    concessions: tuple[Concession, ...] = (),
    boxes: tuple[Box, ...] = (),
    incidents: tuple[Incident, ...] = (),
    tickets: tuple[Ticket, ...] = (),
    plan_changes: tuple[PlanChange, ...] = (),
    catalogue: tuple[Plan, ...] | None = None,
) -> AccountHistory:
    """Build an account with one active family subscription and its last invoice paid.

    `jurisdiction` is a shortcut that counts only where no `customer` is given.
    """
    held = (a_subscription(),) if subscriptions is None else subscriptions
    paid = tuple(
        an_invoice(f"I-{number}", subscription=s.id, amount=s.price.minor)
        for number, s in enumerate(held, start=1)
    )
    return AccountHistory(
        account=account,
        customer=customer or a_customer(jurisdiction=jurisdiction),
        currency="USD",
        credit=Money(credit),
        lifetime_value=Money(lifetime_value),
        households=households,
        subscriptions=held,
        orders=orders,
        invoices=paid if invoices is None else invoices,
        concessions=concessions,
        boxes=boxes,
        incidents=incidents,
        tickets=tickets,
        plan_changes=plan_changes,
        catalogue=a_catalogue() if catalogue is None else catalogue,
    )
