"""What an account's books tell: the account history of the core, as of one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

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
    PlanChange,
    Subscription,
    SubscriptionStatus,
)
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_calendar import after_cycles, next_box_after
from bot.storage.embedded_billing_records import (
    BOXES_TOLD,
    BillingTerms,
    BoxRecord,
    InvoiceRecord,
    SubscriptionRecord,
)
from bot.storage.embedded_billing_time import next_charge_on


def tell(books: Books, *, now: datetime, terms: BillingTerms) -> AccountHistory:
    """Return what is true at `now`; what became due must have been booked."""
    today, account = now.date(), books.account

    def money(minor: int) -> Money:
        return Money(minor, account.currency)

    return AccountHistory(
        account=account.number,
        customer=Customer(account.name, account.email, account.jurisdiction),
        currency=account.currency,
        credit=money(books.credit_minor),
        lifetime_value=money(account.lifetime_minor),
        households=account.households,
        subscriptions=tuple(_subscription(books, s, today, terms) for s in books.subscriptions),
        orders=tuple(
            Order(
                id=o.id,
                item=o.item,
                status=OrderStatus(o.status),
                price=money(o.price_minor),
                refund=money(o.refund_minor),
                refund_due=money(o.refund_due_minor),
                ordered_on=o.ordered_on,
                dispatched_on=o.dispatched_on,
                delivered_on=o.delivered_on,
            )
            for o in sorted(books.orders, key=lambda o: o.ordered_on, reverse=True)
        ),
        invoices=tuple(
            Invoice(
                id=i.id,
                subscription=i.subscription,
                amount=money(i.amount_minor),
                status=_invoice_status(i, today),
                issued_on=i.issued_on,
                due_on=i.due_on,
                paid_on=i.paid_on,
                refunded=money(i.refunded_minor),
            )
            for i in sorted(books.invoices, key=lambda i: (i.issued_on, i.id), reverse=True)
        ),
        concessions=tuple(
            Concession(
                id=c.id,
                kind=ConcessionKind(c.kind),
                policy=c.policy,
                subscription=c.subscription,
                granted_at=c.granted_at,
                value=money(c.value_minor),
                revoked_at=c.revoked_at,
            )
            for c in sorted(books.concessions, key=lambda c: (c.granted_at, c.id), reverse=True)
        ),
        boxes=tuple(
            _box(b, today)
            # Of one day in the subscriptions' order: a database gives them back in its own.
            for b in sorted(books.boxes, key=lambda b: (-b.dispatch_on.toordinal(), b.subscription))
            if b.dispatch_on >= today - BOXES_TOLD
        ),
        incidents=tuple(_incident(i, today) for i in books.incidents),
        tickets=books.tickets,
        plan_changes=tuple(
            PlanChange(p.subscription, p.from_plan, p.to_plan, p.changed_on)
            for p in sorted(books.plan_changes, key=lambda p: p.id, reverse=True)
            if p.changed_on is not None
        ),
        catalogue=books.plans,
    )


def _subscription(
    books: Books, record: SubscriptionRecord, today: date, terms: BillingTerms
) -> Subscription:
    return Subscription(
        id=record.id,
        plan=record.plan,
        plan_name=books.plan(record.plan).name,
        nickname=record.nickname,
        status=_status(books, record, today, terms),
        price=Money(record.price_minor, books.account.currency),
        interval=record.interval,
        started_on=record.started_on,
        period_starts_on=record.period_starts_on,
        renews_on=record.renews_on,
        trial_ends_on=record.trial_ends_on,
        discount=_discount(books, record),
        pause=_pause(books, record),
        pending_change=_pending_change(books, record),
        cancels_on=record.cancels_on,
        canceled_at=record.canceled_at,
        skipped=tuple(sorted(d for d in books.skipped_days(record) if d >= today - BOXES_TOLD)),
        every_weeks=record.every_weeks,
        next_dispatch_on=_next_dispatch(books, record),
    )


def _status(
    books: Books, record: SubscriptionRecord, today: date, terms: BillingTerms
) -> SubscriptionStatus:
    """An invoice that stays unpaid for long makes an active subscription past due."""
    patience = timedelta(days=terms.past_due_after_days)
    if record.status == "active" and any(
        i.subscription == record.id and i.status == "open" and today - i.due_on > patience
        for i in books.invoices
    ):
        return SubscriptionStatus.PAST_DUE
    return SubscriptionStatus(record.status)


def _happens(record: SubscriptionRecord, day: date | None) -> bool:
    """What was agreed for the day a subscription ends, or later, will not happen."""
    return day is not None and (record.cancels_on is None or day < record.cancels_on)


def _discount(books: Books, record: SubscriptionRecord) -> Discount | None:
    discount, starts_on = books.discount_of(record), next_charge_on(books, record)
    if discount is None:
        return None
    if discount.cycles_used == 0 and not _happens(record, starts_on):
        return None
    # Until it has begun, and through a pause, its end moves with the next charge.
    moves = discount.cycles_used == 0 or books.pause_of(record) is not None
    if not moves or starts_on is None:
        return Discount(discount.percent, discount.ends_on)
    left = discount.cycles - discount.cycles_used
    return Discount(discount.percent, after_cycles(starts_on, record.interval, left))


def _pause(books: Books, record: SubscriptionRecord) -> Pause | None:
    pause = books.pause_of(record)
    if pause is None or not _happens(record, pause.starts_on):
        return None
    return Pause(pause.starts_on, pause.resumes_on)


def _pending_change(books: Books, record: SubscriptionRecord) -> PendingChange | None:
    change, starts_on = books.pending_change_of(record), next_charge_on(books, record)
    if change is None or starts_on is None or not _happens(record, starts_on):
        return None
    price = Money(change.price_minor, books.account.currency)
    return PendingChange(change.to_plan, price, starts_on)


def _next_dispatch(books: Books, record: SubscriptionRecord) -> date | None:
    """Return when the next box that will be sent goes out."""
    day = record.next_box_on
    if day is None or record.status == "paused":
        return None
    skipped, pause = books.skipped_days(record), books.pause_of(record)
    while day in skipped or (pause and pause.starts_on <= day < pause.resumes_on):
        day = next_box_after(day, record.every_weeks)
    return day if _happens(record, day) else None


def _invoice_status(invoice: InvoiceRecord, today: date) -> str:
    return "overdue" if invoice.status == "open" and today > invoice.due_on else invoice.status


def _box(record: BoxRecord, today: date) -> Box:
    if record.skipped:
        status = "skipped"
    elif today >= record.arrives_on:
        status = "delivered"
    else:
        status = "dispatched"
    late = record.arrives_on > record.due_on and not record.skipped
    return Box(record.subscription, record.due_on, status, late, record.cooked)


def _incident(incident: Incident, today: date) -> Incident:
    """A day that was promised and has passed is no longer told as a promise."""
    expected = incident.expected_fix_on
    if expected is None or expected >= today:
        return incident
    return replace(incident, expected_fix_on=None)
