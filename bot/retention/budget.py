"""Budgets: what concessions may cost in a calendar month, and what is set aside for offers.

An offer that was made is kept. So its cost is set aside when it is shown, counts as spent once it
is agreed, and is free again when it is declined or has run out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.retention.account import ConcessionKind
from bot.retention.policy import ConditionResult, RetentionPolicy


@dataclass(frozen=True)
class Budgets:
    """The most that concessions of one month may cost, in minor units; None: no such limit.

    `by_policy` goes by the policy's name, so that a new revision does not begin anew; `by_person`
    is what people may grant, by their id.
    """

    company_minor: int | None = None
    by_policy: Mapping[str, int] = field(default_factory=dict)
    by_person: Mapping[str, int] = field(default_factory=dict)

    def limits(self, policy: str, person: str | None = None) -> bool:
        own = policy in self.by_policy or person in self.by_person
        return own or self.company_minor is not None


@dataclass(frozen=True)
class Spent:
    """What one month's concessions cost so far, what is set aside for offers included."""

    total_minor: int = 0
    by_policy: Mapping[str, int] = field(default_factory=dict)
    by_person: Mapping[str, int] = field(default_factory=dict)

    def plus(self, policy: str, cost_minor: int, person: str | None = None) -> Spent:
        own = {policy: self.by_policy.get(policy, 0) + cost_minor}
        theirs = {person: self.by_person.get(person, 0) + cost_minor} if person else {}
        return Spent(
            self.total_minor + cost_minor,
            {**self.by_policy, **own},
            {**self.by_person, **theirs},
        )


@dataclass(frozen=True)
class Line:
    """What one offer takes from the budgets until it is agreed, declined, or runs out at `until`.

    `offer` is the offer's id, `policy` the policy's name; `cools_down` says that the account has
    to wait for the next of its kind. `granted_by` is the person who made the offer, if one did.
    """

    offer: str
    account: str
    policy: str
    cost_minor: int
    until: datetime
    cools_down: bool
    granted_by: str | None = None


def budgets_of(
    policies: Iterable[RetentionPolicy],
    company_minor: int | None,
    by_person: Mapping[str, int] | None = None,
) -> Budgets:
    return Budgets(
        company_minor,
        {p.name: p.monthly_budget_minor for p in policies if p.monthly_budget_minor is not None},
        by_person or {},
    )


def month_of(now: datetime) -> date:
    """Return the first day of the month that `now` counts to."""
    return now.date().replace(day=1)


def cost_of(kind: ConcessionKind, value_minor: int) -> int:
    """Return what a concession costs; a smaller plan has no cost in this sense."""
    return 0 if kind is ConcessionKind.DOWNGRADE else value_minor


def budget_results(
    policy: str, cost_minor: int, budgets: Budgets, spent: Spent, person: str | None = None
) -> list[ConditionResult]:
    """Say of each budget that applies whether the cost still fits; what is free always does."""
    left = {}
    if policy in budgets.by_policy:
        left["policy_budget_left_minor"] = budgets.by_policy[policy] - spent.by_policy.get(
            policy, 0
        )
    if budgets.company_minor is not None:
        left["company_budget_left_minor"] = budgets.company_minor - spent.total_minor
    if person is not None and person in budgets.by_person:
        given = spent.by_person.get(person, 0)
        left["authority_left_minor"] = budgets.by_person[person] - given
    if cost_minor <= 0:
        return []
    return [
        ConditionResult(fact, "at_least", cost_minor, minor, minor >= cost_minor)
        for fact, minor in left.items()
    ]


def fits(line: Line, budgets: Budgets, spent: Spent) -> bool:
    """Say whether the cost fits into every budget that applies."""
    results = budget_results(line.policy, line.cost_minor, budgets, spent, line.granted_by)
    return all(one.holds for one in results)


def name_of(cited: str) -> str:
    """Return the name of a policy that is cited as `name@revision`."""
    return cited.split("@")[0]
