"""What Stripe's objects tell: the account history of the core, as of one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.integrations.billing_line import Json
from bot.integrations.stripe_reading import (
    ENDED,
    MONTHS,
    PLAN_BEFORE,
    PRICE_BEFORE,
    StripeAccount,
    agreed_percent,
    day,
    discount_of,
    first_item,
    interval_of,
    is_paused_for_good,
    issued_on,
    moment,
    money,
    next_charge_at,
    note,
    pause_of,
    pending_until,
    plan_code,
    refunded,
    renewals,
)
from bot.retention.account import (
    AccountHistory,
    Concession,
    Customer,
    Discount,
    Invoice,
    PendingChange,
    PlanChange,
    Subscription,
    SubscriptionStatus,
)
from bot.retention.calendar import add_months
from bot.retention.commands import CancelSubscription, ChangePlan
from bot.use_cases.outside_billing import JournalEntry

_STATUS = {
    "trialing": SubscriptionStatus.TRIALING,
    "active": SubscriptionStatus.ACTIVE,
    "past_due": SubscriptionStatus.PAST_DUE,
    "unpaid": SubscriptionStatus.PAST_DUE,
    "incomplete": SubscriptionStatus.PAST_DUE,
    "paused": SubscriptionStatus.PAUSED,
    **dict.fromkeys(ENDED, SubscriptionStatus.CANCELED),
}
_WEEKS = {"month": 4, "year": 52}


def tell(account: StripeAccount, *, now: datetime) -> AccountHistory:
    """Return what is true at `now`: Stripe's word, and the journal's for what Stripe has none."""
    currency, customer = account.currency, account.customer
    invoices = [_invoice(i, now.date()) for i in account.invoices if i["status"] != "draft"]
    paid = sum(int(i.get("amount_paid") or 0) - refunded(i) for i in account.invoices)
    households = max([1, *(int(first_item(s)["quantity"]) for s in account.subscriptions)])
    return AccountHistory(
        account=account.id,
        customer=Customer(
            customer.get("name") or "", customer.get("email") or "", jurisdiction_of(customer)
        ),
        currency=currency,
        credit=money(max(0, -int(customer.get("balance") or 0)), currency),
        lifetime_value=money(paid, currency),
        households=households,
        subscriptions=tuple(
            told_subscription(account, s, now=now)
            for s in sorted(account.subscriptions, key=lambda s: (s["created"], s["id"]))
        ),
        orders=(),
        invoices=tuple(sorted(invoices, key=lambda i: (i.issued_on, i.id), reverse=True)),
        concessions=_concessions(account.journal),
        boxes=(),
        incidents=(),
        tickets=(),
        plan_changes=_plan_changes(account, now),
        catalogue=tuple(replace(p, price=p.price.times(households)) for p in account.plans),
    )


def told_subscription(account: StripeAccount, record: Json, *, now: datetime) -> Subscription:
    """Return the subscription as the desk tells it at `now`."""
    interval, ended_at = interval_of(record), _ended_at(account, record)
    cancels_on = ended_at.date() if ended_at else _cancels_on(record)
    live = ended_at is None
    pause = pause_of(record, now) if live else None
    if pause and cancels_on and pause.starts_on >= cancels_on:
        pause = None
    paused = pause is not None and pause.starts_on <= now.date()
    status = _STATUS[record["status"]]
    if live and (paused or is_paused_for_good(record)):
        status = SubscriptionStatus.PAUSED
    plan, price = _plan_and_price(account, record, now)
    renews_on = day(record["current_period_end"]) if not paused or not pause else pause.resumes_on
    return Subscription(
        id=record["id"],
        plan=plan,
        plan_name=next((p.name for p in account.plans if p.code == plan), plan),
        nickname=record.get("description") or None,
        status=status,
        price=money(price, first_item(record)["plan"]["currency"]),
        interval=interval,
        started_on=day(record["start_date"]),
        period_starts_on=pause.starts_on if paused and pause else _period_starts_on(record),
        renews_on=renews_on if live and not is_paused_for_good(record) else None,
        trial_ends_on=day(record["trial_end"]) if record.get("trial_end") else None,
        discount=_discount(account, record, now, cancels_on) if live else None,
        pause=pause,
        pending_change=_pending_change(account, record, now, cancels_on) if live else None,
        cancels_on=cancels_on,
        canceled_at=ended_at,
        skipped=(),
        every_weeks=_WEEKS[interval],
        next_dispatch_on=None,
    )


def jurisdiction_of(customer: Json) -> str | None:
    """Return the profile key of the customer's address; None, the strictest, where it says less."""
    noted = (customer.get("metadata") or {}).get("jurisdiction")
    if noted:
        return str(noted)
    address = customer.get("address") or {}
    country, state = (address.get("country") or "").upper(), (address.get("state") or "").upper()
    if country == "US":
        return f"US-{state}" if len(state) == 2 else None
    return country or None


def _period_starts_on(record: Json) -> date:
    return day(record["current_period_start"])


def _ended_at(account: StripeAccount, record: Json) -> datetime | None:
    """Return when it ended: the instant of the request where the journal knows it (R18)."""
    if record["status"] not in ENDED:
        return None
    at = moment(record.get("ended_at") or record.get("canceled_at") or record["created"])
    said = [
        entry.effective_at
        for entry in account.journal
        if isinstance(entry.command, CancelSubscription)
        and entry.command.subscription == record["id"]
        and entry.effective_at
    ]
    return min(said[-1], at) if said else at


def _cancels_on(record: Json) -> date | None:
    if record.get("cancel_at_period_end"):
        return day(record["current_period_end"])
    return day(record["cancel_at"]) if record.get("cancel_at") else None


def _happens(on: date, cancels_on: date | None) -> bool:
    return cancels_on is None or on < cancels_on


def _plan_and_price(account: StripeAccount, record: Json, now: datetime) -> tuple[str, int]:
    """Return the plan that counts now and its price: the one before a change not yet begun."""
    if pending_until(record, now):
        return str(note(record, PLAN_BEFORE)), int(note(record, PRICE_BEFORE) or 0)
    return plan_code(first_item(record)["plan"]), list_price(account, record)


def list_price(account: StripeAccount, record: Json) -> int:
    """Return what one period costs without a discount for a term; one for good is the price."""
    items = record["items"]["data"]
    full = sum(int(item["plan"]["amount"] or 0) * int(item["quantity"]) for item in items)
    discount = discount_of(account, record)
    if discount is None or agreed_percent(discount) is not None:
        return full
    coupon = discount["coupon"]
    off = round(full * float(coupon.get("percent_off") or 0) / 100)
    return max(0, full - off - int(coupon.get("amount_off") or 0))


def _discount(
    account: StripeAccount, record: Json, now: datetime, cancels_on: date | None
) -> Discount | None:
    discount = discount_of(account, record)
    percent = agreed_percent(discount)
    if discount is None or percent is None:
        return None
    first = next_charge_at(record, now)
    # What has not begun yet and would begin after the end will not happen.
    begun = moment(discount["start"]) < moment(record["current_period_start"])
    if not begun and not _happens(first.date(), cancels_on):
        return None
    coming = (at for at in renewals(record) if at >= first)
    if discount["coupon"].get("duration") == "once":
        step = MONTHS[interval_of(record)]
        return Discount(percent, add_months(first.date(), step))
    end = moment(discount["end"])
    ends = next((at for at in coming if at >= end), None)
    return Discount(percent, ends.date()) if ends else None


def _pending_change(
    account: StripeAccount, record: Json, now: datetime, cancels_on: date | None
) -> PendingChange | None:
    if pending_until(record, now) is None:
        return None
    plan, starts_on = first_item(record)["plan"], next_charge_at(record, now).date()
    if not _happens(starts_on, cancels_on):
        return None
    return PendingChange(
        plan_code(plan), money(list_price(account, record), plan["currency"]), starts_on
    )


def _invoice(record: Json, today: date) -> Invoice:
    paid_on = (record.get("status_transitions") or {}).get("paid_at")
    due_on = day(record["due_date"]) if record.get("due_date") else issued_on(record)
    back = refunded(record)
    return Invoice(
        id=record["id"],
        subscription=record.get("subscription"),
        amount=money(int(record["amount_due"]), record["currency"]),
        status=_invoice_status(record, back, overdue=today > due_on),
        issued_on=issued_on(record),
        due_on=due_on,
        paid_on=day(paid_on) if paid_on else None,
        refunded=money(back, record["currency"]),
    )


def _invoice_status(record: Json, back: int, *, overdue: bool) -> str:
    if record["status"] == "paid":
        paid = int(record.get("amount_paid") or 0)
        return "refunded" if back and back >= paid else "paid"
    if record["status"] == "void":
        return "void"
    return "overdue" if overdue or record["status"] == "uncollectible" else "open"


def _concessions(journal: tuple[JournalEntry, ...]) -> tuple[Concession, ...]:
    """Return what was given, newest first; what is not known to be done counts as given."""
    told = []
    for entry in journal:
        granted = getattr(entry.command, "note", None)
        if granted:
            told.append(
                Concession(
                    id=f"C-{entry.number}",
                    kind=granted.kind,
                    policy=granted.policy,
                    subscription=getattr(entry.command, "subscription", None),
                    granted_at=entry.begun_at,
                    value=granted.value,
                    revoked_at=entry.revoked_at,
                )
            )
    return tuple(reversed(told))


def _plan_changes(account: StripeAccount, now: datetime) -> tuple[PlanChange, ...]:
    """Return the desk's own changes that have begun; of several for one day the last counts."""
    begun: dict[tuple[str, date], PlanChange] = {}
    for entry in account.journal:
        at, command = entry.effective_at, entry.command
        if not isinstance(command, ChangePlan) or at is None or at > now or entry.revoked_at:
            continue
        before = entry.steps[0]["params"]["metadata"][PLAN_BEFORE]
        change = PlanChange(command.subscription, before, command.plan, at.date())
        begun[(command.subscription, at.date())] = change
    return tuple(reversed(begun.values()))
