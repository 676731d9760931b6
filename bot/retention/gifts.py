"""Gifts: what is given in money or time while the contract stays as it is, worked out."""

from __future__ import annotations

from typing import Any

from bot.retention.account import AccountHistory, ConcessionKind, Subscription
from bot.retention.policy import OfferTerms


def work_out(
    terms: OfferTerms, history: AccountHistory, subscription: Subscription
) -> tuple[int, dict[str, Any]] | None:
    """Return its value in minor units and what carrying it out needs; None: nothing to give."""
    if terms.kind is ConcessionKind.REFUND:
        return _refund(terms, history, subscription)
    if terms.kind is ConcessionKind.EXPERT_SESSION:
        return 0, {"minutes": terms.minutes}
    # A fee is waived by credit of its amount, which the next invoice uses up like any other.
    return terms.amount_minor, {}


def _refund(
    terms: OfferTerms, history: AccountHistory, subscription: Subscription
) -> tuple[int, dict[str, Any]] | None:
    """Return a part of the last charge, as far as it was not paid back already."""
    charge = history.last_charge(subscription.id)
    if charge is None or charge.status != "paid":
        return None
    amount = min(charge.amount.percent(terms.percent), charge.amount - charge.refunded)
    if amount.minor <= 0:
        return None
    return amount.minor, {"invoice": charge.id, "percent": terms.percent}
