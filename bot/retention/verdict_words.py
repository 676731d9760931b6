"""Verdicts in a sentence, for the person who has to tell a customer why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ENTITLED = "Entitled."
# What stands in the way, said with its figures; the rest is said by the fact's own name.
_SENTENCES = {
    "possible": "there is nothing of this kind to give here",
    "in_holdout": "the account is held out, so that we know what offers do",
    "hardship": "the customer is in hardship, and nothing is sold to them",
    "offers_made": "as many offers were made as may be",
    "days_since_price_concession": (
        "the last price concession was {value} days ago, {bound} are needed"
    ),
    "pause_months_left": "{value} months of pause are left, {bound} are needed",
    "value_minor": "it costs {value}, and {bound} may be granted alone",
    "authority_left_minor": "{value} may still be granted this month, and it costs {bound}",
    "level": "it takes somebody of the level {bound}",
    "tenure_months": "the customer has been here for {value} months, {bound} are needed",
    "overdue_invoices": "{value} invoices are overdue",
    "open_incidents": "an incident of ours is open, and is solved first",
    "discount_runs": "a discount runs already",
    "pause_runs": "a pause runs already",
    "jurisdiction": "the law where the customer lives does not allow it",
    "smaller_plan": "there is no smaller plan",
    "status": "the subscription is {value}, and must be {bound}",
    "order_status": "the order is {value}, and must be {bound}",
    "days_since_delivery": "it was delivered {value} days ago, {bound} at most are allowed",
}
_SIGNS = {
    "at_least": "at least",
    "at_most": "at most",
    "is": "",
    "is_not": "anything but",
    "one_of": "one of",
    "none_of": "none of",
}


def concerns(conditions: Iterable[dict[str, Any]]) -> bool:
    """Say whether a policy that was judged by these is one for what the attempt is about at all."""
    return all(one["holds"] for one in conditions if one["fact"] == "subject")


def why(verdict: dict[str, Any]) -> str:
    """Return why a policy's offer may be made or not, from its verdict as it is recorded."""
    unmet = [condition for condition in verdict["conditions"] if not condition["holds"]]
    if not unmet:
        return ENTITLED
    return f"Not entitled: {'; '.join(_said(condition) for condition in unmet)}."


def _said(condition: dict[str, Any]) -> str:
    fact = str(condition["fact"])
    value, bound = (_figure(fact, condition[name]) for name in ("value", "bound"))
    known = _SENTENCES.get(fact)
    if known is not None:
        return known.format(value=value, bound=bound)
    wanted = " ".join(part for part in (_SIGNS[condition["operator"]], bound) if part)
    return f"{fact.replace('_', ' ')} is {value}, and must be {wanted}"


def _figure(fact: str, value: Any) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.endswith("_minor") and isinstance(value, int):
        return f"{value / 100:,.2f}"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
