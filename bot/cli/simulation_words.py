"""A comparison of policies as lines a manager reads in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.money import Money

_COLUMNS = f"  {'':<28}{'customers':>10}{'cost':>12}{'at most':>12}{'still there':>20}"


def simulation_lines(found: dict[str, Any]) -> Iterator[str]:
    """Tell what both sets of rules do, where they differ, and what the records say about it."""
    replayed = found["cases"] - sum(found["left_out"].values())
    yield f"{replayed:,} of {found['cases'] + found['silent']:,} attempts replayed."
    if found["silent"]:
        yield (
            f"  {found['silent']:,} were recorded before facts were kept with every choice, and "
            "are left out."
        )
    for fact, count in sorted(found["left_out"].items()):
        yield f"  {count:,} are left out: their records do not tell `{fact}`."
    for name, title in (("current", "Now"), ("candidate", "Candidate")):
        yield ""
        yield from _rules(found[name], title, found["currency"])
    yield ""
    yield from _moves(found["moved"])
    yield ""
    yield from _outcomes(found["observed"], found["estimate"])


def _rules(told: dict[str, Any], title: str, currency: str) -> Iterator[str]:
    yield title
    yield _COLUMNS
    for row in (*told["options"], {"option": "in all", **told}):
        kept = f"{row['kept']:.1f} ({row['kept_low']:.0f}-{row['kept_high']:.0f})"
        cost, most = (
            str(Money(row[key], currency)) for key in ("cost_minor", "cost_at_most_minor")
        )
        yield f"  {row['option']:<28}{row['cases']:>10.1f}{cost:>12}{most:>12}{kept:>20}"


def _moves(moves: list[dict[str, Any]]) -> Iterator[str]:
    if not moves:
        yield "Nobody would be offered anything else."
        return
    yield "Who would be offered something else:"
    for move in moves:
        yield f"  {move['cases']:>8.1f}  {move['now']} -> {move['candidate']}"


def _outcomes(observed: dict[str, Any], estimate: dict[str, Any]) -> Iterator[str]:
    yield (
        "`still there` is what is believed of customers after 90 days, from recorded outcomes and "
        "a cautious guess where there are few; 80 % sure to lie in the brackets."
    )
    if observed["known"]:
        yield (
            f"Really still there: {observed['stayed']:,} of {observed['known']:,} outside the "
            f"holdout, {_share(observed)}."
        )
    if "why" in estimate:
        yield f"No estimate from real outcomes. {estimate['why']}"
        return
    yield (
        f"Under the candidate it would have been {_share(estimate)}, estimated from "
        f"{estimate['samples']:,} outcomes that are worth {estimate['effective']:.0f}."
    )


def _share(told: dict[str, Any]) -> str:
    share, low, high = (f"{100 * told[key]:.1f} %" for key in ("share", "low", "high"))
    return f"{share} (95 %: {low} to {high})"
