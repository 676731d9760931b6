"""What the customer wants done: one of the trained intents, with an honest confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import diags

from bot.understanding.calibration import Doubles, fit_logistic, fit_temperature, sigmoid, softmax
from bot.understanding.features import Floats, Row, stack
from bot.understanding.linear import Flags, LinearModel, fit_linear, folds
from bot.understanding.nearness import Neighbours

# Chosen by cross-validation on the training data.
COST = 1.5
FOLDS = 4
# Examples of a rare intent count more, though not as much as its rarity; a wish to leave that goes
# unheard costs the customer most.
RARITY_POWER = 0.7
FAVOURED = {"request_cancellation": 1.5}
# How much strange wording and distance from every example count against a clear guess: chosen on
# public sets whose test messages ask for things that no training example does.
FAMILIAR_POWER, NEAR_POWER = 0.5, 0.25


@dataclass(frozen=True)
class IntentClassifier:
    """Support vector margins, turned into confidences by what held for unseen training examples.

    A guess is as sure as it is clear among the intents, near to a training example, and worded in
    words seen before; `trust` (slope, bias) turns that into the chance that the guess is right.
    """

    names: tuple[str, ...]
    model: LinearModel
    temperature: float
    trust: Doubles
    neighbours: Neighbours

    @classmethod
    def fit(cls, rows: Sequence[Row], intents: Sequence[str], *, width: int) -> IntentClassifier:
        """Fit on messages as rows and the intent of each."""
        names = tuple(sorted(set(intents)))
        right = np.array([names.index(intent) for intent in intents])
        wanted = np.eye(len(names), dtype=bool)[right]
        matrix = stack(rows, width=width)
        favour = _favour(wanted, names)
        margins, nearness, familiar = _unseen(matrix, wanted, intents, favour)
        temperature = fit_temperature(margins, right)
        chances = softmax(margins, temperature=temperature)
        evidence = _evidence(chances.max(axis=1), nearness, familiar)
        trust = fit_logistic(evidence[:, None], chances.argmax(axis=1) == right)
        return cls(
            names,
            fit_linear(matrix, wanted, cost=COST, favour=favour),
            temperature,
            trust,
            Neighbours.of(rows, width=width),
        )

    def ranking(self, row: Row) -> list[tuple[str, float]]:
        """Return every intent with its confidence, the likeliest first."""
        return self.ranking_of_margins(self.model.margins(row), row)

    def ranking_of_margins(self, margins: Floats, row: Row) -> list[tuple[str, float]]:
        """Return the ranking when the margins are known already."""
        chances = softmax(margins, temperature=self.temperature)
        first = int(chances.argmax())
        top = float(chances[first])
        evidence = _evidence(top, self.neighbours.cosine(row), row.familiar)
        trusted = float(sigmoid(evidence * self.trust[0] + self.trust[1]))
        # Doubt lowers all confidences alike: the order of the guesses is the classifier's.
        scale = trusted / top if trusted < top else (1 - trusted) / max(1 - top, 1e-9)
        chances = chances * scale
        chances[first] = trusted
        order = np.argsort(-chances, kind="stable")
        return [(self.names[place], float(chances[place])) for place in order]


def _evidence(top: Any, nearness: Any, familiar: Any) -> Doubles:
    score = np.clip(top * familiar**FAMILIAR_POWER * nearness**NEAR_POWER, 1e-6, 1 - 1e-6)
    result: Doubles = np.log(score / (1 - score))
    return result


def _favour(wanted: Flags, names: Sequence[str]) -> list[float]:
    counts = wanted.sum(axis=0)
    usual = float(counts.mean())
    return [
        (usual / float(count)) ** RARITY_POWER * FAVOURED.get(name, 1.0)
        for name, count in zip(names, counts, strict=True)
    ]


def _unseen(
    matrix: Any, wanted: Flags, intents: Sequence[str], favour: Sequence[float]
) -> tuple[Floats, Doubles, Doubles]:
    """Return margins, nearness and familiarity of each message when it was left out of the fit."""
    margins = np.zeros(wanted.shape, dtype=np.float32)
    nearness = np.zeros(len(intents))
    familiar = np.zeros(len(intents))
    for train, test in folds(intents, count=FOLDS):
        known, unknown = matrix[train], matrix[test]
        # What only the left-out messages say would be unknown; it must not count here either.
        features = np.asarray((known != 0).sum(axis=0)).ravel() > 0
        unknown = unknown @ diags(features.astype(np.float32))
        mass = np.asarray(unknown.multiply(unknown).sum(axis=1)).ravel()
        unknown = (diags(1 / np.sqrt(np.maximum(mass, 1e-9))) @ unknown).tocsr()
        margins[test] = fit_linear(known, wanted[train], cost=COST, favour=favour).margins_of(
            unknown
        )
        nearness[test] = np.asarray((unknown @ known.T).max(axis=1).todense()).ravel()
        familiar[test] = mass
    return margins, nearness, familiar
