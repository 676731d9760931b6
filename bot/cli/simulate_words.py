"""The simulator's report in words: a table of personas, what was found, how long it took."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_COLUMNS = ("chats", "offers", "taken", "saved", "left", "turns", "p95", "person", "unclear", "bad")


def report_lines(report: dict[str, Any]) -> Iterator[str]:
    """Yield the report, a line at a time; `turns` and `p95` are messages from wish to exit."""
    width = max(map(len, (*report["personas"], "everybody")))
    yield f"{'':{width}} " + " ".join(f"{name:>7}" for name in _COLUMNS)
    for name, sums in report["personas"].items():
        yield f"{name:{width}} " + _row(sums)
    yield f"{'everybody':{width}} " + _row(report)
    yield ""
    yield f"Offers made: {_counts(report['offers'])}. Accepted: {_counts(report['accepted'])}."
    yield f"Outcomes as recorded: {_counts(report['outcomes'])}."
    yield (
        f"Billing failed in {report['billing_failed']:,} conversations. "
        f"Understood at once: {_share_understood(report)} of {report['messages']:,} messages."
    )
    yield (
        f"{report['conversations']:,} conversations in {report['seconds']:,} seconds, "
        f"{report['conversations_per_second']} a second in {report['processes']} processes."
    )
    yield f"Broken rules: {_broken(report) or 'none'}."


def _row(sums: dict[str, Any]) -> str:
    figures = (
        sums["conversations"],
        sum(sums["offers"].values()),
        sum(sums["accepted"].values()),
        sums["saved"],
        sums["exits"],
        sums["turns_to_exit_median"] or "-",
        sums["turns_to_exit_p95"] or "-",
        sums["to_a_person"],
        sums["not_understood"],
        sums["with_violations"],
    )
    return " ".join(
        f"{figure:>7,}" if isinstance(figure, int) else f"{figure:>7}" for figure in figures
    )


def _counts(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{count:,} {name}" for name, count in ordered) or "none"


def _share_understood(report: dict[str, Any]) -> str:
    messages = max(report["messages"], 1)
    return f"{1 - report['not_understood'] / messages:.1%}"


def _broken(report: dict[str, Any]) -> str:
    found = [f"{one['rule']} (seed {one['seed']})" for one in report["violations"]]
    more = f", and {len(found) - 20} more" if len(found) > 20 else ""
    return ", ".join(found[:20]) + more
