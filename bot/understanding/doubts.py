"""Labels that all the other examples speak against: likely mistakes of whoever labelled.

Each example is judged by a ridge regression that was fitted without it. One fit of all examples
gives every such judgement exactly (Hastie, Tibshirani and Friedman, "The Elements of Statistical
Learning", 2nd edition, equation 7.64), so thousands are judged in about two seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.concepts import concept_grams
from bot.understanding.examples import Example
from bot.understanding.features import Floats, word_grams
from bot.understanding.normalise import tokens

Read = Callable[[str], Sequence[str]]

# How much more the others must speak for another label than for the given one. Of labels made wrong
# on purpose this finds two in five, for one false alarm in a hundred examples.
DOUBTFUL = 0.55
# The most frequent features: rare ones say nothing about an example that is left out.
_FEATURES = 1500
_RAREST = 3
_RIDGE = 1.0
_BIAS = 0.3
# How many examples of the other intent a doubt names.
ALIKE = 2
# An intent this small cannot speak for itself when an example of it is left out.
_SMALLEST_INTENT = 20


@dataclass(frozen=True)
class Doubt:
    """An example, the intent the others would give it, by how much, and the two most alike there.

    `margin` is 0 where the others are undecided and about 1 where they all say `instead`.
    """

    example: Example
    instead: str
    margin: float
    alike: tuple[Example, ...]


def doubts(
    examples: Sequence[Example], *, least: float = DOUBTFUL, read: Read = tokens
) -> list[Doubt]:
    """Return the examples whose label is doubtful by at least `least`, the worst first.

    `read` gives the plain words of a text: whoever knows them already need not find them again.
    """
    counts = Counter(example.intent for example in examples)
    judged = [example for example in examples if counts[example.intent] >= _SMALLEST_INTENT]
    names = sorted({example.intent for example in judged})
    if len(names) < 2:
        return []
    rows = _rows([read(example.text) for example in judged])
    labels = np.array([names.index(example.intent) for example in judged])
    scores = _left_out(rows, np.eye(len(names), dtype=np.float32)[labels])
    places = np.arange(len(judged))
    given = scores[places, labels]
    scores[places, labels] = -np.inf
    instead = scores.argmax(axis=1)
    margins = scores[places, instead] - given
    worst_first = np.argsort(-margins, kind="stable")
    doubted = worst_first[margins[worst_first] >= least]
    # An example is not like itself, and only those of the other intent are looked for.
    nearness = np.where(labels == instead[doubted, None], rows[doubted] @ rows.T, -np.inf)
    alike = np.argsort(-nearness, axis=1, kind="stable")[:, :ALIKE]
    return [
        Doubt(
            judged[place],
            names[instead[place]],
            float(margins[place]),
            tuple(judged[other] for other in others),
        )
        for place, others in zip(doubted, alike, strict=True)
    ]


def _rows(texts: Sequence[Sequence[str]]) -> Floats:
    """Return texts, as plain words, as TF-IDF rows of length 1 over words, pairs and concepts."""
    said = [frozenset([*word_grams(plain), *concept_grams(plain)]) for plain in texts]
    seen_in = Counter(gram for grams in said for gram in grams)
    # Equally frequent features in the order of their names: a set has no order to rely on.
    ranked = sorted(seen_in.items(), key=lambda pair: (-pair[1], pair[0]))[:_FEATURES]
    number = {gram: place for place, (gram, times) in enumerate(ranked) if times >= _RAREST}
    times = np.array([seen_in[gram] for gram in number], dtype=np.float32)
    weights = np.log((1 + len(texts)) / (1 + times)) + 1
    rows = np.zeros((len(texts), len(number)), dtype=np.float32)
    for place, grams in enumerate(said):
        known = [number[gram] for gram in grams if gram in number]
        rows[place, known] = weights[known]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: Floats = rows / np.maximum(lengths, 1e-6)
    return result


def _left_out(rows: Floats, wanted: Floats) -> Floats:
    """Return each row's scores by a ridge regression fitted on all the other rows."""
    biased = np.hstack([rows, np.full((len(rows), 1), _BIAS, dtype=np.float32)])
    spread = biased.T @ biased
    spread[np.diag_indices_from(spread)] += _RIDGE
    pulled = biased @ np.linalg.inv(spread).astype(np.float32)
    own = (pulled * biased).sum(axis=1, keepdims=True)
    result: Floats = (pulled @ (biased.T @ wanted) - own * wanted) / (1 - own)
    return result
