"""Show whom one can be in the demo: the demo company's customers, each in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.retention.account import AccountHistory, Subscription, SubscriptionStatus
from bot.retention.calendar import whole_months
from bot.use_cases.ports import Billing, Clock

PLACES = {
    "DE": "Germany",
    "GB": "Great Britain",
    "US-CA": "California",
    "US-CO": "Colorado",
    "US-FL": "Florida",
    "US-MN": "Minnesota",
    "US-NY": "New York",
    "US-TX": "Texas",
    "US-WA": "Washington",
}


@dataclass(frozen=True)
class DemoCustomer:
    """One customer; `line` is like "Family plan, 14 months, Colorado"."""

    account: str
    name: str
    line: str


def show_demo_customers(
    accounts: Iterable[str], *, billing: Billing, clock: Clock
) -> tuple[DemoCustomer, ...]:
    """Return these accounts' customers, in that order.

    Raises:
        AccountNotFound: one of them is not loaded.
        BillingUnavailable: the billing system does not answer.
    """
    now = clock.now()
    histories = (billing.history(account, now=now) for account in accounts)
    return tuple(
        DemoCustomer(history.account, history.customer.name, _line(history, clock))
        for history in histories
    )


def _line(history: AccountHistory, clock: Clock) -> str:
    place = history.customer.jurisdiction or "place unknown"
    said = [_plan(subscription) for subscription in history.subscriptions]
    if history.subscriptions:
        started_on = min(subscription.started_on for subscription in history.subscriptions)
        months = whole_months(started_on, clock.now().date())
        said += [_counted(months, "month")] if months else []
    if history.orders:
        said.append(_counted(len(history.orders), "order"))
    return ", ".join([*said, PLACES.get(place, place)])


def _plan(subscription: Subscription) -> str:
    plan = f"{subscription.plan_name} plan"
    if subscription.is_leaving:
        return f"{plan} (set to end)"
    told = {SubscriptionStatus.ACTIVE: "", SubscriptionStatus.TRIALING: " (trial)"}
    return plan + told.get(subscription.status, f" ({subscription.status.value.replace('_', ' ')})")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
