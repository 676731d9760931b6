"""Replaying: what rules would have offered in cases that are past, from their facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.retention.account import ConcessionKind, Plan
from bot.retention.authority import ASSISTANT, Authority
from bot.retention.budget import Budgets, Spent, budgets_of, cost_of
from bot.retention.cancellation import CancellationReason
from bot.retention.choosing import Choosing, pick, weigh
from bot.retention.decision import Limits, decide
from bot.retention.facts import ORDER_FACTS, SUBSCRIPTION_FACTS, Facts
from bot.retention.imagined import Subject, imagined
from bot.retention.offer import Offer, offer_on_order, offer_on_subscription
from bot.retention.outcomes import (
    NOTHING,
    PRIOR_OF_NOTHING,
    PRIOR_OF_OFFER,
    UNKNOWN,
    Counts,
    Evidence,
    PastAttempt,
    Turning,
    expected,
    segment_of,
    stayed,
)
from bot.retention.policy import RetentionPolicy
from bot.retention.terms import Terms
from bot.retention.worth import stake_of, stake_of_nothing


@dataclass(frozen=True)
class Ending:
    """What was done in a case and what became of it.

    `done` is the cited policy that was offered first, or NOTHING; `chances` are the recorded
    propensities, `eligible` the policies that granted an offer in ladder order. `stayed` is None
    while it is not certain; `cost_minor` is what the first offer cost where it was taken.
    """

    done: str
    chances: Mapping[str, float]
    by: Choosing
    held_out: bool
    eligible: tuple[str, ...]
    stayed: bool | None
    cost_minor: int


@dataclass(frozen=True)
class Case:
    """The moment at which a first offer could be made: facts, and limits from outside the rules.

    `ending` is None for a case that is generated.
    """

    at: datetime
    reason: str | None
    facts: Facts
    cap: int
    hardship: bool = False
    held_out: bool = False
    insisted: bool = False
    ending: Ending | None = None


@dataclass(frozen=True)
class ReplayRules:
    """Rules that cases are held against; `evidence` is what is known of their options' outcomes."""

    policies: tuple[RetentionPolicy, ...]
    terms: Terms
    catalogue: tuple[Plan, ...]
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def budgets(self) -> Budgets:
        return budgets_of(self.policies, self.terms.monthly_budget_minor)


@dataclass(frozen=True)
class Option:
    """One thing that may be done first: how likely it is, what it costs when it is taken, and what
    is believed of those it is done with (`belief` sums to one)."""

    option: str
    kind: str
    chance: float
    cost_minor: int
    belief: Counts
    weight: float

    @property
    def taken(self) -> float:
        return 0.0 if self.option == NOTHING else self.belief.kept + self.belief.wasted


def case_of(attempt: PastAttempt, turnings: Iterable[Turning], *, until: datetime) -> Case | None:
    """Return the case of a recorded attempt; None for one whose record does not hold its facts.

    `until` is the instant before which an outcome is certain.
    """
    choice: dict[str, Any] = dict(attempt.choices[0]) if attempt.choices else {}
    judged_on = choice.get("judged_on")
    if not judged_on:
        return None
    first = attempt.offers[0] if attempt.offers else None
    known = attempt.opened_at < until
    taken = first is not None and first["answer"] == "accepted"
    ending = Ending(
        done=first["policy"] if first else NOTHING,
        chances=choice["propensities"],
        by=Choosing(choice["by"]),
        held_out=choice["held_out"],
        eligible=tuple(choice["eligible"]),
        stayed=stayed(attempt.opened_at, list(turnings)) if known else None,
        cost_minor=_cost(first["offer"]) if first and taken else 0,
    )
    return Case(
        at=attempt.opened_at,
        reason=choice["reason"],
        facts=judged_on["facts"],
        cap=judged_on["cap"],
        hardship=judged_on["hardship"],
        held_out=choice["held_out"],
        insisted=choice["insisted"],
        ending=ending,
    )


def not_told(case: Case, rules: ReplayRules) -> tuple[str, ...]:
    """Return the facts that these rules ask for and the record of the case does not tell."""
    others = ORDER_FACTS if case.facts.get("subject") == "subscription" else SUBSCRIPTION_FACTS
    asked = {
        condition.fact
        for policy in rules.policies
        if policy.speaks_of(_reason(case))
        for condition in policy.conditions
    }
    missing = asked - case.facts.keys() - others
    plan = case.facts.get("plan")
    gone = plan is not None and plan not in {one.code for one in rules.catalogue}
    return tuple(sorted(missing | ({"plan"} if gone else set())))


def replayed(
    case: Case, rules: ReplayRules, spent: Spent, *, in_holdout: bool | None = None
) -> tuple[Option, ...]:
    """Return what these rules would do first in the case, with the chance of each.

    `spent` is what they have spent in the case's month so far. `in_holdout` pretends that the
    account is held out, or is not.
    """
    held_out = case.held_out if in_holdout is None else in_holdout
    subject = imagined(case.facts, rules.catalogue, case.at.date(), rules.terms.company)
    offers = () if case.insisted else _granted(case, rules, spent, subject, held_out=held_out)
    chances = _chances(case, rules, offers, subject)
    return tuple(
        _option(case, rules, option, chance, {o.policy: o for o in offers}.get(option))
        for option, chance in chances.items()
        if chance > 0
    )


def spent_after(spent: Spent, done: Iterable[Option]) -> Spent:
    """Add what is to be expected: the cost of each option by the chance that it is done and taken.

    The names of policies stand for themselves; what costs nothing adds nothing.
    """
    for option in done:
        cost = round(option.chance * option.taken * option.cost_minor)
        if cost:
            spent = spent.plus(option.option.split("@")[0], cost)
    return spent


def _granted(
    case: Case, rules: ReplayRules, spent: Spent, subject: Subject, *, held_out: bool
) -> tuple[Offer, ...]:
    limits = Limits(
        today=case.at.date(),
        cap=case.cap,
        made=0,
        in_holdout=held_out,
        hardship=case.hardship,
        cool_down_days=rules.terms.cool_down_days,
        authority=Authority(ASSISTANT, rules.terms.authority_limit.minor),
        authorities=rules.terms.authorities,
        budgets=rules.budgets,
        spent=spent,
    )
    drafts = {p.cited: _draft(p, subject, case) for p in rules.policies}
    return decide(rules.policies, _reason(case), case.facts, drafts, limits).offers


def _draft(policy: RetentionPolicy, subject: Subject, case: Case) -> Offer | None:
    terms, cited = policy.offer, policy.cited
    if subject.order is not None:
        return offer_on_order(terms, cited, subject.order, now=case.at)
    if subject.subscription is None:
        return None
    history = subject.history
    draft = offer_on_subscription(terms, cited, history, subject.subscription, now=case.at)
    no_smaller = terms.to == "next_smaller" and case.facts.get("smaller_plan") is None
    return None if no_smaller else draft


def _chances(
    case: Case, rules: ReplayRules, offers: tuple[Offer, ...], subject: Subject
) -> Mapping[str, float]:
    worth = rules.terms.worth
    by_value = rules.terms.choose is Choosing.VALUE and worth is not None
    if not offers or not by_value or worth is None or subject.subscription is None:
        return {offers[0].policy if offers else NOTHING: 1.0}
    today, history = case.at.date(), subject.history
    options = tuple(
        weigh(
            offer.policy,
            stake_of(worth, offer, history, subject.subscription, today),
            PRIOR_OF_OFFER,
            _layers(case, rules, offer.policy),
        )
        for offer in offers
    )
    idle = stake_of_nothing(worth, history, subject.subscription, today)
    nothing = weigh(NOTHING, idle, PRIOR_OF_NOTHING, _layers(case, rules, NOTHING))
    # What is drawn by lot is told by the chances; the draw itself does not matter here.
    picked = pick(options, nothing, explore_percent=rules.terms.explore_percent, draw=0.999)
    return picked.propensities


def _option(
    case: Case, rules: ReplayRules, option: str, chance: float, offer: Offer | None
) -> Option:
    prior = PRIOR_OF_OFFER if offer else PRIOR_OF_NOTHING
    belief = expected(prior, _layers(case, rules, option))
    total = sum(belief)
    return Option(
        option=option,
        kind=offer.kind.value if offer else NOTHING,
        chance=chance,
        cost_minor=cost_of(offer.kind, offer.value_minor) if offer else 0,
        belief=Counts(*(part / total for part in belief)),
        weight=total,
    )


def _layers(case: Case, rules: ReplayRules, option: str) -> tuple[Counts, Counts, Counts]:
    return rules.evidence.layers(option, case.reason or UNKNOWN, segment_of(case.facts))


def _reason(case: Case) -> CancellationReason | None:
    return CancellationReason(case.reason) if case.reason else None


def _cost(offer: Mapping[str, Any]) -> int:
    return cost_of(ConcessionKind(offer["kind"]), int(offer["value_minor"]))
