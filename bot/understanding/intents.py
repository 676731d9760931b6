"""What the customer wants done: one of the trained intents, with an honest confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags, hstack

from bot.understanding.calibration import Doubles, fit_logistic, fit_temperature, sigmoid, softmax
from bot.understanding.features import Floats, Row, stack
from bot.understanding.linear import Flags, LinearModel, fit_linear, folds
from bot.understanding.nearness import Neighbours

# Chosen by cross-validation on the training data.
COST = 1.5
FOLDS = 4
# Unseen messages from which temperature and trust can be read off.
ENOUGH = 2_000
# Examples of a rare intent count more, though not as much as its rarity; a wish to leave that goes
# unheard costs the customer most.
RARITY_POWER = 0.7
FAVOURED = {"request_cancellation": 1.5}
# How much strange wording counts against a clear guess: chosen as the powers of `nearness` are.
FAMILIAR_POWER = 0.5


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
        unseen = _unseen(rows, matrix, wanted, intents, favour)
        temperature = fit_temperature(unseen.margins, right[unseen.places])
        chances = softmax(unseen.margins, temperature=temperature)
        evidence = _evidence(chances.max(axis=1), unseen.nearness, unseen.familiar)
        trust = fit_logistic(evidence[:, None], chances.argmax(axis=1) == right[unseen.places])
        return cls(
            names,
            fit_linear(matrix, wanted, cost=COST, favour=favour),
            temperature,
            trust,
            Neighbours.of(rows, width=width - len(rows[0].encoded)),
        )

    def ranking(self, row: Row) -> list[tuple[str, float]]:
        """Return every intent with its confidence, the likeliest first."""
        return self.ranking_of_margins(self.model.margins(row), row)

    def ranking_of_margins(self, margins: Floats, row: Row) -> list[tuple[str, float]]:
        """Return the ranking when the margins are known already."""
        chances = softmax(margins, temperature=self.temperature)
        first = int(chances.argmax())
        top = float(chances[first])
        evidence = _evidence(top, self.neighbours.nearness(row), row.familiar)
        trusted = float(sigmoid(evidence * self.trust[0] + self.trust[1]))
        # Doubt lowers all confidences alike: the order of the guesses is the classifier's.
        scale = trusted / top if trusted < top else (1 - trusted) / max(1 - top, 1e-9)
        chances = chances * scale
        chances[first] = trusted
        order = np.argsort(-chances, kind="stable")
        return [(self.names[place], float(chances[place])) for place in order]


def _evidence(top: Any, nearness: Any, familiar: Any) -> Doubles:
    score = np.clip(top * familiar**FAMILIAR_POWER * nearness, 1e-6, 1 - 1e-6)
    result: Doubles = np.log(score / (1 - score))
    return result


def _favour(wanted: Flags, names: Sequence[str]) -> list[float]:
    counts = wanted.sum(axis=0)
    usual = float(counts.mean())
    return [
        (usual / float(count)) ** RARITY_POWER * FAVOURED.get(name, 1.0)
        for name, count in zip(names, counts, strict=True)
    ]


@dataclass(frozen=True)
class _Unseen:
    """What messages get when they are left out of the fit, one row each."""

    places: NDArray[np.int64]
    margins: Floats
    nearness: Doubles
    familiar: Doubles


def _unseen(
    rows: Sequence[Row],
    matrix: Any,
    wanted: Flags,
    intents: Sequence[str],
    favour: Sequence[float],
) -> _Unseen:
    tested, margins, nearness, familiar = [], [], [], []
    encoded = len(rows[0].encoded)
    for train, test in folds(intents, count=FOLDS, enough=ENOUGH):
        known, unknown = matrix[train], matrix[test]
        # What only the left-out messages say would be unknown; it must not count here either.
        features = np.asarray((known != 0).sum(axis=0)).ravel() > 0
        unknown = unknown @ diags(features.astype(np.float32))
        words = unknown[:, : matrix.shape[1] - encoded]
        mass = np.asarray(words.multiply(words).sum(axis=1)).ravel()
        words = diags(1 / np.sqrt(np.maximum(mass, 1e-9))) @ words
        unknown = hstack([words, unknown[:, matrix.shape[1] - encoded :]]).tocsr()
        model = fit_linear(known, wanted[train], cost=COST, favour=favour)
        tested.append(test)
        margins.append(model.margins_of(unknown))
        kept = Neighbours.of([rows[place] for place in train], width=matrix.shape[1] - encoded)
        nearness.append(kept.nearness_of(words.tocsr(), [rows[place] for place in test]))
        familiar.append(mass)
    return _Unseen(
        np.concatenate(tested),
        np.concatenate(margins),
        np.concatenate(nearness),
        np.concatenate(familiar),
    )
