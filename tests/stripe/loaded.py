"""The demo company in Stripe: the same customers, plans and dates as in the embedded billing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any

from bot.integrations.stripe_reading import PAUSE_FROM, PAUSE_UNTIL
from bot.retention.calendar import add_months
from bot.storage.demo_books import PLANS
from bot.storage.demo_company import demo_accounts
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import SubscriptionRecord
from tests.factories import NOW, TODAY

Ask = Callable[..., dict[str, Any]]
CARD = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}


def epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())


def load_demo_company(ask: Ask, configure: Ask, *, only: str | None = None) -> dict[str, str]:
    """Make every customer with a subscription, or only one account; forget what was there.

    Returns Stripe's id of each account and contract. `ask` posts to Stripe's interface,
    `configure` to what the tests' server adds.
    """
    configure("again", now=int(NOW.timestamp()))
    product = ask("/v1/products", {"name": "Larder", "type": "service"})["id"]
    for plan in PLANS:
        ask(
            "/v1/plans",
            {
                "id": plan.code,
                "amount": plan.price.minor,
                "currency": "usd",
                "interval": plan.interval,
                "product": product,
                "nickname": plan.name,
                "metadata": {"desk_size": plan.size, "desk_advertised": plan.advertised},
            },
        )
    ids: dict[str, str] = {}
    for books in demo_accounts(TODAY):
        if books.subscriptions and only in (None, books.account.number):
            _load(books, ids, ask, configure)
    return ids


def _load(books: Books, ids: dict[str, str], ask: Ask, configure: Ask) -> None:
    account = books.account
    card = ask("/v1/payment_methods", {"type": "card", "card": CARD})["id"]
    customer = ask(
        "/v1/customers",
        {
            "name": account.name,
            "email": account.email,
            "payment_method": card,
            "invoice_settings": {"default_payment_method": card},
            "address": _address(account.jurisdiction or ""),
        },
    )["id"]
    ids[account.number] = customer
    for record in books.subscriptions:
        ids[record.id] = _subscribe(books, record, customer, ask)
    past = [
        {
            "customer": customer,
            "subscription": ids[invoice.subscription or ""],
            "amount": invoice.amount_minor,
            "created": epoch(invoice.issued_on),
            "paid": invoice.status == "paid",
        }
        for invoice in books.invoices
    ]
    before = account.lifetime_minor - sum(i["amount"] for i in past if i["paid"])
    if before:
        long_ago = epoch(add_months(TODAY, -60))
        first = {"customer": customer, "subscription": None, "amount": before, "paid": True}
        past.insert(0, {**first, "created": long_ago})
    configure("past", invoices=past, discounts=_discounts(books, ids, ask))


def _subscribe(books: Books, record: SubscriptionRecord, customer: str, ask: Ask) -> str:
    step = 12 if record.interval == "year" else 1
    renews_on = record.renews_on or TODAY
    starts_on = record.period_starts_on
    metadata: dict[str, Any] = {}
    pause = next((p for p in books.pauses if p.subscription == record.id), None)
    if pause:
        ends_at = epoch(pause.resumes_on) - 3600
        starts_on = add_months(pause.resumes_on, -step)
        metadata = {PAUSE_FROM: epoch(pause.starts_on), PAUSE_UNTIL: ends_at}
    given: dict[str, Any] = {
        "customer": customer,
        "items": [{"plan": record.plan, "quantity": books.account.households}],
        "metadata": metadata,
        "backdate_start_date": epoch(record.started_on),
        "test_period": [epoch(starts_on), epoch(renews_on)],
    }
    if record.nickname:
        given["description"] = record.nickname
    if record.trial_ends_on:
        given["trial_end"] = epoch(record.trial_ends_on)
    if not books.account.pays_automatically:
        given["collection_method"] = "send_invoice"
    made = str(ask("/v1/subscriptions", given)["id"])
    if pause:
        paused = {"behavior": "void", "resumes_at": ends_at}
        ask(f"/v1/subscriptions/{made}", {"pause_collection": paused})
    if record.cancels_on:
        ask(f"/v1/subscriptions/{made}", {"cancel_at_period_end": True})
    return made


def _discounts(books: Books, ids: dict[str, str], ask: Ask) -> list[dict[str, Any]]:
    loaded = []
    for running in books.discounts:
        coupon = {
            "id": f"before-{running.id}",
            "percent_off": running.percent,
            "duration": "repeating",
            "duration_in_months": running.cycles,
        }
        ask("/v1/coupons", coupon)
        began = epoch(add_months(TODAY, -running.cycles_used))
        subscription = ids[running.subscription]
        loaded.append({"subscription": subscription, "coupon": coupon["id"], "start": began})
    return loaded


def _address(jurisdiction: str) -> dict[str, str]:
    country, _, state = jurisdiction.partition("-")
    return {"country": country, "state": state} if state else {"country": country}
