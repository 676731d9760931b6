"""Generated cases: customers nobody has met, the same ones again for the same seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.retention.account import Plan
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import Fact, Facts
from bot.retention.holdout import in_holdout
from bot.retention.jurisdiction import Profiles
from bot.retention.replay import Case
from bot.retention.terms import Terms

_Value = TypeVar("_Value")
_DAYS = 30

# Of a hundred customers who leave a subscription for meals, made up with a sense of proportion.
# They stand for nobody's customers: whoever has records of their own replays those.
_REASONS = {
    CancellationReason.TOO_EXPENSIVE: 34,
    CancellationReason.UNUSED: 18,
    CancellationReason.SWITCHED_SERVICE: 9,
    CancellationReason.DELIVERY_PROBLEM: 8,
    CancellationReason.LOW_QUALITY: 7,
    CancellationReason.TEMPORARY_BREAK: 9,
    CancellationReason.LIFE_EVENT: 6,
    None: 9,
}
_STATUSES = {"active": 82, "trialing": 8, "paused": 5, "past_due": 5}
_JURISDICTIONS = {"US-TX": 30, "US-CO": 20, "US-CA": 20, "GB": 15, "US-MN": 5, "DE": 10}
_TRENDS = {"steady": 50, "falling": 35, "rising": 15}
_LANGUAGES = {"en": 92, "es": 4, "de": 3, "fr": 1}


@dataclass(frozen=True)
class Lots:
    """Numbers that look drawn by chance and are the same for the same seed and case."""

    seed: int
    case: int

    def share(self, name: str) -> float:
        digest = hashlib.sha256(f"{self.seed}:{self.case}:{name}".encode()).digest()
        return (int.from_bytes(digest[:8], "big") >> 11) / 2**53

    def up_to(self, name: str, most: int) -> int:
        """Return a whole number from 0 to `most`, small ones more often."""
        return int(self.share(name) ** 2 * (most + 1))

    def one_of(self, name: str, weights: dict[_Value, int]) -> _Value:
        left = self.share(name) * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return next(reversed(weights))


def generated(
    count: int,
    *,
    seed: int,
    now: datetime,
    catalogue: Sequence[Plan],
    profiles: Profiles,
    terms: Terms,
) -> Iterator[Case]:
    """Yield so many cases of the month before `now`, in the order of their instants."""
    for number in range(count):
        lots = Lots(seed, number)
        at = now - timedelta(days=_DAYS) * (1 - number / count)
        facts = _facts(lots, catalogue)
        profile = profiles.of(str(facts["jurisdiction"]), at.date())
        held_out = in_holdout(
            f"generated-{seed}-{number}",
            salt=terms.holdout_salt,
            percent=terms.holdout_percent,
        )
        reason = lots.one_of("reason", _REASONS)
        yield Case(
            at=at,
            reason=reason.value if reason else None,
            facts=facts,
            cap=profile.offers_before_completion,
            hardship=lots.share("hardship") < 0.03,
            held_out=held_out,
            insisted=lots.share("insisted") < 0.4,
        )


def _facts(lots: Lots, catalogue: Sequence[Plan]) -> Facts:
    status = lots.one_of("status", _STATUSES)
    plan = lots.one_of("plan", {plan: 1 + 2 * plan.advertised for plan in catalogue})
    tenure = 0 if status == "trialing" else lots.up_to("tenure", 48)
    days = 365 if plan.interval == "year" else 30
    left = lots.up_to("renewal", days - 1)
    discounted = status == "active" and lots.share("discount") < 0.12
    conceded = discounted or lots.share("conceded") < 0.15
    attempts = lots.up_to("attempts", 3) if tenure else 0
    pauses = status == "paused" or (status == "active" and lots.share("pause") < 0.04)
    given = int(conceded) + lots.up_to("given", 2)
    facts: dict[str, Fact] = {
        "subject": "subscription",
        "plan": plan.code,
        "interval": plan.interval,
        "status": status,
        "price_minor": plan.price.minor,
        "tenure_months": tenure,
        "overdue_invoices": int(status == "past_due"),
        "discount_runs": discounted,
        "days_since_price_concession": lots.up_to("since", 400) if conceded else None,
        "pause_runs": pauses,
        "pause_months_left": 0 if status == "trialing" else 6 - 2 * pauses,
        "smaller_plan": _smaller(plan, catalogue),
        "trial_extensions": int(status == "trialing" and lots.share("extended") < 0.2),
        "days_to_renewal": left,
        "days_since_renewal": days - 1 - left,
        "households": 1 + (lots.share("households") < 0.06),
        "lifetime_value_minor": plan.price.minor * tenure // (12 if days == 365 else 1),
        "earlier_attempts": attempts,
        "days_since_attempt": lots.up_to("attempt", 300) + 1 if attempts else None,
        "concessions": given,
        "concessions_minor": given * plan.price.minor // 4,
        "jurisdiction": lots.one_of("jurisdiction", _JURISDICTIONS),
        "channel": "chat",
        "language": lots.one_of("language", _LANGUAGES),
    }
    return {**facts, **_use(lots, tenure)}


def _use(lots: Lots, tenure: int) -> Facts:
    late, skipped = lots.up_to("late", 3), lots.up_to("skipped", 4)
    return {
        "open_incidents": int(lots.share("incident") < 0.06),
        "incidents_last_90_days": int(lots.share("incident") < 0.12),
        "open_tickets": int(lots.share("ticket") < 0.1),
        "late_boxes": late,
        "late_boxes_last_90_days": min(late, lots.up_to("late_lately", 2)),
        "boxes_skipped_last_90_days": skipped,
        "boxes_skipped_in_a_row": min(skipped, lots.up_to("in_a_row", 4)),
        "cooked_percent": 100 - lots.up_to("uncooked", 100) if tenure else None,
        "usage_trend": lots.one_of("trend", _TRENDS) if tenure > 1 else None,
    }


def _smaller(plan: Plan, catalogue: Sequence[Plan]) -> str | None:
    """Return the next smaller advertised plan, else the rescue plan where that is cheaper."""
    monthly = plan.price.minor // (12 if plan.interval == "year" else 1)
    cheaper = [p for p in catalogue if p.interval == "month" and p.price.minor < monthly]
    advertised = [p for p in cheaper if p.advertised and p.size < plan.size]
    rescue = [p for p in cheaper if not p.advertised and p.code != plan.code]
    found = max(advertised, key=lambda p: p.size, default=None) or next(iter(rescue), None)
    return found.code if found else None
