"""Simulate policies: replay recorded or generated attempts under current and candidate rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog

from bot.retention.generated import generated
from bot.retention.off_policy import Estimate, TooThin, interval
from bot.retention.policy import RetentionPolicy
from bot.retention.replay import Case, ReplayRules
from bot.retention.simulating import Simulation, simulate
from bot.use_cases.situations import Rules

log = structlog.get_logger()


@dataclass(frozen=True)
class PastCases:
    """`silent` counts attempts whose record does not hold their facts; `said` is what every policy
    revision in use offered, by its citation, in one spelling."""

    cases: tuple[Case, ...]
    silent: int = 0
    said: Mapping[str, str] = field(default_factory=dict)


class PastCasesBook(Protocol):
    """The recorded attempts, to be replayed."""

    def since(self, begin: datetime, *, now: datetime) -> PastCases:
        """Return the cases that began at `begin` or later."""


def simulate_recorded(
    book: PastCasesBook,
    *,
    begin: datetime,
    current: Rules,
    candidate: Rules,
    now: datetime,
    on_case: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """Replay what was recorded since `begin`, and estimate from what became of it.

    Shape: `{"cases", "silent", "left_out", "current", "candidate", "moved", "observed",
    "estimate"}`; amounts in minor units of `currency`. `estimate` holds `why` where the records are
    too thin to say anything.
    """
    past = book.since(begin, now=now)
    return _simulated(past, current, candidate, now, on_case)


def simulate_generated(
    count: int,
    *,
    seed: int,
    current: Rules,
    candidate: Rules,
    now: datetime,
    on_case: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """Replay so many generated attempts; as nobody lived them, nothing is estimated from them."""
    catalogue = current.billing.catalogue()
    cases = tuple(
        generated(
            count,
            seed=seed,
            now=now,
            catalogue=catalogue,
            profiles=current.profiles,
            terms=current.terms,
        )
    )
    told = _simulated(PastCases(cases), current, candidate, now, on_case)
    why = "Generated attempts have no outcomes, so that nothing can be estimated from them."
    return {**told, "seed": seed, "estimate": {"why": why}}


def _simulated(
    past: PastCases,
    current: Rules,
    candidate: Rules,
    now: datetime,
    on_case: Callable[[int, int], None],
) -> dict[str, Any]:
    of = len(past.cases)
    found = simulate(
        past.cases,
        _replay_rules(current, now),
        _replay_rules(candidate, now),
        terms_of={**past.said, **_said(current.policies), **_said(candidate.policies)},
        on_case=lambda done: on_case(done, of),
    )
    log.info("policies_simulated", cases=found.cases, left_out=sum(found.left_out.values()))
    return {
        "cases": found.cases,
        "silent": past.silent,
        "left_out": dict(found.left_out),
        "currency": current.terms.authority_limit.currency,
        "current": found.current.to_document(),
        "candidate": found.candidate.to_document(),
        "moved": _moves(found),
        "observed": _observed(found),
        "estimate": _estimate(found.estimate),
    }


def _replay_rules(rules: Rules, now: datetime) -> ReplayRules:
    return ReplayRules(
        policies=tuple(rules.policies),
        terms=rules.terms,
        catalogue=rules.billing.catalogue(),
        evidence=rules.outcomes.as_of(now.date()),
    )


def _said(policies: Sequence[RetentionPolicy]) -> dict[str, str]:
    return {p.cited: json.dumps(p.offer.to_document(), sort_keys=True) for p in policies}


def _moves(found: Simulation) -> list[dict[str, Any]]:
    ranked = sorted(found.moved.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"now": now, "candidate": candidate, "cases": round(cases, 2)}
        for (now, candidate), cases in ranked
    ]


def _observed(found: Simulation) -> dict[str, Any]:
    stayed, known = found.observed
    low, high = interval(stayed, known)
    share = round(stayed / known, 4) if known else None
    return {"known": known, "stayed": stayed, "share": share, "low": low, "high": high}


def _estimate(estimate: Estimate | TooThin) -> dict[str, Any]:
    counted = {
        "samples": estimate.samples,
        "effective": round(estimate.effective, 1),
        "untried": round(estimate.untried, 4),
    }
    if isinstance(estimate, TooThin):
        return {**counted, "why": estimate.why}
    return {**counted, "share": estimate.mean, "low": estimate.low, "high": estimate.high}
