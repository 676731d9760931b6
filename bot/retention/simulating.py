"""Simulating: what two sets of rules do in the same cases, what it costs, and whom it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.retention.budget import Spent, month_of
from bot.retention.choosing import Choosing, quantile
from bot.retention.off_policy import Estimate, Sample, TooThin, estimated
from bot.retention.outcomes import NOTHING
from bot.retention.replay import Case, Option, ReplayRules, not_told, replayed, spent_after

# Four in five truths lie between these quantiles of what is believed.
_LOW, _HIGH = 0.10, 0.90


@dataclass
class Total:
    """Sums over cases, as expected: how often, what it costs, and how many are still there.

    `cost_at_most_minor` is what it costs where everybody takes it. `kept_low` and `kept_high` hold
    the sum with 80 % certainty at least, because every chance is taken on the same side at once.
    """

    cases: float = 0.0
    cost_minor: float = 0.0
    cost_at_most_minor: float = 0.0
    kept: float = 0.0
    kept_low: float = 0.0
    kept_high: float = 0.0

    def add(self, option: Option) -> None:
        share, belief = option.chance, option.belief
        self.cases += share
        self.cost_minor += share * option.taken * option.cost_minor
        self.cost_at_most_minor += share * option.cost_minor
        self.kept += share * belief.kept
        part = belief.kept * option.weight
        self.kept_low += share * quantile(part, option.weight, _LOW)
        self.kept_high += share * quantile(part, option.weight, _HIGH)

    def to_document(self) -> dict[str, Any]:
        return {
            "cases": round(self.cases, 2),
            "cost_minor": round(self.cost_minor),
            "cost_at_most_minor": round(self.cost_at_most_minor),
            "kept": round(self.kept, 2),
            "kept_low": round(self.kept_low, 2),
            "kept_high": round(self.kept_high, 2),
        }


@dataclass
class Replayed:
    """What one set of rules does in all cases."""

    rules: ReplayRules
    total: Total = field(default_factory=Total)
    by_option: dict[str, Total] = field(default_factory=dict)
    spent: dict[date, Spent] = field(default_factory=dict)

    def take(self, case: Case) -> tuple[Option, ...]:
        """Replay one case; cases come in the order in which they happened."""
        month = month_of(case.at)
        before = self.spent.get(month, Spent())
        done = replayed(case, self.rules, before)
        self.spent[month] = spent_after(before, done)
        for option in done:
            self.total.add(option)
            self.by_option.setdefault(option.option, Total()).add(option)
        return done

    def without_holdout(self, case: Case) -> dict[str, float]:
        """Return the chances of what would be done if the account were not held out."""
        before = self.spent.get(month_of(case.at), Spent())
        done = replayed(case, self.rules, before, in_holdout=False)
        return {option.option: option.chance for option in done}

    def to_document(self) -> dict[str, Any]:
        ranked = sorted(self.by_option.items(), key=lambda item: (-item[1].cases, item[0]))
        return {
            **self.total.to_document(),
            "options": [{"option": name, **total.to_document()} for name, total in ranked],
        }


@dataclass(frozen=True)
class Simulation:
    """`moved` counts, by what is done under each of the two, the cases in which that differs.

    `left_out` counts the cases that cannot be replayed, by the fact their record does not tell.
    `observed` is how many really stayed, of those whose outcome is certain.
    """

    cases: int
    current: Replayed
    candidate: Replayed
    moved: Mapping[tuple[str, str], float]
    left_out: Mapping[str, int]
    observed: tuple[int, int]
    estimate: Estimate | TooThin


def simulate(
    cases: Sequence[Case],
    current: ReplayRules,
    candidate: ReplayRules,
    *,
    terms_of: Mapping[str, str],
    on_case: Callable[[int], None] = lambda done: None,
) -> Simulation:
    """Replay every case under both sets of rules, in the order in which they happened.

    `terms_of` says, by cited policy, what it offers, so that a revision that offers the same is
    known to do the same; `on_case` is told how many are done.
    """
    ours, theirs = Replayed(current), Replayed(candidate)
    left_out: dict[str, int] = {}
    moved: dict[tuple[str, str], float] = {}
    told: list[tuple[Case, dict[str, float]]] = []
    for number, case in enumerate(sorted(cases, key=lambda one: one.at), start=1):
        missing = not_told(case, current) or not_told(case, candidate)
        if missing:
            left_out[missing[0]] = left_out.get(missing[0], 0) + 1
        else:
            if case.ending and not case.insisted and not case.hardship:
                told.append((case, theirs.without_holdout(case)))
            _note_moves(moved, ours.take(case), theirs.take(case))
        on_case(number)
    certain = [case.ending.stayed for case, _ in told if case.ending and not case.held_out]
    return Simulation(
        cases=len(cases),
        current=ours,
        candidate=theirs,
        moved=moved,
        left_out=left_out,
        observed=(certain.count(True), certain.count(True) + certain.count(False)),
        estimate=estimated(list(_samples(told, terms_of))),
    )


def _note_moves(
    moved: dict[tuple[str, str], float], ours: Sequence[Option], theirs: Sequence[Option]
) -> None:
    for mine in ours:
        for other in theirs:
            if mine.option != other.option:
                pair = (mine.option, other.option)
                moved[pair] = moved.get(pair, 0.0) + mine.chance * other.chance


def _samples(
    told: Sequence[tuple[Case, dict[str, float]]], terms_of: Mapping[str, str]
) -> Iterator[Sample]:
    """Yield the cases whose outcome is certain, as the estimator takes them.

    Where everything was done by the ladder, the holdout is a lot drawn between the ladder's first
    and nothing, and both tell. What would have been chosen by value in the holdout nobody wrote
    down, so that there it is left out.
    """
    certain = [(c, q) for c, q in told if c.ending and c.ending.stayed is not None]
    endings = [case.ending for case, _ in certain if case.ending]
    could = [ending for ending in endings if ending.eligible]
    by_ladder = all(ending.by is Choosing.LADDER for ending in endings)
    share = sum(ending.held_out for ending in could) / len(could) if could else 0.0
    for case, other in certain:
        ending = case.ending
        if ending is None or (ending.held_out and not by_ladder):
            continue
        chances = dict(ending.chances)
        if by_ladder and ending.eligible:
            chances = {ending.eligible[0]: 1 - share, NOTHING: share}
        yield Sample(
            done=terms_of.get(ending.done, ending.done),
            chance=_by_terms(chances, terms_of),
            other=_by_terms(other, terms_of),
            reward=float(bool(ending.stayed)),
        )


def _by_terms(chances: Mapping[str, float], terms_of: Mapping[str, str]) -> dict[str, float]:
    """Add up the chances of policies that offer the same."""
    summed: dict[str, float] = {}
    for option, chance in chances.items():
        same = terms_of.get(option, option)
        summed[same] = summed.get(same, 0.0) + chance
    return summed
