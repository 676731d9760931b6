"""One account's rows in memory, with the tables' names for everything, and the billing terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.money import Money

# What an account's history tells of its boxes; older ones stay in the table.
BOXES_TOLD = timedelta(weeks=26)


@dataclass(frozen=True)
class BillingTerms:
    """The company's terms that commands are held against; days and months are whole."""

    skip_days_before_dispatch: int = 3
    pause_months: int = 3
    pause_months_in_a_row: int = 6
    return_days: int = 30
    days_to_pay: int = 14
    past_due_after_days: int = 30
    delivery_days: int = 1
    skippable_weeks_ahead: int = 26


@dataclass
class AccountRecord:
    number: str
    name: str
    email: str
    jurisdiction: str | None
    currency: str
    households: int
    lifetime_minor: int
    pays_automatically: bool
    next_number: int


@dataclass
class SubscriptionRecord:
    id: str
    account: str
    plan: str
    nickname: str | None
    status: str
    price_minor: int
    interval: str
    started_on: date
    anchor_on: date
    period_starts_on: date
    renews_on: date | None
    trial_ends_on: date | None
    cancels_on: date | None
    canceled_at: datetime | None
    every_weeks: int
    next_box_on: date | None

    @property
    def is_live(self) -> bool:
        return self.status != "canceled"


@dataclass
class PlanChangeRecord:
    id: str
    account: str
    subscription: str
    from_plan: str
    to_plan: str
    price_minor: int
    changed_on: date | None = None
    dropped_at: datetime | None = None
    concession: str | None = None

    @property
    def is_pending(self) -> bool:
        return self.changed_on is None and self.dropped_at is None


@dataclass
class DiscountRecord:
    id: str
    account: str
    subscription: str
    percent: int
    cycles: int
    ends_on: date
    cycles_used: int = 0
    ended_at: datetime | None = None
    concession: str | None = None


@dataclass
class PauseRecord:
    id: str
    account: str
    subscription: str
    starts_on: date
    resumes_on: date
    ended_at: datetime | None = None
    concession: str | None = None


@dataclass
class BoxRecord:
    account: str
    subscription: str
    dispatch_on: date
    due_on: date
    arrives_on: date
    skipped: bool = False
    cooked: bool = False
    concession: str | None = None


@dataclass
class OrderRecord:
    id: str
    account: str
    item: str
    status: str
    price_minor: int
    refund_minor: int
    refund_due_minor: int
    settlement: str | None
    exchange_item: str | None
    ordered_on: date
    dispatched_on: date | None
    delivered_on: date | None


@dataclass
class InvoiceRecord:
    id: str
    account: str
    subscription: str | None
    list_minor: int
    discount_minor: int
    credit_minor: int
    amount_minor: int
    refunded_minor: int
    status: str
    issued_on: date
    due_on: date
    paid_on: date | None


@dataclass
class ConcessionRecord:
    id: str
    account: str
    kind: str
    policy: str
    subscription: str | None
    granted_at: datetime
    value_minor: int
    revoked_at: datetime | None = None


@dataclass
class CreditRecord:
    id: str
    account: str
    amount_minor: int
    why: str
    booked_at: datetime
    invoice: str | None = None
    concession: str | None = None


@dataclass(frozen=True)
class ShopItem:
    """Something the shop sells, and what an order can be exchanged for."""

    name: str
    price: Money
