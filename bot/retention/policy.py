"""Retention policies: which offer may be made, for which reasons, when which conditions hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.retention.account import ConcessionKind
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import Fact, Facts

ANY_REASON = "any"
OPERATORS = ("at_least", "at_most", "is", "is_not", "one_of", "none_of")

Bound = int | str | bool | tuple[int | str, ...]


@dataclass(frozen=True)
class Condition:
    """One fact held against one bound. An unknown value (None) holds only against `is_not`."""

    fact: str
    operator: str
    bound: Bound

    def judge(self, facts: Facts) -> ConditionResult:
        value = facts.get(self.fact)
        return ConditionResult(self.fact, self.operator, self.bound, value, self._holds(value))

    def _holds(self, value: Fact) -> bool:
        if self.operator == "is_not":
            return value != self.bound
        if self.operator == "none_of":
            return value not in _choices(self.bound)
        if value is None:
            return False
        if self.operator == "is":
            return value == self.bound
        if self.operator == "one_of":
            return value in _choices(self.bound)
        if isinstance(value, str) or not isinstance(self.bound, int):
            return False
        return value >= self.bound if self.operator == "at_least" else value <= self.bound


@dataclass(frozen=True)
class ConditionResult:
    """A condition with the value it met and whether it holds: the answer to "why not?"."""

    fact: str
    operator: str
    bound: Bound | None
    value: Fact
    holds: bool


@dataclass(frozen=True)
class OfferTerms:
    """What a policy offers; which fields count depends on the kind.

    downgrade: `to` a plan code or `next_smaller` · pause: `months` · discount: `percent`, `cycles`
    · credit, waive_fee: `amount_minor` · extend_trial: `days` · store_credit: `percent` (the
    bonus) · refund: `percent` (of the last charge) · expert_session: `minutes`
    · skip, change_frequency (`every_weeks`), exchange.
    """

    kind: ConcessionKind
    to: str | None = None
    months: int = 0
    percent: int = 0
    cycles: int = 0
    amount_minor: int = 0
    days: int = 0
    every_weeks: int = 0
    minutes: int = 0

    def to_document(self) -> dict[str, Any]:
        """Write the terms; revisions in use were kept before there were minutes."""
        written = {**asdict(self), "kind": self.kind.value}
        return written if self.minutes else {k: v for k, v in written.items() if k != "minutes"}


@dataclass(frozen=True)
class RetentionPolicy:
    """A versioned statement; `rank` is its place on the offer ladder, lowest first.

    It speaks from `speaks_from` on and until the day before `speaks_until`, where they are set;
    `monthly_budget_minor` is the most its concessions of one calendar month may cost.
    """

    name: str
    revision: int
    reasons: tuple[str, ...]
    conditions: tuple[Condition, ...]
    offer: OfferTerms
    rank: int
    speaks_from: date | None = None
    speaks_until: date | None = None
    monthly_budget_minor: int | None = None

    @property
    def cited(self) -> str:
        return f"{self.name}@{self.revision}"

    def to_document(self) -> dict[str, Any]:
        """Write what the policy says as JSON; two that write the same decide the same."""
        return {
            "policy": self.name,
            "revision": self.revision,
            "reasons": list(self.reasons),
            "conditions": [
                [
                    condition.fact,
                    condition.operator,
                    list(bound) if isinstance(bound := condition.bound, tuple) else bound,
                ]
                for condition in self.conditions
            ],
            "offer": self.offer.to_document(),
            "rank": self.rank,
            **self._only_if_set(),
        }

    def _only_if_set(self) -> dict[str, Any]:
        """Leave out what is not set: revisions in use were kept before these keys were known."""
        limits = {
            "from": self.speaks_from and self.speaks_from.isoformat(),
            "until": self.speaks_until and self.speaks_until.isoformat(),
            "monthly_budget_minor": self.monthly_budget_minor,
        }
        return {key: value for key, value in limits.items() if value is not None}

    def judge_day(self, today: date) -> list[ConditionResult]:
        """Say whether today is among the days on which the policy speaks."""
        day = today.isoformat()
        results = []
        if self.speaks_from is not None:
            first = self.speaks_from
            results.append(ConditionResult("today", "from", first.isoformat(), day, today >= first))
        if self.speaks_until is not None:
            end = self.speaks_until
            results.append(ConditionResult("today", "before", end.isoformat(), day, today < end))
        return results

    def speaks_of(self, reason: CancellationReason | None) -> bool:
        if ANY_REASON in self.reasons:
            return True
        return reason is not None and reason.value in self.reasons


@dataclass(frozen=True)
class Verdict:
    """One policy's answer for one subject: granted, or which conditions do not hold."""

    policy: str
    conditions: tuple[ConditionResult, ...]

    @property
    def granted(self) -> bool:
        return all(condition.holds for condition in self.conditions)


def _choices(bound: Bound) -> tuple[int | str, ...]:
    return bound if isinstance(bound, tuple) else (bound,)
