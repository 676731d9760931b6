"""One account's books: its records together, and how to find one among them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.errors import NotPossible
from bot.retention.account import Incident, Plan, Ticket
from bot.storage.embedded_billing_records import (
    AccountRecord,
    BoxRecord,
    ConcessionRecord,
    CreditRecord,
    DiscountRecord,
    InvoiceRecord,
    OrderRecord,
    PauseRecord,
    PlanChangeRecord,
    ShopItem,
    SubscriptionRecord,
)


@dataclass
class Books:
    """An account as it stands: what commands and the passage of time change."""

    account: AccountRecord
    plans: tuple[Plan, ...] = ()
    shop_items: tuple[ShopItem, ...] = ()
    subscriptions: list[SubscriptionRecord] = field(default_factory=list)
    plan_changes: list[PlanChangeRecord] = field(default_factory=list)
    discounts: list[DiscountRecord] = field(default_factory=list)
    pauses: list[PauseRecord] = field(default_factory=list)
    boxes: list[BoxRecord] = field(default_factory=list)
    orders: list[OrderRecord] = field(default_factory=list)
    invoices: list[InvoiceRecord] = field(default_factory=list)
    concessions: list[ConcessionRecord] = field(default_factory=list)
    credits: list[CreditRecord] = field(default_factory=list)
    tickets: tuple[Ticket, ...] = ()
    incidents: tuple[Incident, ...] = ()

    @property
    def credit_minor(self) -> int:
        return sum(entry.amount_minor for entry in self.credits)

    def subscription(self, subscription_id: str) -> SubscriptionRecord:
        """Raises NotPossible: the account has none of that id."""
        for subscription in self.subscriptions:
            if subscription.id == subscription_id:
                return subscription
        raise NotPossible(f"There is no subscription {subscription_id} in this account.")

    def live(self, subscription_id: str) -> SubscriptionRecord:
        """Raises NotPossible: there is none of that id, or it has ended."""
        subscription = self.subscription(subscription_id)
        if not subscription.is_live:
            raise NotPossible(f"Subscription {subscription.id} ended on {subscription.cancels_on}.")
        return subscription

    def staying(self, subscription_id: str) -> SubscriptionRecord:
        """Raises NotPossible: there is none of that id, it has ended, or is set to end."""
        subscription = self.live(subscription_id)
        if subscription.cancels_on is not None:
            raise NotPossible(
                f"Subscription {subscription.id} is set to end on {subscription.cancels_on}. "
                "Undo the cancellation first."
            )
        return subscription

    def order(self, order_id: str) -> OrderRecord:
        """Raises NotPossible: the account has none of that id."""
        for order in self.orders:
            if order.id == order_id:
                return order
        raise NotPossible(f"There is no order {order_id} in this account.")

    def plan(self, code: str) -> Plan:
        """Raises NotPossible: the catalogue has no such plan."""
        for plan in self.plans:
            if plan.code == code:
                return plan
        raise NotPossible(f"There is no plan {code!r}.")

    def discount_of(self, subscription: SubscriptionRecord) -> DiscountRecord | None:
        """Return the discount that runs, or will with the next charge."""
        return next(
            (d for d in self.discounts if d.subscription == subscription.id and not d.ended_at),
            None,
        )

    def pause_of(self, subscription: SubscriptionRecord) -> PauseRecord | None:
        """Return the pause that runs, or will at the end of the paid period."""
        return next(
            (p for p in self.pauses if p.subscription == subscription.id and not p.ended_at), None
        )

    def pending_change_of(self, subscription: SubscriptionRecord) -> PlanChangeRecord | None:
        return next(
            (c for c in self.plan_changes if c.subscription == subscription.id and c.is_pending),
            None,
        )

    def skipped_days(self, subscription: SubscriptionRecord) -> set[date]:
        """Return the days of dispatch on which no box goes out."""
        return {
            b.dispatch_on for b in self.boxes if b.subscription == subscription.id and b.skipped
        }

    def new_id(self, letter: str) -> str:
        """Return an id nobody else has: a letter, the account's digits and a running number."""
        number = self.account.next_number
        self.account.next_number += 1
        return f"{letter}-{self.account.number.removeprefix('A-')}-{number:04}"
