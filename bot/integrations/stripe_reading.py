"""Stripe's objects as they were read, and the questions the desk asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from bot.errors import BillingUnavailable, NotPossible
from bot.integrations.billing_line import Json
from bot.money import Money
from bot.retention.account import Pause, Plan
from bot.retention.calendar import add_months
from bot.use_cases.outside_billing import JournalEntry

MONTHS = {"month": 1, "year": 12}
ENDED = ("canceled", "incomplete_expired")
# A pause ends this long before the renewal it runs to, so that the renewal is charged.
PAUSE_ENDS_BEFORE = timedelta(hours=1)
# What the desk notes on a subscription, because Stripe has no field for it.
PAUSE_FROM, PAUSE_UNTIL = "desk_pause_from", "desk_pause_until"
PLAN_BEFORE, PRICE_BEFORE, PLAN_UNTIL = "desk_plan", "desk_price", "desk_plan_until"
PLAN_CODE = "desk_code"
_RENEWALS_LOOKED_AT = 60


@dataclass(frozen=True)
class StripeAccount:
    """Everything read about one customer, and what the desk's journal says beside it.

    `plan_ids` gives the id in Stripe of a plan by its code.
    """

    customer: Json
    subscriptions: tuple[Json, ...]
    invoices: tuple[Json, ...]
    plans: tuple[Plan, ...]
    plan_ids: dict[str, str]
    journal: tuple[JournalEntry, ...]

    @property
    def id(self) -> str:
        return str(self.customer["id"])

    @property
    def currency(self) -> str:
        """The customer's own once they were billed, else that of what they subscribed to."""
        told = self.customer.get("currency")
        for subscription in self.subscriptions:
            told = told or first_item(subscription)["plan"]["currency"]
        return str(told).upper() if told else next((p.price.currency for p in self.plans), "USD")

    def subscription(self, subscription_id: str) -> Json:
        """Raises NotPossible: the account has none of that id."""
        for subscription in self.subscriptions:
            if subscription["id"] == subscription_id:
                return subscription
        raise NotPossible(f"There is no subscription {subscription_id} in this account.")

    def invoice(self, invoice_id: str) -> Json:
        """Raises NotPossible: the account has none of that id."""
        for invoice in self.invoices:
            if invoice["id"] == invoice_id:
                return invoice
        raise NotPossible(f"There is no invoice {invoice_id} in this account.")

    def invoices_of(self, subscription_id: str) -> tuple[Json, ...]:
        return tuple(i for i in self.invoices if i.get("subscription") == subscription_id)


def moment(epoch: Any) -> datetime:
    return datetime.fromtimestamp(int(epoch), timezone.utc)


def day(epoch: Any) -> date:
    return moment(epoch).date()


def first_item(subscription: Json) -> Json:
    item: Json = subscription["items"]["data"][0]
    return item


def interval_of(subscription: Json) -> str:
    """Return "month" or "year".

    Raises:
        BillingUnavailable: it is billed in a rhythm that the desk has no words for; nothing that
            the desk could say about its price or its dates would be true.
    """
    plan = first_item(subscription)["plan"]
    if plan["interval"] not in MONTHS or plan.get("interval_count", 1) != 1:
        raise BillingUnavailable(
            f"Subscription {subscription['id']} is billed every {plan.get('interval_count')} "
            f"{plan['interval']}; the desk knows months and years. See billing.md."
        )
    return str(plan["interval"])


def plan_code(plan: Json) -> str:
    return str((plan.get("metadata") or {}).get(PLAN_CODE) or plan["id"])


def note(subscription: Json, name: str) -> str | None:
    return (subscription.get("metadata") or {}).get(name) or None


def renewals(subscription: Json) -> Iterator[datetime]:
    """Give the coming renewals, the end of the running period first; a pause does not move them."""
    ends_at = moment(subscription["current_period_end"])
    anchor = moment(subscription.get("billing_cycle_anchor") or subscription["current_period_end"])
    step = MONTHS[interval_of(subscription)]
    passed = (ends_at.year - anchor.year) * 12 + ends_at.month - anchor.month
    yield ends_at
    for number in range(1, _RENEWALS_LOOKED_AT):
        on = add_months(anchor.date(), passed + number * step)
        yield datetime.combine(on, ends_at.timetz())


def renewal_at(subscription: Json, on: date) -> datetime:
    """Return the instant of the renewal on that day.

    Raises:
        NotPossible: it does not renew on that day.
    """
    found = next((at for at in renewals(subscription) if at.date() >= on), None)
    if found is None or found.date() != on:
        raise NotPossible(
            f"Subscription {subscription['id']} can be paused for whole billing periods only, and "
            f"it does not renew on {on}."
        )
    return found


def pause_of(subscription: Json, now: datetime) -> Pause | None:
    """Return the pause that runs or was agreed; None when there is none, or it has no end."""
    collection: Json = subscription.get("pause_collection") or {}
    ends_at = collection.get("resumes_at")
    if not ends_at or moment(ends_at) <= now:
        return None
    resumes = next((at for at in renewals(subscription) if at >= moment(ends_at)), None)
    if resumes is None:
        return None
    # Whoever paused it elsewhere left no note: then it is paused from its running period on.
    ours = note(subscription, PAUSE_UNTIL) == str(ends_at)
    begins_at = note(subscription, PAUSE_FROM) if ours else subscription["current_period_start"]
    return Pause(day(begins_at), resumes.date())


def is_paused_for_good(subscription: Json) -> bool:
    """Tell whether it is paused without an end, which the desk itself never does."""
    collection: Json = subscription.get("pause_collection") or {}
    return bool(collection) and not collection.get("resumes_at")


def next_charge_at(subscription: Json, now: datetime) -> datetime:
    """Return the instant of the next charge if the subscription goes on."""
    pause = pause_of(subscription, now)
    if pause is None:
        return moment(subscription["current_period_end"])
    return renewal_at(subscription, pause.resumes_on)


def charges_before(subscription: Json, end: datetime, now: datetime) -> int:
    """Count the charges from the next one on that come before `end`."""
    first = next_charge_at(subscription, now)
    return sum(first <= at < end for at in renewals(subscription))


def discount_of(account: StripeAccount, subscription: Json) -> Json | None:
    """Return the discount of the subscription, or the customer's own where it has none."""
    found: Json | None = subscription.get("discount") or account.customer.get("discount")
    return found if found and found.get("coupon") else None


def agreed_percent(discount: Json | None) -> int | None:
    """Return the percentage of a discount for a term; None: another kind, told in the price."""
    coupon: Json = discount["coupon"] if discount else {}
    percent = coupon.get("percent_off")
    if percent is None or coupon.get("duration") == "forever" or percent != int(percent):
        return None
    return int(percent)


def pending_until(subscription: Json, now: datetime) -> datetime | None:
    """Return until when the plan before an agreed change still counts; None: there is none."""
    until = note(subscription, PLAN_UNTIL)
    return moment(until) if until and moment(until) > now else None


def refunded(invoice: Json) -> int:
    charge = invoice.get("charge")
    return int(charge.get("amount_refunded") or 0) if isinstance(charge, dict) else 0


def left_to_refund(invoice: Json) -> int:
    return max(0, int(invoice.get("amount_paid") or 0) - refunded(invoice))


def used_credit(invoice: Json) -> int:
    """Return how much of the customer's credit the invoice used up."""
    before, after = invoice.get("starting_balance") or 0, invoice.get("ending_balance")
    return max(0, int(after if after is not None else before) - int(before))


def issued_on(invoice: Json) -> date:
    return day(invoice["created"])


def money(minor: int, currency: str) -> Money:
    return Money(minor, currency.upper())
