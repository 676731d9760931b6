"""Bounds held against each other: whether who meets these conditions always meets that one."""

from __future__ import annotations

from collections.abc import Iterable

from bot.retention.policy import Condition


def implies(conditions: Iterable[Condition], wanted: Condition) -> bool:
    """Say whether `wanted` holds wherever all `conditions` hold; a "no" may be over-careful.

    It never says yes wrongly: what cannot be read off the bounds counts as no.
    """
    known = [condition for condition in conditions if condition.fact == wanted.fact]
    return any(_implies(one, wanted) for one in known)


def _implies(one: Condition, wanted: Condition) -> bool:
    if one.operator in ("is", "one_of"):
        return all(wanted.judge({wanted.fact: value}).holds for value in _values(one))
    if one.operator == wanted.operator and wanted.operator in ("at_least", "at_most"):
        low, high = sorted((_number(one), _number(wanted)))
        return _number(one) == (high if one.operator == "at_least" else low)
    if wanted.operator in ("is_not", "none_of"):
        return all(not one.judge({one.fact: value}).holds for value in _values(wanted))
    return False


def _values(condition: Condition) -> tuple[int | str, ...]:
    bound = condition.bound
    return bound if isinstance(bound, tuple) else (bound,)


def _number(condition: Condition) -> int:
    return condition.bound if isinstance(condition.bound, int) else 0
