"""Linear support vector machines, one against the rest: fitted by scikit-learn, kept as arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.understanding.features import Floats, Row, stack

Flags = NDArray[np.bool_]

# The solver visits examples in a shuffled order; a fixed seed makes two fits of one data set equal.
_SEED = 0
# Ten times scikit-learn's: the planes are found sooner, and margins move by 0.0002 at most.
_TOLERANCE = 0.001

# Between two labels the machine makes one plane, not two.
_FEWEST_LABELS = 3

# Less than these say too little about all others.
_FEWEST = 200


@dataclass(frozen=True)
class LinearModel:
    """Weights of shape (features, labels) and one bias a label; labels are columns."""

    weights: Floats
    biases: Floats

    def margins(self, row: Row) -> Floats:
        """Return one margin a label; positive means "rather yes"."""
        result: Floats = row.values @ self.weights[row.numbers] + self.biases
        if len(row.encoded):
            result = result + row.encoded @ self.weights[-len(row.encoded) :]
        return result

    def margins_of(self, matrix: Any) -> Floats:
        """Return the margins of many messages, one row each."""
        return np.asarray(matrix @ self.weights + self.biases, dtype=np.float32)


def fit_linear(
    matrix: Any, wanted: Flags, *, cost: float, favour: Sequence[float] | None = None
) -> LinearModel:
    """Fit one separating plane for each column of `wanted` (messages x labels).

    `favour` says how much more an example of a label counts in its own column, once by default.
    A column without any example, or with nothing else, always answers the same.
    """
    weights = np.zeros((matrix.shape[1], wanted.shape[1]), dtype=np.float32)
    biases = np.zeros(wanted.shape[1], dtype=np.float32)
    # Or every machine would turn it into 64 bits for itself.
    matrix = matrix.astype(np.float64)
    for column in range(wanted.shape[1]):
        positive = wanted[:, column]
        if positive.all() or not positive.any():
            biases[column] = 1.0 if positive.all() else -1.0
            continue
        counts = {True: favour[column] if favour is not None else 1.0, False: 1.0}
        machine = _machine(cost, counts).fit(matrix, positive)
        weights[:, column] = machine.coef_[0]
        biases[column] = machine.intercept_[0]
    return LinearModel(weights, biases)


def fit_labels(
    matrix: Any, right: NDArray[np.int64], *, cost: float, favour: Sequence[float]
) -> LinearModel:
    """Fit the same planes where a message has one label, `right`: each against all others.

    The machine is handed the messages once for all planes, which takes a third less time.
    """
    labels = np.unique(right)
    if len(labels) < _FEWEST_LABELS:
        wanted = np.eye(len(favour), dtype=bool)[right]
        return fit_linear(matrix, wanted, cost=cost, favour=favour)
    weights = np.zeros((matrix.shape[1], len(favour)), dtype=np.float32)
    biases = np.full(len(favour), -1.0, dtype=np.float32)
    counts = {label: favour[label] for label in labels}
    machine = _machine(cost, counts).fit(matrix.astype(np.float64), right)
    weights[:, labels] = machine.coef_.T
    biases[labels] = machine.intercept_
    return LinearModel(weights, biases)


def _machine(cost: float, counts: Mapping[Any, float]) -> Any:
    # Imported here: answering needs no scikit-learn, and its import takes two seconds.
    from sklearn.svm import LinearSVC

    return LinearSVC(C=cost, class_weight=dict(counts), random_state=_SEED, tol=_TOLERANCE)


def best_margins(
    model: LinearModel, parts: Sequence[Sequence[Row]], rows: Sequence[Row], *, width: int
) -> Floats:
    """Return each label's best margin among a message's parts; without any, the message's own."""
    pieces = [part or [row] for part, row in zip(parts, rows, strict=True)]
    margins = model.margins_of(stack([row for piece in pieces for row in piece], width=width))
    result: Floats = np.maximum.reduceat(margins, np.cumsum([0, *map(len, pieces[:-1])]))
    return result


def folds(
    keys: Sequence[str], *, count: int, enough: int, unseen: Flags | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Deal the messages into folds, each key's evenly; yield (train, test) indices.

    Only messages in `unseen` are ever tested; by default, or where they are few, all are. No fold
    tests more than one in `count` of all messages, and no more folds are yielded than it takes to
    test `enough`: what is read off them is a handful of numbers, and each fold costs a fit.
    Deterministic: the n-th of a key's messages to test goes to fold n modulo the number of folds.
    """
    tested = np.arange(len(keys))
    if unseen is not None and unseen.sum() >= _FEWEST:
        tested = tested[unseen]
    dealt = math.ceil(count * len(tested) / max(len(keys), 1))
    seen: dict[str, int] = {}
    fold = np.full(len(keys), -1, dtype=np.int64)
    for place in tested:
        key = keys[place]
        fold[place] = seen.get(key, 0) % dealt
        seen[key] = seen.get(key, 0) + 1
    done = 0
    for number in range(dealt):
        if done >= enough:
            return
        test = np.flatnonzero(fold == number)
        yield np.flatnonzero(fold != number), test
        done += len(test)
