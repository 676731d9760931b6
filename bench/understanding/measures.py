"""How good guesses are: accuracy, macro-F1, calibration error, and telling strangers apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10


@dataclass(frozen=True)
class Guess:
    """One message: the right intent (None: none of them), the guessed one and how sure it was."""

    right: str | None
    said: str
    confidence: float


def accuracy(guesses: Sequence[Guess]) -> float:
    """Return the share of messages with a right intent that were given it."""
    known = [g for g in guesses if g.right is not None]
    return sum(g.right == g.said for g in known) / len(known)


def macro_f1(guesses: Sequence[Guess]) -> float:
    """Return F1 averaged over the right intents, rare ones counting as much as frequent ones."""
    known = [g for g in guesses if g.right is not None]
    return mean_f1([({str(g.right)}, {g.said}) for g in known])


def mean_f1(pairs: Sequence[tuple[Collection[str], Collection[str]]]) -> float:
    """Return F1 averaged over the labels in `pairs` of (right ones, said ones)."""
    labels = sorted({label for right, _said in pairs for label in right})
    return float(np.mean([_f1(pairs, label) for label in labels]))


def micro_f1(pairs: Sequence[tuple[Collection[str], Collection[str]]]) -> float:
    """Return F1 over all labels together."""
    both = sum(len(set(right) & set(said)) for right, said in pairs)
    total = sum(len(set(right)) + len(set(said)) for right, said in pairs)
    return 2 * both / total if total else 1.0


def _f1(pairs: Sequence[tuple[Collection[str], Collection[str]]], label: str) -> float:
    hits = sum(label in right and label in said for right, said in pairs)
    wanted = sum(label in right for right, _said in pairs)
    made = sum(label in said for _right, said in pairs)
    return 2 * hits / (wanted + made) if wanted + made else 0.0


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Return the expected calibration error (Naeini et al. 2015) over ten equal bins."""
    known = [g for g in guesses if g.right is not None]
    sure = np.array([g.confidence for g in known])
    right = np.array([g.right == g.said for g in known], dtype=float)
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(sure[place == b].mean() - right[place == b].mean()) * (place == b).mean()
            for b in range(BINS)
            if (place == b).any()
        )
    )


def auroc(guesses: Sequence[Guess]) -> float | None:
    """Return the chance that a known message is surer than a strange one, None without those."""
    known = np.array([g.confidence for g in guesses if g.right is not None])
    strange = np.array([g.confidence for g in guesses if g.right is None])
    if not len(known) or not len(strange):
        return None
    order = np.concatenate([known, strange])
    ranks = np.empty(len(order))
    for value in np.unique(order):
        ranks[order == value] = (order < value).sum() + ((order == value).sum() + 1) / 2
    wins = ranks[: len(known)].sum() - len(known) * (len(known) + 1) / 2
    return float(wins / (len(known) * len(strange)))


def recall_and_precision(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    """Return both of `pairs` of (is so, said so)."""
    hits = sum(right and said for right, said in pairs)
    wanted, made = sum(right for right, _ in pairs), sum(said for _, said in pairs)
    return hits / wanted if wanted else 1.0, hits / made if made else 1.0


def confusions(guesses: Sequence[Guess], *, most: int = 15) -> list[tuple[str, str, int]]:
    """Return the pairs that were taken for each other most often: right, said, how often."""
    counts: dict[tuple[str, str], int] = {}
    for guess in guesses:
        if guess.right is not None and guess.right != guess.said:
            pair = (guess.right, guess.said)
            counts[pair] = counts.get(pair, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(right, said, count) for (right, said), count in ranked[:most]]
