"""What the desk can ask a billing system to do; each command is atomic and whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.money import Money
from bot.retention.account import ConcessionKind


@dataclass(frozen=True)
class ConcessionNote:
    """Recorded together with the command that grants it."""

    kind: ConcessionKind
    policy: str
    value: Money


@dataclass(frozen=True)
class PauseSubscription:
    """Pause from `starts_on` until `resumes_on`; a running pause is moved to the new end."""

    subscription: str
    starts_on: date
    resumes_on: date
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ResumeSubscription:
    subscription: str


@dataclass(frozen=True)
class SkipDelivery:
    """Skip the box dispatched on that day; possible until 3 days before it."""

    subscription: str
    on: date
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ChangePlan:
    """Change to `plan` at the next renewal (a pending change)."""

    subscription: str
    plan: str
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ChangeFrequency:
    subscription: str
    every_weeks: int
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ApplyDiscount:
    """`percent` off for `cycles` billing cycles, starting with the next renewal."""

    subscription: str
    percent: int
    cycles: int
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class GrantCredit:
    """Add to the account's credit, used up by coming invoices."""

    amount: Money
    subscription: str | None = None
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ExtendTrial:
    subscription: str
    days: int
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class CancelSubscription:
    """End a subscription at the end of the paid period, or at once.

    `requested_at` is when the customer said so: it is the effective instant of an immediate
    cancellation however late the billing system hears of it. `refund_last_charge` pays the newest
    paid invoice back in full. Concessions in `revoke` are taken back in the same step.
    """

    subscription: str
    at_once: bool
    requested_at: datetime
    refund_last_charge: bool = False
    revoke: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class UndoCancellation:
    """Take back a cancellation that has not taken effect yet."""

    subscription: str


@dataclass(frozen=True)
class RefundInvoice:
    invoice: str
    amount: Money
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class CancelOrder:
    """Cancel an order that was not dispatched; the price is refunded in full."""

    order: str


@dataclass(frozen=True)
class RequestReturn:
    """Take an order back for a refund (due when the goods arrive)."""

    order: str


@dataclass(frozen=True)
class ReturnForCredit:
    """Take an order back for store credit: price and bonus are booked at once."""

    order: str
    bonus: Money
    note: ConcessionNote | None = None


@dataclass(frozen=True)
class ExchangeOrder:
    """Exchange an order for the same item, or another of the shop's."""

    order: str
    item: str
    note: ConcessionNote | None = None


Command = (
    PauseSubscription
    | ResumeSubscription
    | SkipDelivery
    | ChangePlan
    | ChangeFrequency
    | ApplyDiscount
    | GrantCredit
    | ExtendTrial
    | CancelSubscription
    | UndoCancellation
    | RefundInvoice
    | CancelOrder
    | RequestReturn
    | ReturnForCredit
    | ExchangeOrder
)

# What is owed to the customer: when billing cannot take it now, it waits with the time it was
# asked for (R18).
EXITS = (CancelSubscription, CancelOrder, RequestReturn)
