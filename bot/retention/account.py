"""The account and its history, as the billing system tells it: what every decision rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from bot.money import Money


class SubscriptionStatus(str, Enum):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAUSED = "paused"
    PAST_DUE = "past_due"
    CANCELED = "canceled"


class OrderStatus(str, Enum):
    PAID = "paid"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    CANCELED = "canceled"
    RETURN_REQUESTED = "return_requested"
    RETURNED = "returned"
    EXCHANGE_REQUESTED = "exchange_requested"
    EXCHANGED = "exchanged"


# A parcel may be sent back from the day it left us; what never left is cancelled instead.
OPEN_TO_RETURN = (OrderStatus.DISPATCHED, OrderStatus.DELIVERED)


class ConcessionKind(str, Enum):
    """What the company can give; also the kinds an offer can have."""

    PAUSE = "pause"
    SKIP = "skip"
    CHANGE_FREQUENCY = "change_frequency"
    DOWNGRADE = "downgrade"
    EXCHANGE = "exchange"
    STORE_CREDIT = "store_credit"
    CREDIT = "credit"
    DISCOUNT = "discount"
    WAIVE_FEE = "waive_fee"
    REFUND = "refund"
    EXTEND_TRIAL = "extend_trial"
    EXPERT_SESSION = "expert_session"


@dataclass(frozen=True)
class Plan:
    """A catalogue entry. `interval` is "month" or "year"; `size` orders plans of one interval.

    A plan that is not `advertised` is never listed; a retention policy may offer it, and it is
    served to whoever asks for something smaller than the smallest advertised plan.
    """

    code: str
    name: str
    price: Money
    interval: str
    size: int
    advertised: bool
    boxes_per_cycle: int


@dataclass(frozen=True)
class Discount:
    """`ends_on` is the first day without it."""

    percent: int
    ends_on: date


@dataclass(frozen=True)
class Pause:
    """Half-open: paused while starts_on <= day < resumes_on."""

    starts_on: date
    resumes_on: date


@dataclass(frozen=True)
class PendingChange:
    plan: str
    price: Money
    starts_on: date


@dataclass(frozen=True)
class Subscription:
    """One recurring agreement. `price` is what one interval costs without any discount.

    `period_starts_on <= day < renews_on` is the paid period; `renews_on` is None once it ended.
    `next_dispatch_on` is the next box's day of dispatch, None while paused or ended.
    """

    id: str
    plan: str
    plan_name: str
    nickname: str | None
    status: SubscriptionStatus
    price: Money
    interval: str
    started_on: date
    period_starts_on: date
    renews_on: date | None
    trial_ends_on: date | None
    discount: Discount | None
    pause: Pause | None
    pending_change: PendingChange | None
    cancels_on: date | None
    canceled_at: datetime | None
    skipped: tuple[date, ...]
    every_weeks: int
    next_dispatch_on: date | None

    @property
    def is_live(self) -> bool:
        return self.status is not SubscriptionStatus.CANCELED

    @property
    def is_leaving(self) -> bool:
        """Set to end at `cancels_on`, and not ended yet."""
        return self.is_live and self.cancels_on is not None


@dataclass(frozen=True)
class Order:
    """A one-off purchase. `refund` was paid back, `refund_due` will be once the goods are back."""

    id: str
    item: str
    status: OrderStatus
    price: Money
    refund: Money
    refund_due: Money
    ordered_on: date
    dispatched_on: date | None
    delivered_on: date | None


@dataclass(frozen=True)
class Invoice:
    """`status` is open, paid, overdue, refunded or void; `refunded` may be a part.

    Void: issued for the time after a cancellation that was heard of late, and never charged.
    """

    id: str
    subscription: str | None
    amount: Money
    status: str
    issued_on: date
    due_on: date
    paid_on: date | None
    refunded: Money


@dataclass(frozen=True)
class Concession:
    """What was given, by which `policy@revision`; `revoked_at` when it was taken back."""

    id: str
    kind: ConcessionKind
    policy: str
    subscription: str | None
    granted_at: datetime
    value: Money
    revoked_at: datetime | None


@dataclass(frozen=True)
class Box:
    """One delivery of a subscription. `late` when it came, or is coming, after `due_on`."""

    subscription: str
    due_on: date
    status: str  # delivered, skipped, dispatched, scheduled
    late: bool
    cooked: bool


@dataclass(frozen=True)
class Incident:
    """A known fault that touches this account; `status` is open or resolved."""

    id: str
    title: str
    status: str
    opened_on: date
    expected_fix_on: date | None


@dataclass(frozen=True)
class Ticket:
    """An earlier support case; `status` is open or closed."""

    id: str
    subject: str
    status: str
    opened_on: date


@dataclass(frozen=True)
class PlanChange:
    subscription: str
    from_plan: str
    to_plan: str
    changed_on: date


@dataclass(frozen=True)
class Customer:
    """`jurisdiction` is a profile key such as US-CO, DE, GB; None when it is not known."""

    name: str
    email: str
    jurisdiction: str | None


@dataclass(frozen=True)
class AccountHistory:
    """All that is known about an account at one moment; newest first where order matters."""

    account: str
    customer: Customer
    currency: str
    credit: Money
    lifetime_value: Money
    households: int
    subscriptions: tuple[Subscription, ...]
    orders: tuple[Order, ...]
    invoices: tuple[Invoice, ...]
    concessions: tuple[Concession, ...]
    boxes: tuple[Box, ...]
    incidents: tuple[Incident, ...]
    tickets: tuple[Ticket, ...]
    plan_changes: tuple[PlanChange, ...]
    catalogue: tuple[Plan, ...]

    @property
    def subjects(self) -> tuple[Subscription | Order, ...]:
        """All that a wish to leave can be about."""
        return (*self.subscriptions, *self.orders)

    def subscription(self, subscription_id: str) -> Subscription:
        """Raises KeyError when the account has no such subscription."""
        return next(s for s in self.subscriptions if s.id == subscription_id)

    def order(self, order_id: str) -> Order:
        return next(o for o in self.orders if o.id == order_id)

    def last_charge(self, subscription_id: str) -> Invoice | None:
        """Return the newest invoice of the subscription that was paid."""
        paid = [i for i in self.invoices if i.subscription == subscription_id and i.paid_on]
        return max(paid, key=lambda invoice: invoice.paid_on or invoice.due_on, default=None)

    def plan(self, code: str) -> Plan:
        return next(p for p in self.catalogue if p.code == code)

    def boxes_of(self, subscription_id: str) -> tuple[Box, ...]:
        return tuple(b for b in self.boxes if b.subscription == subscription_id)
