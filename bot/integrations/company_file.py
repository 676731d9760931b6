"""Reads the company's own figures, and the plan codes that policies may name."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.integrations.profile_files import load_profiles
from bot.integrations.yaml_files import Part, read_yaml
from bot.money import Money
from bot.retention.account import ConcessionKind
from bot.retention.authority import FOR_PEOPLE, LEVELS, Authority
from bot.retention.choosing import EXPLORE_PERCENT_AT_MOST, Choosing
from bot.retention.terms import Terms
from bot.retention.worth import Worth

_NUMBERS = (
    "money_back_days",
    "return_days",
    "skip_notice_days",
    "pause_months_at_most",
    "pause_months_in_a_row_at_most",
    "late_box_credit_minor",
    "high_value_minor",
    "cool_down_days",
    "authority_limit_minor",
)
_KEYS = (
    "company",
    "currency",
    "plans",
    *_NUMBERS,
    "holdout_percent",
    "holdout_salt",
    "exchange_items",
)
# How one of several offers is chosen; who leaves this out has the ladder.
_CHOOSING = ("choose", "explore_percent", "worth")
_LIMITS = ("monthly_budget_minor", "agent_levels")
_KINDS = tuple(kind.value for kind in ConcessionKind)
_CURRENCIES = ("USD", "EUR", "GBP")


def load_terms(path: Path) -> Terms:
    """Read the company's figures; amounts are in minor units of its currency.

    The law that they are held against is that of the profiles beside the file, where there are any.

    Raises:
        FileInvalid: a key is missing, not known, or out of range, or promises less than the law.
    """
    parts = _parts(path)
    currency = parts["currency"].word(_CURRENCIES, "currency")
    number = {key: parts[key].whole_number() for key in _NUMBERS}
    at_once, in_a_row = parts["pause_months_at_most"], "pause_months_in_a_row_at_most"
    if number["pause_months_at_most"] > number[in_a_row]:
        raise at_once.refuse(f"it is longer than `{in_a_row}`.", "Lower it.")
    _hold_against_the_law(parts["return_days"], path.parent / "profiles")
    return Terms(
        company=parts["company"].text(),
        money_back_days=number["money_back_days"],
        return_days=number["return_days"],
        skip_notice_days=number["skip_notice_days"],
        pause_months_at_most=number["pause_months_at_most"],
        pause_months_in_a_row_at_most=number[in_a_row],
        late_box_credit=Money(number["late_box_credit_minor"], currency),
        high_value=Money(number["high_value_minor"], currency),
        cool_down_days=number["cool_down_days"],
        authority_limit=Money(number["authority_limit_minor"], currency),
        holdout_percent=parts["holdout_percent"].whole_number(at_most=50),
        holdout_salt=parts["holdout_salt"].text(),
        exchange_items=parts["exchange_items"].texts(),
        monthly_budget_minor=(
            parts["monthly_budget_minor"].whole_number(at_least=1)
            if "monthly_budget_minor" in parts
            else None
        ),
        agent_levels=_levels(parts["agent_levels"]) if "agent_levels" in parts else (),
        **_choosing(parts),
    )


def _hold_against_the_law(return_days: Part, profiles: Path) -> None:
    """Refuse to take goods back for a shorter time than a law lets buyers withdraw (R16)."""
    known = load_profiles(profiles).known if profiles.is_dir() else ()
    strictest = max(known, key=lambda profile: profile.withdrawal_days, default=None)
    if strictest and return_days.whole_number() < strictest.withdrawal_days:
        raise return_days.refuse(
            f"it is less than the {strictest.withdrawal_days} days in which a buyer may withdraw "
            f"in {strictest.title}.",
            f"Raise it to {strictest.withdrawal_days} or more.",
        )


def _levels(part: Part) -> tuple[Authority, ...]:
    """Read what people may grant alone; whoever stands higher may grant as much at least."""
    parts = part.mapping(LEVELS[1:], what="level")
    levels = [_authority(level, parts[level]) for level in LEVELS[1:] if level in parts]
    for lower, higher in pairwise(levels):
        less = higher.concession_minor < lower.concession_minor or lower.also - higher.also
        if less or _month(higher) < _month(lower):
            raise parts[higher.level].refuse(
                f"`{higher.level}` may grant less than `{lower.level}`.",
                f"Allow at least what `{lower.level}` may.",
            )
    return tuple(levels)


def _month(authority: Authority) -> float:
    return float("inf") if authority.month_minor is None else authority.month_minor


def _authority(level: str, part: Part) -> Authority:
    parts = part.mapping(
        ("concession_minor", "month_minor", "also"), required=("concession_minor",)
    )
    for_people = sorted(kind.value for kind in FOR_PEOPLE)
    also = parts["also"].words(for_people, "kind for people") if "also" in parts else ()
    month = parts.get("month_minor")
    return Authority(
        level,
        parts["concession_minor"].whole_number(),
        month.whole_number() if month else None,
        frozenset(ConcessionKind(kind) for kind in also),
    )


def _choosing(parts: dict[str, Part]) -> dict[str, Any]:
    """Read how one offer is chosen among several; choosing by value needs `worth`."""
    read: dict[str, Any] = {}
    if "choose" in parts:
        read["choose"] = Choosing(parts["choose"].word([c.value for c in Choosing], "way"))
    if "explore_percent" in parts:
        most = EXPLORE_PERCENT_AT_MOST
        read["explore_percent"] = parts["explore_percent"].whole_number(at_most=most)
    if "worth" in parts:
        read["worth"] = _worth(parts["worth"], parts["plans"].texts())
    if read.get("choose") is Choosing.VALUE and "worth" not in parts:
        raise parts["choose"].refuse("`value` needs the key `worth`.", "Add it.")
    return read


def _worth(part: Part, plans: tuple[str, ...]) -> Worth:
    keys = ("margin_percent", "months", "cost_minor")
    parts = part.mapping(keys, required=keys)
    margins = parts["margin_percent"].mapping(plans, required=plans, what="plan")
    costs = parts["cost_minor"].mapping(_KINDS, what="kind of offer")
    return Worth(
        margin_percent={plan: one.whole_number(at_most=100) for plan, one in margins.items()},
        months=parts["months"].whole_number(at_least=3, at_most=36),
        cost_minor={ConcessionKind(kind): one.whole_number() for kind, one in costs.items()},
    )


def load_plans(path: Path) -> tuple[str, ...]:
    """Return the plan codes of the company file; their prices are the billing system's."""
    return _parts(path)["plans"].texts()


def _parts(path: Path) -> dict[str, Part]:
    return read_yaml(path, name=path.name).mapping((*_KEYS, *_CHOOSING, *_LIMITS), required=_KEYS)
