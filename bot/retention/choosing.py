"""Choosing: which of the granted offers is made, if any, and why; every figure is on record.

The value of an offer is the chance that the customer takes it and is still there after 90 days,
times the margin that is left after its cost, less what it costs with those who take it and leave.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from bot.money import Money
from bot.retention.outcomes import NOTHING, Counts, expected
from bot.retention.worth import Stake

# How sure we must be that an offer is worth more than nothing: in nine cases out of ten.
CAUTION = 0.10
EXPLORE_PERCENT_AT_MOST = 3


class Choosing(str, Enum):
    """How one offer is chosen: the lowest rank, or the highest value."""

    LADDER = "ladder"
    VALUE = "value"


@dataclass(frozen=True)
class Weighed:
    """One option with its figures. `option` is a cited policy, or NOTHING.

    `prior` and `layers` are what the chances rest on; `expected_minor` is the value to be expected
    of one customer, `at_least_minor` its cautious bound.
    """

    option: str
    margin_minor: int
    cost_minor: int
    prior: Counts
    layers: tuple[Counts, ...]
    expected_minor: int
    at_least_minor: int

    @property
    def can_pay(self) -> bool:
        """Whether anything is won at all when the customer stays by it."""
        return self.margin_minor > self.cost_minor

    @property
    def seen(self) -> Counts:
        """All outcomes its chances rest on."""
        return Counts().plus(self.layers[0]).plus(self.layers[1]).plus(self.layers[2])


def weigh(option: str, stake: Stake, prior: Counts, layers: tuple[Counts, ...]) -> Weighed:
    """Work out what an option is worth, by expectation and at the least."""
    belief = expected(prior, layers)
    total, won = sum(belief), stake.margin_minor - stake.cost_minor
    mean = (belief.kept * won - belief.wasted * stake.cost_minor) / total
    low = quantile(belief.kept, total, CAUTION) * won
    low -= quantile(belief.wasted, total, 1 - CAUTION) * stake.cost_minor
    return Weighed(
        option, stake.margin_minor, stake.cost_minor, prior, layers, int(mean // 1), int(low // 1)
    )


@dataclass(frozen=True)
class Picked:
    """Options in the order they would be made, best first, down to NOTHING and no further.

    `propensities` say with which chance each option, NOTHING included, was to be the first.
    """

    order: tuple[str, ...]
    propensities: dict[str, float]
    explored: bool

    @property
    def chosen(self) -> str | None:
        """The option that comes first; None for nothing."""
        return self.order[0] if self.order else None


def pick(
    options: tuple[Weighed, ...], nothing: Weighed, *, explore_percent: int, draw: float
) -> Picked:
    """Return the options surely worth more than nothing, the most certain first.

    `options` come in ladder order, which decides between equals. `draw` is a number from 0 up to
    1: below `explore_percent` one of the options that can pay, or nothing, is tried instead.
    """
    better = [o for o in options if o.can_pay and o.at_least_minor > nothing.expected_minor]
    better.sort(key=lambda o: (-o.at_least_minor, -o.expected_minor))
    order = tuple(option.option for option in better)
    best = order[0] if order else NOTHING
    tried = (*(o.option for o in options if o.can_pay), NOTHING)
    share = explore_percent / 100
    propensities = dict.fromkeys((*(o.option for o in options), NOTHING), 0.0)
    for option in tried:
        propensities[option] = share / len(tried)
    propensities[best] += 1 - share
    if draw >= share or len(tried) == 1:
        return Picked(order, propensities, explored=False)
    drawn = tried[min(int(draw / share * len(tried)), len(tried) - 1)]
    rest = tuple(option for option in order if option != drawn)
    return Picked(() if drawn == NOTHING else (drawn, *rest), propensities, explored=True)


def draw_of(attempt: str, *, salt: str) -> float:
    """Return the attempt's number from 0 up to 1: the same on every try, and not to be guessed."""
    digest = hashlib.sha256(f"{salt}:explore:{attempt}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


@dataclass(frozen=True)
class Choice:
    """One choice as it is recorded.

    `eligible` are the policies that grant an offer, or would if the account were not held out;
    `insisted` says that the customer wanted no offer. `judged_on` holds what the policies were
    judged on, so that other policies can be held against the same: facts, cap and hardship.
    """

    by: Choosing
    reason: str | None
    segment: str
    eligible: tuple[str, ...]
    insisted: bool
    held_out: bool
    chosen: str | None
    propensities: dict[str, float]
    explored: bool = False
    explore_percent: int = 0
    draw: float = 0.0
    options: tuple[Weighed, ...] = ()
    nothing: Weighed | None = None
    currency: str = "USD"
    judged_on: dict[str, Any] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        document = dict(vars(self))
        if not self.judged_on:
            del document["judged_on"]  # records from before it was kept
        return {
            **document,
            "by": self.by.value,
            "eligible": list(self.eligible),
            "propensities": dict(self.propensities),
            "options": [_written(option) for option in self.options],
            "nothing": _written(self.nothing) if self.nothing else None,
            "because": because(self),
        }


def chosen_again(document: dict[str, Any]) -> dict[str, Any]:
    """Decide a recorded choice by value once more, from its record alone, and write it anew."""
    options = tuple(_weighed_again(option) for option in document["options"])
    nothing = _weighed_again(document["nothing"])
    again = pick(
        options, nothing, explore_percent=document["explore_percent"], draw=document["draw"]
    )
    choice = Choice(
        by=Choosing(document["by"]),
        reason=document["reason"],
        segment=document["segment"],
        eligible=tuple(document["eligible"]),
        insisted=document["insisted"],
        held_out=document["held_out"],
        chosen=again.chosen,
        propensities=again.propensities,
        explored=again.explored,
        explore_percent=document["explore_percent"],
        draw=document["draw"],
        options=options,
        nothing=nothing,
        currency=document["currency"],
        judged_on=document.get("judged_on", {}),
    )
    return choice.to_document()


def because(choice: Choice) -> str:
    """Say in one sentence, for whoever takes over, why this and not something else."""
    if choice.held_out:
        return "Nothing was offered: the account is held out, so that we know what offers do."
    if choice.insisted:
        return "Nothing was offered: the customer insisted on leaving."
    if not choice.eligible:
        return "Nothing was offered: no policy grants an offer here."
    if choice.by is Choosing.LADDER:
        return f"{choice.chosen} comes first on the ladder, of {len(choice.eligible)} granted."
    if choice.explored:
        return (
            f"{choice.chosen or 'Nothing'} was drawn by lot, as {choice.explore_percent} in a "
            "hundred are, to learn what it does."
        )
    return _by_value(choice)


def _by_value(choice: Choice) -> str:
    if choice.nothing is None:
        raise LookupError("a choice by value weighs nothing too")
    idle = str(Money(choice.nothing.expected_minor, choice.currency))
    if choice.chosen is None:
        return (
            f"Nothing was offered: no granted offer is surely worth more than the {idle} of "
            "doing without."
        )
    best = next(option for option in choice.options if option.option == choice.chosen)
    kept, shown = int(best.seen.kept), int(sum(best.seen))
    return (
        f"{best.option} is worth {Money(best.expected_minor, choice.currency)} a customer, at "
        f"least {Money(best.at_least_minor, choice.currency)}, against {idle} for nothing: "
        f"{kept} of {shown} took it and stayed."
    )


def _written(weighed: Weighed) -> dict[str, Any]:
    document = asdict(weighed)
    return {
        **document,
        "prior": list(weighed.prior),
        "layers": [list(layer) for layer in weighed.layers],
    }


def _weighed_again(document: dict[str, Any]) -> Weighed:
    return weigh(
        document["option"],
        Stake(document["margin_minor"], document["cost_minor"]),
        Counts(*document["prior"]),
        tuple(Counts(*layer) for layer in document["layers"]),
    )


@lru_cache(maxsize=4096)
def quantile(part: float, total: float, share: float) -> float:
    """Return the quantile of a part's chance: a part of a Dirichlet distribution is a Beta."""
    from scipy.special import betaincinv  # half a second, which only choosing by value can spare

    return float(betaincinv(part, total - part, share)) if part else 0.0
