"""Reads the conditions of a retention policy: known facts, fitting operators, possible bounds."""

from __future__ import annotations

import re

from bot.integrations.yaml_files import Part
from bot.retention.account import OrderStatus, SubscriptionStatus
from bot.retention.facts import CHANNELS, KNOWN_FACTS, LANGUAGES, TRENDS
from bot.retention.policy import Bound, Condition

# Which operators make sense for a fact of which type.
_COMPARING = ("at_least", "at_most")
OPERATORS: dict[type, tuple[str, ...]] = {
    int: (*_COMPARING, "is", "is_not", "one_of", "none_of"),
    str: ("is", "is_not", "one_of", "none_of"),
    bool: ("is",),
}

_PLAN_FACTS = ("plan", "smaller_plan")
_WORDS: dict[str, tuple[str, ...]] = {
    "subject": ("subscription", "order"),
    "interval": ("month", "year"),
    "usage_trend": TRENDS,
    "channel": CHANNELS,
    "language": LANGUAGES,
    "status": tuple(status.value for status in SubscriptionStatus),
    "order_status": tuple(status.value for status in OrderStatus),
}
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def read_conditions(part: Part, *, plans: tuple[str, ...]) -> tuple[Condition, ...]:
    """Read `when`: at least one condition, in the order written; all of them must hold.

    Raises:
        FileInvalid: a fact, operator or word is not known; a bound has another type than its
            fact, or can never be met.
    """
    facts = part.mapping(KNOWN_FACTS, what="fact")
    if not facts:
        raise part.refuse(
            "a policy without conditions would be granted to everybody.",
            "State at least one fact.",
        )
    return tuple(
        condition
        for fact, bounds in facts.items()
        for condition in _conditions_on(fact, bounds, plans)
    )


def _conditions_on(fact: str, part: Part, plans: tuple[str, ...]) -> list[Condition]:
    operators = part.mapping(OPERATORS[KNOWN_FACTS[fact]], what="operator")
    if not operators:
        raise part.refuse("an operator is missing.", "Write for example {is: …}.")
    if "is" in operators and len(operators) > 1:
        raise part.refuse("`is` leaves nothing to add.", "Remove the other operators.")
    conditions = [
        Condition(fact, operator, _bound(fact, operator, bound, plans))
        for operator, bound in operators.items()
    ]
    _check_range(part, {c.operator: c.bound for c in conditions})
    return conditions


def _bound(fact: str, operator: str, part: Part, plans: tuple[str, ...]) -> Bound:
    if operator not in ("one_of", "none_of"):
        return _value(fact, part, plans)
    bounds = tuple(_value(fact, item, plans) for item in part.items())
    if len(set(bounds)) < len(bounds):
        raise part.refuse("a value is named twice.", "Name each once.")
    return bounds


def _value(fact: str, part: Part, plans: tuple[str, ...]) -> int | str:
    if KNOWN_FACTS[fact] is bool:
        return part.true_or_false()
    if KNOWN_FACTS[fact] is int:
        return part.whole_number(at_most=100 if fact.endswith("_percent") else None)
    if fact == "jurisdiction":
        return _jurisdiction(part)
    return part.word(words_of(fact, plans), fact)


def words_of(fact: str, plans: tuple[str, ...]) -> tuple[str, ...]:
    """Return the closed list of words a fact may be; empty where there is no such list."""
    return plans if fact in _PLAN_FACTS else _WORDS.get(fact, ())


def _jurisdiction(part: Part) -> str:
    key = part.text()
    if not _JURISDICTION.fullmatch(key):
        raise part.refuse(f"`{key}` is no jurisdiction.", "Write it as US-CO, or DE.")
    return key


def _check_range(part: Part, bounds: dict[str, Bound]) -> None:
    lowest, highest = bounds.get("at_least"), bounds.get("at_most")
    if isinstance(lowest, int) and isinstance(highest, int) and lowest > highest:
        raise part.refuse(
            f"no value is at least {lowest} and at most {highest}.", "Swap or mend the bounds."
        )
