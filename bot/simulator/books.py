"""What changed in an account between two moments, by the `account` contract alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bot.retention.jurisdiction import Profile

Account = dict[str, Any]

_LIVE = ("active", "trialing", "paused", "past_due")
_OPEN_ORDER = ("paid", "dispatched", "delivered")
_ORDER_LEFT = ("canceled", "return_requested", "returned")
_EXCHANGE = "exchange_requested"
_REMEDY = "late_box_remedy"
MONEY_BACK_DAYS = 14
RETURN_DAYS = 30


def can_be_left(account: Account, on: date) -> tuple[str, ...]:
    """Return what could still be left: subscriptions, else orders."""
    subscriptions = tuple(
        s["id"] for s in account["subscriptions"] if s["status"] in _LIVE and not s["cancels_on"]
    )
    return subscriptions or tuple(
        o["id"] for o in account["orders"] if o["status"] in _OPEN_ORDER and not _is_too_late(o, on)
    )


def left(before: Account, after: Account) -> tuple[str, ...]:
    """Return what was left between the two: set to end, ended, cancelled or on its way back."""
    if not before or not after:
        return ()
    return (*_subscriptions_left(before, after), *_orders_left(before, after))


def agreed(before: Account, after: Account) -> tuple[str, ...]:
    """Return what was agreed on between the two, in words; a remedy is owed and not among it."""
    if not before or not after:
        return ()
    old = _by_id(before["subscriptions"])
    found = [
        words
        for one in after["subscriptions"]
        for words in _agreed_for(old.get(one["id"], {}), one)
    ]
    found += [f"{c['kind']} by {c['policy']}" for c in _new_concessions(before, after)]
    return tuple(found)


def exchanged(before: Account, after: Account) -> bool:
    """Say whether an order is being exchanged that was not."""
    old = _by_id(before["orders"]) if before else {}
    return any(
        one["status"] == _EXCHANGE and old.get(one["id"], {}).get("status") != _EXCHANGE
        for one in after.get("orders", ())
    )


def remedies(account: Account) -> int:
    return sum(c["policy"].startswith(_REMEDY) for c in account.get("concessions", ()))


def concessions_twice(before: Account, after: Account) -> tuple[str, ...]:
    """Return the policies under which two or more concessions are new and stand."""
    policies = [c["policy"] for c in _new_concessions(before, after) if not c["revoked_at"]]
    return tuple(sorted({policy for policy in policies if policies.count(policy) > 1}))


def new_charges(subject: str, before: Account, after: Account) -> tuple[str, ...]:
    """Return the subscription's invoices that are new and demand something."""
    known = {invoice["id"] for invoice in before["invoices"]}
    return tuple(
        invoice["id"]
        for invoice in after["invoices"]
        if invoice["subscription"] == subject
        and invoice["id"] not in known
        and invoice["amount_minor"] > 0
        and invoice["status"] in ("open", "paid")
    )


def subject(account: Account, ident: str) -> dict[str, Any]:
    """Return the subscription or order with this id, {} when there is none."""
    return _by_id([*account["subscriptions"], *account["orders"]]).get(ident, {})


def can_be_taken_back(account: Account, ident: str, profile: Profile, at: datetime) -> bool:
    """Say whether leaving it now can be undone, so that it needs no question first."""
    one = subject(account, ident)
    runs = one.get("status") in ("active", "past_due")
    return runs and not has_live_right(account, ident, profile, at)


def has_live_right(account: Account, ident: str, profile: Profile, at: datetime) -> bool:
    """Say whether a paid subscription can be withdrawn from, or has a yearly renewal refunded."""
    one = subject(account, ident)
    if "interval" not in one or one["status"] not in ("active", "past_due"):
        return False
    paid = any(
        i["subscription"] == ident and i["status"] == "paid" and i["amount_minor"] > 0
        for i in account["invoices"]
        if i["issued_on"] >= one["period_starts_on"]
    )
    return paid and (_is_new(one, profile, at) or _is_just_renewed(one, at))


def most_offers(account: Account, ident: str, profile: Profile, at: datetime) -> int:
    """Return the cap of offers on a subscription or order, from the profile's own figures."""
    one = subject(account, ident)
    began = one.get("started_on") or one.get("delivered_on") or one.get("ordered_on")
    if began and profile.withdrawal_days:
        last_day = date.fromisoformat(began) + timedelta(days=profile.withdrawal_days)
        if profile.day_of(at) <= last_day:
            return 0
    return profile.offers_before_completion


def _is_new(one: dict[str, Any], profile: Profile, at: datetime) -> bool:
    last_day = date.fromisoformat(one["started_on"]) + timedelta(days=profile.withdrawal_days)
    return bool(profile.withdrawal_days) and profile.day_of(at) <= last_day


def _is_just_renewed(one: dict[str, Any], at: datetime) -> bool:
    last_day = date.fromisoformat(one["period_starts_on"]) + timedelta(days=MONEY_BACK_DAYS)
    return one["interval"] == "year" and at.date() <= last_day


def _is_too_late(order: dict[str, Any], on: date) -> bool:
    delivered = order["delivered_on"]
    return bool(delivered) and on > date.fromisoformat(delivered) + timedelta(days=RETURN_DAYS)


def _subscriptions_left(before: Account, after: Account) -> Iterator[str]:
    old = _by_id(before["subscriptions"])
    for one in after["subscriptions"]:
        was = old.get(one["id"])
        if was is None:
            continue
        set_to_end = bool(one["cancels_on"]) and not was["cancels_on"]
        sooner = bool(was["cancels_on"]) and (one["cancels_on"] or "9") < was["cancels_on"]
        ended = one["status"] == "canceled" and was["status"] != "canceled"
        if set_to_end or sooner or (ended and not was["cancels_on"]):
            yield one["id"]


def _orders_left(before: Account, after: Account) -> Iterator[str]:
    old = _by_id(before["orders"])
    for one in after["orders"]:
        was = old[one["id"]]["status"]
        settled = one["status"] in _ORDER_LEFT and was not in _ORDER_LEFT
        if settled and not _took_store_credit(before, after):
            yield one["id"]


def _took_store_credit(before: Account, after: Account) -> bool:
    return any(c["kind"] == "store_credit" for c in _new_concessions(before, after))


def _agreed_for(was: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    for part in ("pause", "discount", "pending_change"):
        if one[part] and one[part] != was.get(part) and not _is_only_later(part, was, one):
            yield f"{part} for {one['id']}"
    if len(one["skipped"]) > len(was.get("skipped", ())):
        yield f"a skipped box of {one['id']}"
    if one["every_weeks"] != was.get("every_weeks"):
        yield f"another rhythm for {one['id']}"
    if (one["trial_ends_on"] or "") > (was.get("trial_ends_on") or ""):
        yield f"a longer trial of {one['id']}"


def _is_only_later(part: str, was: dict[str, Any], one: dict[str, Any]) -> bool:
    """A discount that runs stays the same one when its last day is reckoned anew."""
    old = was.get(part) or {}
    return part == "discount" and old.get("percent") == one[part]["percent"]


def _new_concessions(before: Account, after: Account) -> list[dict[str, Any]]:
    known = {c["id"] for c in before["concessions"]}
    return [
        c
        for c in after["concessions"]
        if c["id"] not in known and not c["policy"].startswith(_REMEDY)
    ]


def _by_id(items: Any) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in items}
