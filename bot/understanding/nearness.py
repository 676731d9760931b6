"""How near a message is to the nearest training example: far from all means unknown territory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.understanding.calibration import Doubles
from bot.understanding.features import Floats, Ints, Row, stack

# How much it tells that a message is far in its words, and in its meaning, from all examples:
# chosen on public training sets, of whose intents a quarter was left out and asked for.
WORDS_POWER, MEANING_POWER = 0.25, 2.0
# No message is so far that nothing else counts.
_FARTHEST = 0.02


class Neighbours:
    """The training rows, kept by feature, so that a message meets only those it shares one with."""

    def __init__(
        self, starts: Ints, rows: Ints, values: Floats, encoded: Floats, *, count: int
    ) -> None:
        """Take the training matrix by columns: f is in `rows[starts[f]:starts[f + 1]]`.

        `encoded` holds what a sentence encoder added to each row, shape (count, its width or 0).
        """
        self.starts, self.rows, self.values, self.count = starts, rows, values, count
        self.encoded = encoded
        self._by_feature = csr_matrix((values, rows, starts), shape=(len(starts) - 1, count))

    @classmethod
    def of(cls, training: Sequence[Row], *, width: int) -> Neighbours:
        """Keep these rows; `width` is the number of features without the encoded ones."""
        words = [Row(row.numbers, row.values) for row in training]
        by_feature = stack(words, width=width).T.tocsr()
        return cls(
            by_feature.indptr.astype(np.int64),
            by_feature.indices.astype(np.int64),
            by_feature.data,
            np.array([_direction(row) for row in training]),
            count=len(training),
        )

    def nearness(self, row: Row) -> float:
        """Return how near the nearest training row is, 0 to 1: its cosine in words, to a power.

        With an encoder it is multiplied by that of the nearest in meaning.
        """
        words = float((row.values @ self._by_feature[row.numbers]).max()) if len(row.numbers) else 0
        near = _to_power(words, WORDS_POWER)
        if not len(row.encoded):
            return near
        meaning = float((self.encoded @ _direction(row)).max())
        return near * _to_power(meaning, MEANING_POWER)

    def nearness_of(self, words: Any, rows: Sequence[Row]) -> Doubles:
        """Return the same for many rows, whose words are given as a CSR matrix."""
        cosines = np.asarray((words @ self._by_feature).max(axis=1).todense()).ravel()
        near: Doubles = np.clip(cosines, _FARTHEST, 1) ** WORDS_POWER
        if not self.encoded.shape[1]:
            return near
        meant = (np.stack([_direction(row) for row in rows]) @ self.encoded.T).max(axis=1)
        result: Doubles = near * np.clip(meant, _FARTHEST, 1) ** MEANING_POWER
        return result


def _to_power(cosine: float, power: float) -> float:
    return float(min(max(cosine, _FARTHEST), 1.0) ** power)


def _direction(row: Row) -> Floats:
    length = float(np.sqrt(row.encoded @ row.encoded))
    return row.encoded / np.float32(length) if length else row.encoded
