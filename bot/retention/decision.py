"""The decision: every policy's verdict for one subject, and the offers left on the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.retention.account import ConcessionKind
from bot.retention.authority import FOR_PEOPLE, Authority, levels_for
from bot.retention.budget import Budgets, Spent, budget_results, cost_of
from bot.retention.cancellation import CancellationReason
from bot.retention.facts import PRICE_CONCESSIONS, Facts
from bot.retention.offer import Offer
from bot.retention.policy import ConditionResult, RetentionPolicy, Verdict


@dataclass(frozen=True)
class Limits:
    """What holds for every policy alike.

    `cap` counts offers already made too: `made` offers of at most `cap` in this save attempt.
    `authority` is that of whoever would grant it, among all `authorities` there are; `person` is
    who that is, None for the assistant.
    `beyond_billing` names, by cited policy, what the billing system cannot do and the offer needs.
    `spent` is what concessions of this month have cost, held against `budgets`.
    """

    today: date
    cap: int
    made: int
    in_holdout: bool
    hardship: bool
    cool_down_days: int
    authority: Authority
    authorities: tuple[Authority, ...] = ()
    person: str | None = None
    beyond_billing: Mapping[str, str] = field(default_factory=dict)
    budgets: Budgets = field(default_factory=Budgets)
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True)
class Decision:
    """Verdicts in ladder order, and the granted offers in the same order."""

    verdicts: tuple[Verdict, ...]
    offers: tuple[Offer, ...]


def decide(
    policies: tuple[RetentionPolicy, ...],
    reason: CancellationReason | None,
    facts: Facts,
    drafts: dict[str, Offer | None],
    limits: Limits,
    *,
    exclude: frozenset[str] = frozenset(),
) -> Decision:
    """Judge every policy that speaks of `reason`; nothing granted means no offer.

    `drafts` holds, by cited policy, the offer worked out for this subject, or None when there is
    nothing of its kind to give; `exclude` names policies already offered in this attempt.
    """
    verdicts: list[Verdict] = []
    offers: list[Offer] = []
    for policy in sorted(policies, key=lambda p: (p.rank, p.name)):
        if not policy.speaks_of(reason) or policy.cited in exclude:
            continue
        draft = drafts.get(policy.cited)
        verdict = Verdict(
            policy.cited,
            (
                *(condition.judge(facts) for condition in policy.conditions),
                *policy.judge_day(limits.today),
                *_limit_results(policy, draft, facts, limits),
            ),
        )
        verdicts.append(verdict)
        if verdict.granted and draft is not None:
            offers.append(draft)
    return Decision(tuple(verdicts), tuple(offers))


def _limit_results(
    policy: RetentionPolicy, draft: Offer | None, facts: Facts, limits: Limits
) -> list[ConditionResult]:
    results = [
        ConditionResult("possible", "is", True, draft is not None, draft is not None),
        ConditionResult("in_holdout", "is", False, limits.in_holdout, not limits.in_holdout),
        ConditionResult("hardship", "is", False, limits.hardship, not limits.hardship),
        ConditionResult(
            "offers_made", "at_most", limits.cap - 1, limits.made, limits.made < limits.cap
        ),
    ]
    if policy.offer.kind in FOR_PEOPLE:
        levels = levels_for(policy.offer.kind, limits.authorities)
        own = limits.authority.level
        results.append(ConditionResult("level", "one_of", levels, own, own in levels))
    lacking = limits.beyond_billing.get(policy.cited)
    if lacking:
        results.append(ConditionResult(f"billing_can_{lacking}", "is", True, False, False))
    if policy.offer.kind in PRICE_CONCESSIONS:
        since = facts.get("days_since_price_concession")
        rested = since is None or (isinstance(since, int) and since >= limits.cool_down_days)
        results.append(
            ConditionResult(
                "days_since_price_concession", "at_least", limits.cool_down_days, since, rested
            )
        )
    if policy.offer.kind is ConcessionKind.PAUSE:
        left, months = facts.get("pause_months_left"), policy.offer.months
        enough = isinstance(left, int) and left >= months
        results.append(ConditionResult("pause_months_left", "at_least", months, left, enough))
    if draft is not None:
        results += _cost_results(policy, draft, limits)
    return results


def _cost_results(policy: RetentionPolicy, draft: Offer, limits: Limits) -> list[ConditionResult]:
    results = []
    if draft.kind is not ConcessionKind.DOWNGRADE:
        results.append(
            ConditionResult(
                "value_minor",
                "at_most",
                limits.authority.concession_minor,
                draft.value_minor,
                draft.value_minor <= limits.authority.concession_minor,
            )
        )
    cost = cost_of(draft.kind, draft.value_minor)
    return results + budget_results(policy.name, cost, limits.budgets, limits.spent, limits.person)
