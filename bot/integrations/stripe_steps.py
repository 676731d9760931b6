"""Requests to Stripe as data: written down before they are made, and recognised afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.integrations.billing_line import Json
from bot.money import Money

# Where every change leaves its mark on what it changed or made.
LAST, MADE_BY = "desk_last", "desk_key"


def mark_of(key: str, number: int = 0) -> str:
    """Return what a step of the command with this key is recognised by."""
    return hashlib.sha256(f"{key}:{number}".encode()).hexdigest()[:32]


def update(subscription: str, params: Mapping[str, Any]) -> Json:
    """Change a subscription; its metadata then names the step that changed it last."""
    path = f"/v1/subscriptions/{subscription}"
    metadata = dict(params.get("metadata", {}))
    return {
        "method": "POST",
        "path": path,
        "params": {**params, "metadata": metadata},
        "seen": {"path": path, "field": ["metadata", LAST]},
    }


def end_now(subscription: str) -> Json:
    """End a subscription at once: no last invoice, nothing prorated."""
    path = f"/v1/subscriptions/{subscription}"
    return {
        "method": "DELETE",
        "path": path,
        "params": {"invoice_now": False, "prorate": False},
        "seen": {"path": path, "field": ["status"], "is": "canceled"},
    }


def make_coupon(coupon: str, percent: int, months: int) -> Json:
    """Make a coupon of a term; its id is the desk's, so that making it again is refused."""
    params = {"id": coupon, "percent_off": percent, "duration": "repeating"}
    return {
        "method": "POST",
        "path": "/v1/coupons",
        "params": {**params, "duration_in_months": months},
        "seen": {"path": f"/v1/coupons/{coupon}", "field": ["id"], "is": coupon},
    }


def book_credit(customer: str, amount: Money, why: str) -> Json:
    """Book credit on the customer's balance; Stripe counts what the customer has as negative."""
    path = f"/v1/customers/{customer}/balance_transactions"
    return {
        "method": "POST",
        "path": path,
        "params": {
            "amount": -amount.minor,
            "currency": amount.currency.lower(),
            "description": why,
            "metadata": {},
        },
        "seen": {"path": path, "list": {}, "field": ["metadata", MADE_BY]},
    }


def pay_back(invoice: Json, minor: int) -> Json:
    """Refund a part of an invoice, or all of it, to where it was paid from."""
    charge = invoice["charge"]
    charge_id = charge["id"] if isinstance(charge, dict) else charge
    return {
        "method": "POST",
        "path": "/v1/refunds",
        "params": {
            "charge": charge_id,
            "amount": minor,
            "metadata": {},
        },
        "seen": {
            "path": "/v1/refunds",
            "list": {"charge": charge_id},
            "field": ["metadata", MADE_BY],
        },
    }


def void(invoice: Json) -> Json:
    path = f"/v1/invoices/{invoice['id']}"
    return {
        "method": "POST",
        "path": f"{path}/void",
        "params": {},
        "seen": {"path": path, "field": ["status"], "is": "void"},
    }


def never_collect(invoice: Json) -> Json:
    """Keep a draft from ever being collected; Stripe deletes no draft of a subscription."""
    path = f"/v1/invoices/{invoice['id']}"
    return {
        "method": "POST",
        "path": path,
        "params": {"auto_advance": False, "metadata": {}},
        "seen": {"path": path, "field": ["metadata", MADE_BY]},
    }


def marked(steps: tuple[Json, ...], key: str) -> tuple[Json, ...]:
    """Give every step a mark of its own, and put it where it will be found afterwards."""
    return tuple(_marked(step, mark_of(key, number)) for number, step in enumerate(steps))


def _marked(step: Json, mark: str) -> Json:
    seen, params = {"is": mark, **step["seen"]}, dict(step["params"])
    if seen["field"][0] == "metadata":
        params["metadata"] = {**params["metadata"], seen["field"][1]: mark}
    return {**step, "params": params, "seen": seen, "mark": mark}
