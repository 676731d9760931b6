"""How near a message is to the nearest training example: far from all means unknown territory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.understanding.features import Floats, Ints, Row, stack

# How much it tells that a message is far in its words, and in its meaning, from all examples:
# chosen on public training sets, of whose intents a quarter was left out and asked for.
WORDS_POWER, MEANING_POWER = 0.25, 2.0
# No message is so far that nothing else counts.
_FARTHEST = 0.02
# So many rows are compared with all others at a time.
_AT_ONCE = 512
# So many nearest examples have a vote, which fades with their distance.
_VOTERS, _FADING = 12, 15.0


@dataclass(frozen=True)
class Neighbourhood:
    """How near the nearest example is, 0 to 1, and who votes, with shares that make 1."""

    near: float
    voters: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    shares: Floats = field(default_factory=lambda: np.zeros(0, dtype=np.float32))


@dataclass(frozen=True)
class Neighbour:
    """A training example near a message: how alike the two are, 0 to 1, and its share of the vote.

    Without an encoder nobody votes, and `share` is 0.
    """

    text: str
    intent: str
    alike: float
    share: float


class Neighbours:
    """The training rows, kept by feature, so that a message meets only those it shares one with."""

    def __init__(
        self,
        starts: Ints,
        rows: Ints,
        values: Floats,
        encoded: Floats,
        texts: tuple[str, ...] = (),
    ) -> None:
        """Take the training matrix by columns: f is in `rows[starts[f]:starts[f + 1]]`.

        `encoded` holds what a sentence encoder added to each row, shape (rows, its width or 0);
        `texts` what the examples say, for people to read.
        """
        self.starts, self.rows, self.values, self.encoded = starts, rows, values, encoded
        self.texts = texts
        count = len(encoded)
        self._by_feature = csr_matrix((values, rows, starts), shape=(len(starts) - 1, count))

    @classmethod
    def of(cls, training: Sequence[Row], *, width: int, texts: Sequence[str] = ()) -> Neighbours:
        """Keep these rows; `width` is the number of features without the encoded ones."""
        words = [Row(row.numbers, row.values) for row in training]
        by_feature = stack(words, width=width).T.tocsr()
        return cls(
            by_feature.indptr.astype(np.int64),
            by_feature.indices.astype(np.int64),
            by_feature.data,
            _as_stored(training),
            tuple(texts),
        )

    @classmethod
    def in_meaning(cls, training: Sequence[Row]) -> Neighbours:
        """Keep only what these rows mean, for whoever asks who votes on others."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            np.zeros(1, dtype=np.int64), nothing, np.zeros(0, np.float32), _as_stored(training)
        )

    def nearest(self, row: Row) -> list[tuple[int, float, float]]:
        """Return the places of those who vote on a message, most alike first, as `Neighbour` tells.

        Without an encoder they are the nearest in words.
        """
        around = self.look(row)
        if len(around.voters):
            meant = self.encoded @ _direction(row)
            voters = zip(around.voters, around.shares, strict=True)
            found = [(int(place), float(meant[place]), float(share)) for place, share in voters]
        elif len(row.numbers):
            alike = np.asarray(row.values @ self._by_feature[row.numbers]).ravel()
            places = np.argsort(alike)[-_VOTERS:]
            found = [(int(place), float(alike[place]), 0.0) for place in places if alike[place] > 0]
        else:
            found = []
        return sorted(found, key=lambda one: -one[1])

    def look(self, row: Row) -> Neighbourhood:
        """Return what lies around a message.

        How near the nearest is, is its cosine in words, to a power; with an encoder times that of
        the nearest in meaning. Without an encoder, or with nothing to encode, nobody has a vote.
        """
        words = float((row.values @ self._by_feature[row.numbers]).max()) if len(row.numbers) else 0
        near = min(max(words, _FARTHEST), 1.0) ** WORDS_POWER
        if not row.encoded.any():
            return Neighbourhood(near)
        return _around(near, self.encoded @ _direction(row))

    def look_all(self, rows: Sequence[Row], words: Any = None) -> list[Neighbourhood]:
        """Return the same for many rows; `words` are their words, as a CSR matrix.

        Without `words`, how near they are is told by meaning alone.
        """
        if words is None:
            near = np.ones(len(rows))
        else:
            near = np.clip(_highest(words @ self._by_feature), _FARTHEST, 1) ** WORDS_POWER
        if not self.encoded.shape[1]:
            return [Neighbourhood(float(one)) for one in near]
        return [
            _around(float(one), cosines) if row.encoded.any() else Neighbourhood(float(one))
            for one, row, cosines in zip(near, rows, self._meant(rows), strict=True)
        ]

    def _meant(self, rows: Sequence[Row]) -> Iterator[Floats]:
        """Yield each row's cosines in meaning; of all rows at once, they could fill the memory."""
        for start in range(0, len(rows), _AT_ONCE):
            yield from _directions(rows[start : start + _AT_ONCE]) @ self.encoded.T


def _as_stored(rows: Sequence[Row]) -> Floats:
    """Return directions as exact as they are stored: a model answers the same once read again."""
    return _directions(rows).astype(np.float16).astype(np.float32)


def _highest(cosines: Any) -> Floats:
    """Return the highest value of each row of a CSR matrix without negative ones."""
    filled = np.flatnonzero(np.diff(cosines.indptr))
    highest = np.zeros(cosines.shape[0], dtype=np.float32)
    if len(filled):
        highest[filled] = np.maximum.reduceat(cosines.data, cosines.indptr[filled])
    return highest


def _around(near: float, cosines: Floats) -> Neighbourhood:
    first = max(len(cosines) - _VOTERS, 0)
    voters = np.argpartition(cosines, first)[first:]
    weights = np.exp(_FADING * (cosines[voters] - 1))
    meaning = min(max(float(cosines.max()), _FARTHEST), 1.0) ** MEANING_POWER
    return Neighbourhood(near * meaning, voters, weights / weights.sum())


def _directions(rows: Sequence[Row]) -> Floats:
    encoded = np.array([row.encoded for row in rows], dtype=np.float32)
    lengths = np.sqrt((encoded * encoded).sum(axis=1, keepdims=True))
    result: Floats = encoded / np.where(lengths > 0, lengths, 1)
    return result


def _direction(row: Row) -> Floats:
    result: Floats = _directions([row])[0]
    return result
