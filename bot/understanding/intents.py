"""What the customer wants done: one of the trained intents, with an honest confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import diags, hstack

from bot.understanding.calibration import Doubles, fit_logistic, fit_temperature, sigmoid, softmax
from bot.understanding.features import Floats, Row, stack
from bot.understanding.linear import Flags, LinearModel, fit_labels, folds
from bot.understanding.mixing import Mix
from bot.understanding.nearness import Neighbourhood, Neighbours
from bot.understanding.parsed import LEAVING

# Chosen by cross-validation on the training data.
COST = 1.5
FOLDS = 4
# Unseen messages from which temperature, mix and trust can be read off.
ENOUGH = 6_000
# Examples of a rare intent count more, though not as much as its rarity; a wish to leave that goes
# unheard costs the customer most.
RARITY_POWER = 0.7
FAVOURED = {"request_cancellation": 1.5}
# How much strange wording counts against a clear guess: chosen as the powers of `nearness` are.
FAMILIAR_POWER = 0.5
_LEAST_SHARE = 0.03
# So many times likelier than it looks a wish to leave is taken to be: who is not heard leaving
# pays for it. What holds no known word wishes for nothing, and a wish less sure than this with the
# lean is ranked without it.
LEANING = 1.75
LEAST_SURE = 0.5
_WORDLESS = 1e-6


@dataclass(frozen=True)
class IntentClassifier:
    """Support vector margins, turned into confidences by what held for unseen training examples.

    For each intent three things are weighed by `mix`: the whole message's margin, the best of its
    clauses' (a wish may stand at the end of a long story), and the votes of the nearest examples.
    A guess is as sure as it is clear among the intents, near to a training example, and worded in
    words seen before; `trust` (slope, bias) turns that into the chance that the guess is right.
    """

    names: tuple[str, ...]
    model: LinearModel
    temperature: float
    mix: Mix
    trust: Doubles
    labels: NDArray[np.int64]

    @classmethod
    def fit(
        cls,
        rows: Sequence[Row],
        parts: Sequence[Sequence[Row]],
        intents: Sequence[str],
        *,
        width: int,
        unseen: Flags | None = None,
    ) -> IntentClassifier:
        """Fit on messages as rows, the rows of their clauses, and the intent of each.

        Confidence is learned from messages that the encoder was not tuned on (`unseen`; by
        default all are).
        """
        names = tuple(sorted(set(intents)))
        right = np.array([names.index(intent) for intent in intents])
        lessons = _Lessons(rows, parts, right, names, width)
        found = lessons.unseen(intents, unseen)
        known = right[found.places]
        temperature = fit_temperature(found.evidence[:, :, 0], known)
        mix = Mix.fit(found.evidence, known, temperature=temperature)
        leaned = _leaned(mix.scores(found.evidence), names, familiar=found.familiar)
        chances = softmax(leaned, temperature=1)
        evidence = _evidence(chances.max(axis=1), found.nearness, found.familiar)
        trust = fit_logistic(evidence[:, None], chances.argmax(axis=1) == known)
        model = fit_labels(lessons.matrix, right, cost=COST, favour=_favour(right, names))
        return cls(names, model, temperature, mix, trust, right)

    def ranking(
        self, whole: Floats, parts: Sequence[Floats], around: Neighbourhood, *, familiar: float
    ) -> list[tuple[str, float]]:
        """Return every intent with its confidence, the likeliest first.

        `whole` and `parts` are the margins of the message and of its clauses, `around` the nearest
        of the examples it was fitted on, `familiar` the message's share of known words.
        """
        votes = _votes(self.labels, around, len(self.names))
        best = np.max(parts, axis=0) if len(parts) else whole
        scores = self.mix.scores(np.stack([whole, best, votes], axis=1).astype(np.float64))
        leaned = _leaned(scores, self.names, familiar=familiar)
        ranking = self._trusted(leaned, near=around.near, familiar=familiar)
        intent, confidence = ranking[0]
        # A lean makes no wish of what stays doubtful all the same.
        if intent in LEAVING and confidence < LEAST_SURE and familiar > 0:
            return self._trusted(scores, near=around.near, familiar=familiar)
        return ranking

    def _trusted(self, scores: Doubles, *, near: float, familiar: float) -> list[tuple[str, float]]:
        chances = softmax(scores, temperature=1)
        first = int(chances.argmax())
        top = float(chances[first])
        evidence = _evidence(top, near, familiar)
        trusted = float(sigmoid(evidence * self.trust[0] + self.trust[1]))
        # Doubt lowers all confidences alike: the order of the guesses is the classifier's.
        scale = trusted / top if trusted < top else (1 - trusted) / max(1 - top, 1e-9)
        chances = chances * scale
        chances[first] = trusted
        order = np.argsort(-chances, kind="stable")
        return [(self.names[place], float(chances[place])) for place in order]


def _leaned(scores: Doubles, names: tuple[str, ...], *, familiar: Any) -> Doubles:
    """Return scores, one row a message, leaned towards leaving where it has a known word."""
    lean = np.log(np.where(familiar > 0, LEANING, _WORDLESS))
    result: Doubles = scores + np.multiply.outer(lean, _leaving(names))
    return result


@lru_cache(maxsize=8)
def _leaving(names: tuple[str, ...]) -> Doubles:
    return np.isin(names, LEAVING).astype(np.float64)


def _evidence(top: Any, nearness: Any, familiar: Any) -> Doubles:
    score = np.clip(top * familiar**FAMILIAR_POWER * nearness, 1e-6, 1 - 1e-6)
    result: Doubles = np.log(score / (1 - score))
    return result


def _votes(labels: NDArray[np.int64], around: Neighbourhood, count: int) -> Floats:
    """Return the logarithm of each intent's share of the votes; nobody is without any."""
    heard = np.full(count, 1 / count)
    if len(around.voters):
        share = np.bincount(labels[around.voters], around.shares, minlength=count)
        heard = (1 - _LEAST_SHARE) * share + _LEAST_SHARE * heard
    result: Floats = np.log(heard).astype(np.float32)
    return result


def _favour(right: NDArray[np.int64], names: Sequence[str]) -> list[float]:
    counts = np.maximum(np.bincount(right, minlength=len(names)), 1)
    usual = float(counts.mean())
    return [
        (usual / float(count)) ** RARITY_POWER * FAVOURED.get(name, 1.0)
        for name, count in zip(names, counts, strict=True)
    ]


@dataclass(frozen=True)
class _Unseen:
    """What messages get when they are left out of the fit, one row each.

    `evidence` has the shape (messages, intents, kinds), in the order of `IntentClassifier`.
    """

    places: NDArray[np.int64]
    evidence: Doubles
    nearness: Doubles
    familiar: Doubles


class _Lessons:
    """Messages and their clauses as matrices, of which parts can be left out."""

    def __init__(
        self,
        rows: Sequence[Row],
        parts: Sequence[Sequence[Row]],
        right: NDArray[np.int64],
        names: Sequence[str],
        width: int,
    ) -> None:
        self.rows, self.right, self._names = rows, right, names
        self.matrix = stack(rows, width=width)
        self._words = width - len(rows[0].encoded)
        # A message without a clause is its own.
        pieces = [part or [row] for part, row in zip(parts, rows, strict=True)]
        self._clauses = stack([row for piece in pieces for row in piece], width=width)
        self._starts = np.cumsum([0, *map(len, pieces)])

    def unseen(self, intents: Sequence[str], unseen: Flags | None) -> _Unseen:
        found = [
            self._left_out(train, test)
            for train, test in folds(intents, count=FOLDS, enough=ENOUGH, unseen=unseen)
        ]
        return _Unseen(
            *(
                np.concatenate([getattr(one, part) for one in found])
                for part in ("places", "evidence", "nearness", "familiar")
            )
        )

    def _left_out(self, train: NDArray[np.int64], test: NDArray[np.int64]) -> _Unseen:
        favour = _favour(self.right[train], self._names)
        model = fit_labels(self.matrix[train], self.right[train], cost=COST, favour=favour)
        # What only the left-out messages say would be unknown; it must not count here either.
        known = np.asarray((self.matrix[train] != 0).sum(axis=0)).ravel() > 0
        words, unknown, familiar = self._without(self.matrix[test], known)
        margins = model.margins_of(unknown)
        spans = [range(self._starts[place], self._starts[place + 1]) for place in test]
        pieces = self._clauses[[number for span in spans for number in span]]
        best = np.maximum.reduceat(
            model.margins_of(self._without(pieces, known)[1]),
            np.cumsum([0, *(len(span) for span in spans[:-1])]),
        )
        rows = [self.rows[place] for place in test]
        kept = Neighbours.of([self.rows[place] for place in train], width=self._words)
        around = kept.look_all(rows, words)
        labels, count = self.right[train], len(self._names)
        votes = np.stack([_votes(labels, one, count) for one in around])
        evidence = np.stack([margins, best, votes], axis=2).astype(np.float64)
        return _Unseen(test, evidence, np.array([one.near for one in around]), familiar)

    def _without(self, matrix: Any, known: Flags) -> tuple[Any, Any, Doubles]:
        """Return the words among the known features, all features, and the share that is known."""
        matrix = matrix @ diags(known.astype(np.float32))
        words, meaning = matrix[:, : self._words], matrix[:, self._words :]
        mass = np.asarray(words.multiply(words).sum(axis=1)).ravel()
        words = (diags(1 / np.sqrt(np.maximum(mass, 1e-9))) @ words).tocsr()
        return words, hstack([words, meaning]).tocsr(), mass
