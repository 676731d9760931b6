"""From margins to honest probabilities: what is said to be 80 % certain is right 8 times in 10."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def softmax(margins: Any, *, temperature: float) -> Doubles:
    """Return probabilities along the last axis."""
    scaled = np.asarray(margins, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: Doubles = powers / powers.sum(axis=-1, keepdims=True)
    return result


def fit_temperature(margins: Any, right: NDArray[np.int64]) -> float:
    """Return the temperature under which margins unseen in training are likeliest to be right."""
    rows = np.arange(len(right))

    def surprise(temperature: float) -> float:
        chances = softmax(margins, temperature=temperature)[rows, right]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(min(np.geomspace(0.05, 3.0, 120), key=surprise))


def fit_logistic(features: Doubles, happened: NDArray[np.bool_]) -> Doubles:
    """Return the weights, bias last, of P(happened) = sigmoid(features @ weights + bias).

    Newton's method with a slight pull towards zero, so that separable data stays finite.
    """
    design = np.column_stack([features, np.ones(len(features))])
    weights = np.zeros(design.shape[1])
    pull = np.eye(len(weights)) * 1e-3
    for _ in range(50):
        chances = sigmoid(design @ weights)
        slope = design.T @ (happened - chances) - pull @ weights
        bend = (design * (chances * (1 - chances))[:, None]).T @ design + pull
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def sigmoid(value: Any) -> Doubles:
    """Return 1 / (1 + e^-value), without overflow."""
    result: Doubles = 1.0 / (1.0 + np.exp(-np.clip(value, -60, 60)))
    return result


def calibration_error(confidences: Doubles, right: NDArray[np.bool_], *, bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy."""
    number = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(confidences[number == b].mean() - right[number == b].mean()) * (number == b).mean()
        for b in range(bins)
        if (number == b).any()
    ]
    return float(sum(gaps))
