"""How near a message is to the nearest training example: far from all means unknown territory."""

from __future__ import annotations

from collections.abc import Sequence
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
            # As exact as it is stored, so that a model answers the same after it was read again.
            np.array([_direction(row) for row in training]).astype(np.float16).astype(np.float32),
            tuple(texts),
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
        near = float(np.clip(words, _FARTHEST, 1) ** WORDS_POWER)
        if not row.encoded.any():
            return Neighbourhood(near)
        return self._around(near, self.encoded @ _direction(row))

    def look_all(self, words: Any, rows: Sequence[Row]) -> list[Neighbourhood]:
        """Return the same for many rows, whose words are given as a CSR matrix."""
        cosines = np.asarray((words @ self._by_feature).max(axis=1).todense()).ravel()
        nearness = np.clip(cosines, _FARTHEST, 1) ** WORDS_POWER
        if not self.encoded.shape[1]:
            return [Neighbourhood(float(near)) for near in nearness]
        meant = np.stack([_direction(row) for row in rows]) @ self.encoded.T
        return [
            self._around(float(near), cosines) if row.encoded.any() else Neighbourhood(float(near))
            for near, cosines, row in zip(nearness, meant, rows, strict=True)
        ]

    def _around(self, near: float, cosines: Floats) -> Neighbourhood:
        first = max(len(cosines) - _VOTERS, 0)
        voters = np.argpartition(cosines, first)[first:]
        weights = np.exp(_FADING * (cosines[voters] - 1))
        meaning = float(np.clip(cosines.max(), _FARTHEST, 1) ** MEANING_POWER)
        return Neighbourhood(near * meaning, voters, weights / weights.sum())


def _direction(row: Row) -> Floats:
    length = float(np.sqrt(row.encoded @ row.encoded))
    return row.encoded / np.float32(length) if length else row.encoded
