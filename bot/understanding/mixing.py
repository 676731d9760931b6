"""Weighs several kinds of evidence for each label: one softmax regression on unseen messages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bot.understanding.calibration import Doubles, softmax

# How strongly weights are pulled to what they start from, against all the messages together.
_PULL = 0.3
_ROUNDS = 200


@dataclass(frozen=True)
class Mix:
    """A label's score is the sum of its evidence, kind by kind, times its weights, and a bias.

    `weights` has the shape (labels, kinds), `biases` (labels,).
    """

    weights: Doubles
    biases: Doubles

    def scores(self, evidence: Doubles) -> Doubles:
        """Return the scores of evidence of shape (..., labels, kinds)."""
        result: Doubles = (evidence * self.weights).sum(axis=-1) + self.biases
        return result

    @classmethod
    def fit(cls, evidence: Doubles, right: NDArray[np.int64], *, temperature: float) -> Mix:
        """Fit on unseen messages: `evidence` of shape (messages, labels, kinds), the right labels.

        What is learned starts from the first kind alone at this temperature, and few messages move
        it little.
        """
        messages, labels, kinds = evidence.shape
        start = np.zeros((labels, kinds + 1))
        start[:, 0] = 1 / temperature
        biased = np.concatenate([evidence, np.ones((messages, labels, 1))], axis=2)
        rows, pull = np.arange(messages), _PULL / messages

        def loss(flat: Doubles) -> tuple[float, Doubles]:
            weights = flat.reshape(start.shape)
            chances = softmax((biased * weights).sum(axis=2), temperature=1)
            surprise = -np.log(np.maximum(chances[rows, right], 1e-12)).mean()
            apart = weights - start
            chances[rows, right] -= 1
            slope = np.einsum("ml,mlk->lk", chances, biased) / messages + 2 * pull * apart
            return float(surprise + pull * (apart**2).sum()), slope.ravel()

        found = minimize(
            loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}
        )
        weights = found.x.reshape(start.shape)
        return cls(weights[:, :-1].copy(), weights[:, -1].copy())
