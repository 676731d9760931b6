"""Off-policy estimates: what other rules would have come to, from what was done under these.

Every outcome counts by how much likelier the other rules would have done the same (importance
weighting), and the weights are made to add up to one (self-normalised): a little biased, and far
less at the mercy of a few large weights. See Swaminathan and Joachims, "The Self-Normalized
Estimator for Counterfactual Learning", 2015, and Kong, "A Note on Importance Sampling using
Standardized Weights", 1992, for the effective sample size.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# 95 in a hundred intervals hold the truth.
_Z = 1.96
# Below so many outcomes' worth of knowledge no figure is given.
ENOUGH = 50
# The most of what the other rules do that may never have been tried. What it would have come to is
# anything between nothing and all, and the interval is made wider by that.
UNTRIED_AT_MOST = 0.05


@dataclass(frozen=True)
class Sample:
    """One recorded case.

    `done` is what was done and `chance` how likely each option was then; `other` is how likely each
    would be under the other rules. `reward` lies between 0 and 1, such as: still there after 90
    days.
    """

    done: str
    chance: Mapping[str, float]
    other: Mapping[str, float]
    reward: float

    @property
    def weight(self) -> float:
        return self.other.get(self.done, 0.0) / self.chance[self.done]

    @property
    def untried(self) -> float:
        """How much of what the other rules do could not have been done here."""
        return sum(q for option, q in self.other.items() if not self.chance.get(option))


@dataclass(frozen=True)
class Estimate:
    """The mean reward under the other rules, with its 95 % interval.

    `effective` is how many outcomes of one's own the weighted ones are worth, `untried` the share
    of what the other rules do that was never tried.
    """

    mean: float
    low: float
    high: float
    samples: int
    effective: float
    untried: float


@dataclass(frozen=True)
class TooThin:
    """Why no estimate is given, in a sentence."""

    why: str
    samples: int
    effective: float
    untried: float


def estimated(samples: Sequence[Sample]) -> Estimate | TooThin:
    """Estimate the mean reward of the other rules, or say why the records are too thin for it."""
    count = len(samples)
    weights = [sample.weight for sample in samples]
    total = sum(weights)
    effective = total**2 / sum(w * w for w in weights) if total else 0.0
    untried = sum(sample.untried for sample in samples) / count if count else 0.0
    why = _too_thin(count, effective, untried)
    if why:
        return TooThin(why, count, effective, untried)
    mean = sum(w * s.reward for w, s in zip(weights, samples, strict=True)) / total
    low, high = _interval(samples, weights, mean, effective)
    low, high = low * (1 - untried), high * (1 - untried) + untried
    return Estimate(mean, max(0.0, low), min(1.0, high), count, effective, untried)


def interval(successes: float, count: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share; (0, 1) where nothing was seen."""
    if count <= 0:
        return 0.0, 1.0
    share, z2 = successes / count, _Z * _Z
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = _Z * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def _interval(
    samples: Sequence[Sample], weights: Sequence[float], mean: float, effective: float
) -> tuple[float, float]:
    """Return the wider of two: by the spread of the weighted outcomes, and by their number.

    The first is blind where all outcomes are alike, the second to weights and outcomes that go
    together.
    """
    total = sum(weights)
    squares = sum((w * (s.reward - mean)) ** 2 for w, s in zip(weights, samples, strict=True))
    half = _Z * math.sqrt(squares) / total
    low, high = interval(mean * effective, effective)
    return min(low, mean - half), max(high, mean + half)


def _too_thin(count: int, effective: float, untried: float) -> str | None:
    if not count:
        return "No recorded attempt is old enough to know how it ended; that takes 90 days."
    if untried > UNTRIED_AT_MOST:
        return (
            f"In {100 * untried:.0f} of 100 cases the candidate does what was never tried in such "
            "a case, so that no record tells what would come of it. Let lots try it first "
            "(`choose: value` and `explore_percent`)."
        )
    if effective < ENOUGH:
        return (
            f"What was recorded is worth {effective:.0f} outcomes under the candidate, and below "
            f"{ENOUGH} chance decides. Wait for more, or take an earlier --from."
        )
    return None
