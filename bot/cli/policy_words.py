"""Decisions and profiles as lines a manager reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.money import Money
from bot.retention.jurisdiction import Profile

_SIGNS = {
    "at_least": "at least",
    "at_most": "at most",
    "is": "is",
    "is_not": "is not",
    "one_of": "one of",
    "none_of": "none of",
    "from": "from",
    "before": "before",
}


def explained_lines(decision: dict[str, Any], *, in_full: bool = False) -> Iterator[str]:
    """Tell one decision: the answer first, then every policy with what stands in its way.

    `in_full` tells the conditions that hold as well.
    """
    profile = decision["profile"]
    yield f"{decision['subject']} ({decision['about']}), {decision['reason'] or 'no reason given'}"
    yield f"  {_allowed(profile['offers_at_most'])} in {profile['title']}: {profile['citation']}"
    yield f"  {_answer(decision)}"
    yield f"  {decision['choice']['because']}"
    yield from _figures(decision["choice"])
    for verdict in decision["verdicts"]:
        yield f"  {'granted' if verdict['granted'] else 'refused'}  {verdict['policy']}"
        for condition in verdict["conditions"]:
            if in_full or not condition["holds"]:
                yield f"    {'yes' if condition['holds'] else 'no '}  {_condition(condition)}"
    if not decision["verdicts"]:
        yield "  No policy speaks of this reason."


def _allowed(offers: int) -> str:
    return f"At most {offers} before the exit" if offers else "No offer before the exit"


def _answer(decision: dict[str, Any]) -> str:
    if not decision["offers"]:
        return "Nothing is offered."
    first, *others = decision["offers"]
    later = ", ".join(f"{offer['kind']} by {offer['policy']}" for offer in others)
    prices = (
        f"{_money(first, 'price_after_minor')} instead of {_money(first, 'price_minor')}"
        if first["price_after_minor"] != first["price_minor"]
        else f"worth {_money(first, 'value_minor')}"
    )
    said = f"Offered first: {first['kind']} by {first['policy']}, {prices}."
    return f"{said} After it: {later}." if later else said


def _figures(choice: dict[str, Any]) -> Iterator[str]:
    """Tell what every option is worth, where one is chosen by value."""
    if choice["nothing"] is None:
        return
    yield f"  Worth for `{choice['segment']}` customers with this reason:"
    for option in (*choice["options"], choice["nothing"]):
        worth, least, margin, cost = (
            Money(option[f"{name}_minor"], choice["currency"])
            for name in ("expected", "at_least", "margin", "cost")
        )
        kept, wasted, gone = (int(sum(layer[at] for layer in option["layers"])) for at in range(3))
        yield (
            f"    {option['option']}  {worth} a customer, at least {least}; "
            f"margin {margin}, cost {cost}"
        )
        yield (
            f"      of {kept + wasted + gone} recorded, {kept} stayed"
            + (f", {wasted} took it and left" if option is not choice["nothing"] else "")
            + f"; {_here(option)} with this reason in this segment"
        )


def _here(option: dict[str, Any]) -> int:
    return int(sum(option["layers"][-1]))


def _money(offer: dict[str, Any], name: str) -> str:
    return str(Money(offer[name], offer["currency"]))


def _condition(condition: dict[str, Any]) -> str:
    bound, value = condition["bound"], condition["value"]
    if condition["fact"] == "offers_made" and bound < 0:
        return "no offer may be made here"
    wanted = ", ".join(map(_value, bound)) if isinstance(bound, (list, tuple)) else _value(bound)
    met = "not known" if value is None else _value(value)
    return f"{condition['fact']} {_SIGNS[condition['operator']]} {wanted}; it is {met}"


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def profile_lines(profiles: Sequence[Profile], day: date) -> Iterator[str]:
    """Tell which rules hold on `day`; jurisdictions with the same rules share a paragraph."""
    yield f"In force on {day.isoformat()}; where the jurisdiction is unknown, the strictest holds."
    alike: dict[Profile, list[str]] = {}
    for profile in profiles:
        alike.setdefault(replace(profile, key=""), []).append(profile.key)
    for rules, keys in alike.items():
        told = _allowed(rules.offers_before_completion)
        if rules.withdrawal_days:
            told += f", none in the first {rules.withdrawal_days} days"
        yield f"{', '.join(keys)}: {rules.title}"
        yield f"  {told}; since {rules.in_force_from.isoformat()}"
        yield f"  {rules.citation}"
