"""Labels that all the other examples speak against: likely mistakes of whoever labelled.

Each example is judged by a ridge regression that was fitted without it. One fit of all examples
gives every such judgement exactly (Hastie, Tibshirani and Friedman, "The Elements of Statistical
Learning", 2nd edition, equation 7.64), so twenty thousand are judged in about two seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.understanding.concepts import concept_grams
from bot.understanding.examples import Example
from bot.understanding.features import Floats, Ints, word_grams
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
    shared = (rows[doubted] @ rows.T).toarray()
    nearness = np.where(labels == instead[doubted, None], shared, -np.inf)
    alike = _largest(nearness, ALIKE)
    return [
        Doubt(
            judged[place],
            names[instead[place]],
            float(margins[place]),
            tuple(judged[other] for other in others),
        )
        for place, others in zip(doubted, alike, strict=True)
    ]


def _rows(texts: Sequence[Sequence[str]]) -> csr_matrix:
    """Return texts, as plain words, as TF-IDF rows of length 1 over words, pairs and concepts."""
    said = [frozenset([*word_grams(plain), *concept_grams(plain)]) for plain in texts]
    seen_in = Counter(gram for grams in said for gram in grams)
    frequent = [gram for gram, times in seen_in.items() if times >= _RAREST]
    # Equally frequent features in the order of their names: a set has no order to rely on.
    ranked = sorted(frequent, key=lambda gram: (-seen_in[gram], gram))[:_FEATURES]
    number = {gram: place for place, gram in enumerate(ranked)}
    known = [sorted(number[gram] for gram in grams if gram in number) for grams in said]
    ends = np.cumsum([0, *map(len, known)])
    columns = np.array([column for row in known for column in row], dtype=np.int64)
    times = np.array([seen_in[gram] for gram in number], dtype=np.float32)
    values = (np.log((1 + len(texts)) / (1 + times)) + 1)[columns]
    owners = np.repeat(np.arange(len(texts)), np.diff(ends))
    lengths = np.sqrt(np.bincount(owners, values**2, minlength=len(texts)))
    values = (values / lengths[owners]).astype(np.float32)
    return csr_matrix((values, columns, ends), shape=(len(texts), len(number)))


def _left_out(rows: csr_matrix, wanted: Floats) -> Floats:
    """Return each row's scores by a ridge regression fitted on all the other rows.

    A row has some twenty features of 1,500, which spares most of the products.
    """
    biased: Any = hstack([rows, np.full((rows.shape[0], 1), _BIAS, np.float32)], format="csr")
    spread = (biased.T @ biased).toarray()
    spread[np.diag_indices_from(spread)] += _RIDGE
    inverse = np.linalg.inv(spread)
    own = np.asarray(biased.multiply(biased @ inverse).sum(axis=1))
    result: Floats = (biased @ (inverse @ (biased.T @ wanted)) - own * wanted) / (1 - own)
    return result


def _largest(values: Floats, count: int) -> Ints:
    """Return the places of the largest values of each row, the first of equals first."""
    rest, found = values.copy(), []
    for _ in range(min(count, values.shape[1])):
        found.append(rest.argmax(axis=1))
        rest[np.arange(len(rest)), found[-1]] = -np.inf
    return np.stack(found, axis=1)
