"""What is wrong with a set of policies that read well one by one: offers that can never be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.retention.account import ConcessionKind, Plan
from bot.retention.authority import FOR_PEOPLE
from bot.retention.bounds import implies
from bot.retention.choosing import Choosing
from bot.retention.facts import ORDER_FACTS, PRICE_CONCESSIONS, SUBSCRIPTION_FACTS
from bot.retention.jurisdiction import Profiles
from bot.retention.policy import ANY_REASON, Condition, RetentionPolicy
from bot.retention.terms import Terms

_FREE = frozenset(
    {
        ConcessionKind.DOWNGRADE,
        ConcessionKind.PAUSE,
        ConcessionKind.SKIP,
        ConcessionKind.CHANGE_FREQUENCY,
        ConcessionKind.EXTEND_TRIAL,
        ConcessionKind.EXCHANGE,
        ConcessionKind.EXPERT_SESSION,
    }
)
ON_ORDERS = frozenset({ConcessionKind.EXCHANGE, ConcessionKind.STORE_CREDIT})
# These depend on more than the conditions: a smaller plan, a trial, a box still to come.
_NOT_ALWAYS_POSSIBLE = frozenset(
    {ConcessionKind.DOWNGRADE, ConcessionKind.EXTEND_TRIAL, ConcessionKind.SKIP}
)


@dataclass(frozen=True)
class PolicyFinding:
    """Why a policy's offer can never be made, and what to do about it."""

    policy: str
    kind: str
    message: str


@dataclass(frozen=True)
class RuleBook:
    """The policies together with the limits and plans they are held against."""

    policies: tuple[RetentionPolicy, ...]
    profiles: Profiles
    terms: Terms
    catalogue: tuple[Plan, ...]
    today: date


def check_policies(book: RuleBook) -> list[PolicyFinding]:
    """Return every finding, by policy in ladder order; an empty list means all can be offered."""
    return [
        PolicyFinding(policy.name, kind, message)
        for policy in book.policies
        for kind, check in _CHECKS.items()
        for message in check(policy, book)
    ]


def _contradictions(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Conditions on facts that no one subject has together."""
    named = {condition.fact for condition in policy.conditions}
    of_orders = named & ORDER_FACTS or _asks_for(policy, "subject", "order")
    of_subscriptions = named & SUBSCRIPTION_FACTS or _asks_for(policy, "subject", "subscription")
    if of_orders and of_subscriptions:
        yield (
            f"{_listed(of_subscriptions)} belongs to a subscription, {_listed(of_orders)} to an "
            "order; nothing has both. Make two policies of it."
        )
        return
    on_orders = policy.offer.kind in ON_ORDERS
    if (on_orders and of_subscriptions) or (not on_orders and of_orders):
        yield (
            f"{policy.offer.kind.value} is for {'orders' if on_orders else 'subscriptions'}, but "
            f"{_listed(of_subscriptions if on_orders else of_orders)} is asked for."
        )
    if policy.offer.kind is ConcessionKind.EXTEND_TRIAL and not _allows(
        policy, "status", "trialing"
    ):
        yield "only a trial can be extended, but `status` leaves trials out. Let it be trialing."


def _impossible(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Limits that no policy can lift, and that this offer never keeps."""
    offer, terms = policy.offer, book.terms
    if offer.kind in PRICE_CONCESSIONS:
        for condition in _on(policy, "days_since_price_concession"):
            if condition.operator == "at_most" and condition.bound < terms.cool_down_days:  # type: ignore[operator]
                yield (
                    f"it waits for {condition.bound} days or less after a concession, and the "
                    f"cool-down is {terms.cool_down_days} days. Remove the condition."
                )
    if offer.kind is ConcessionKind.PAUSE and offer.months > terms.pause_months_at_most:
        yield (
            f"a pause of {offer.months} months is longer than `pause_months_at_most` allows "
            f"({terms.pause_months_at_most}). Shorten it."
        )
    if offer.to and offer.to not in {"next_smaller", *(plan.code for plan in book.catalogue)}:
        yield f"the billing system has no plan {offer.to}. Name one it has."


def _unpayable(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Even the cheapest case costs more than anybody may grant alone, or is not theirs to grant."""
    able = [one for one in book.terms.authorities if one.may_grant(policy.offer.kind)]
    if not able:
        yield (
            f"no level may grant {policy.offer.kind.value}. Add it to `also` of one of "
            "`agent_levels` in company.yml."
        )
        return
    costs = [cost for plan in _plans(policy, book) if (cost := _cost(policy, plan)) is not None]
    most = max(able, key=lambda one: one.concession_minor)
    if costs and min(costs) > most.concession_minor:
        yield (
            f"it costs {min(costs)} at least, and nobody may grant more than "
            f"{most.concession_minor} ({most.level}). Make it smaller."
        )


def _over(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Its last day is past."""
    if policy.speaks_until is not None and policy.speaks_until <= book.today:
        yield (
            f"it speaks until {policy.speaks_until}, and today is {book.today}. Delete it, or give "
            "it another `until` and raise its revision."
        )


def _beyond_budget(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Even the cheapest case costs more than a whole month's budget, or nothing at all."""
    own, company = policy.monthly_budget_minor, book.terms.monthly_budget_minor
    if own is not None and policy.offer.kind in _FREE:
        yield (
            f"`monthly_budget_minor` says nothing for {policy.offer.kind.value}, which costs "
            "nothing in this sense. Remove it."
        )
    costs = [cost for plan in _plans(policy, book) if (cost := _cost(policy, plan)) is not None]
    for whose, budget in (("its", own), ("the company's", company)):
        if costs and budget is not None and min(costs) > budget:
            yield (
                f"it costs {min(costs)} at least, and {whose} `monthly_budget_minor` is {budget}. "
                "Raise the budget, or make the offer smaller."
            )


def _cost(policy: RetentionPolicy, plan: Plan) -> int | None:
    offer = policy.offer
    if offer.kind is ConcessionKind.DISCOUNT:
        reduced = plan.price.less_percent(offer.percent)
        return (plan.price - reduced).times(offer.cycles).minor
    states_amount = offer.kind in (ConcessionKind.CREDIT, ConcessionKind.WAIVE_FEE)
    return offer.amount_minor if states_amount else None


def _plans(policy: RetentionPolicy, book: RuleBook) -> list[Plan]:
    return [
        plan
        for plan in book.catalogue
        if _allows(policy, "plan", plan.code)
        and _allows(policy, "interval", plan.interval)
        and _allows(policy, "price_minor", plan.price.minor)
    ]


def _never_allowed(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Only customers whose jurisdiction allows no offer could get it."""
    wanted = [
        key
        for condition in _on(policy, "jurisdiction")
        if condition.operator in ("is", "one_of")
        for key in _values(condition)
    ]
    caps = [_cap(book, str(key)) for key in wanted]
    if caps and max(caps) == 0:
        yield (
            f"no offer may be made before the exit in {', '.join(map(str, wanted))}. "
            "Remove the policy; what customers ask for by name is done all the same."
        )


def _unreachable(policy: RetentionPolicy, book: RuleBook) -> Iterator[str]:
    """Others always come first, and use up every offer an attempt may have; on the ladder only."""
    if book.terms.choose is not Choosing.LADDER or policy.offer.kind in FOR_PEOPLE:
        return  # people see all that is granted
    most = max(_caps(book), default=0) + 1  # one more follows when the customer asks
    before = [
        other
        for other in book.policies
        if (other.rank, other.name) < (policy.rank, policy.name) and _always_with(policy, other)
    ]
    if len(before) >= most:
        first = ", ".join(other.name for other in before[:most])
        yield (
            f"whenever it is granted, {first} come first, and an attempt has {most} offers at "
            "most. Lower its `rank`, or narrow the others."
        )


def _always_with(policy: RetentionPolicy, other: RetentionPolicy) -> bool:
    """Say whether `other` is granted wherever `policy` is, as far as conditions can tell."""
    speaks = ANY_REASON in other.reasons or set(policy.reasons) <= set(other.reasons)
    may_fail = other.offer.kind in _NOT_ALWAYS_POSSIBLE | PRICE_CONCESSIONS | FOR_PEOPLE
    return (
        speaks
        and not may_fail
        and other.monthly_budget_minor is None
        and _speaks_whenever(policy, other)
        and all(implies(policy.conditions, one) for one in other.conditions)
    )


def _speaks_whenever(policy: RetentionPolicy, other: RetentionPolicy) -> bool:
    """Say whether `other` speaks on every day on which `policy` does."""
    begins = other.speaks_from is None or (
        policy.speaks_from is not None and other.speaks_from <= policy.speaks_from
    )
    lasts = other.speaks_until is None or (
        policy.speaks_until is not None and policy.speaks_until <= other.speaks_until
    )
    return begins and lasts


def _caps(book: RuleBook) -> list[int]:
    return [profile.offers_before_completion for profile in book.profiles.known]


def _cap(book: RuleBook, key: str) -> int:
    days = [profile.in_force_from for profile in book.profiles.known]
    return book.profiles.of(key, max(days)).offers_before_completion


def _allows(policy: RetentionPolicy, fact: str, value: int | str) -> bool:
    return all(condition.judge({fact: value}).holds for condition in _on(policy, fact))


def _asks_for(policy: RetentionPolicy, fact: str, value: str) -> set[str]:
    asked = any(c.operator == "is" and c.bound == value for c in _on(policy, fact))
    return {f"{fact}: {value}"} if asked else set()


def _on(policy: RetentionPolicy, fact: str) -> list[Condition]:
    return [condition for condition in policy.conditions if condition.fact == fact]


def _values(condition: Condition) -> Sequence[int | str]:
    bound = condition.bound
    return bound if isinstance(bound, tuple) else (bound,)


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


_CHECKS: dict[str, Callable[[RetentionPolicy, RuleBook], Iterator[str]]] = {
    "contradiction": _contradictions,
    "never possible": _impossible,
    "never payable": _unpayable,
    "over": _over,
    "never within budget": _beyond_budget,
    "never allowed": _never_allowed,
    "unreachable": _unreachable,
}
