"""How near a message is to the nearest training example: far from all means unknown territory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bot.understanding.features import Floats, Ints, Row, stack


class Neighbours:
    """The training rows, kept by feature, so that a message meets only those it shares one with."""

    def __init__(self, starts: Ints, rows: Ints, values: Floats, *, count: int) -> None:
        """Take the training matrix by columns: f is in `rows[starts[f]:starts[f + 1]]`."""
        self.starts, self.rows, self.values, self.count = starts, rows, values, count
        self._by_feature = csr_matrix((values, rows, starts), shape=(len(starts) - 1, count))

    @classmethod
    def of(cls, training: Sequence[Row], *, width: int) -> Neighbours:
        """Keep these rows."""
        by_feature = stack(training, width=width).T.tocsr()
        return cls(
            by_feature.indptr.astype(np.int64),
            by_feature.indices.astype(np.int64),
            by_feature.data,
            count=len(training),
        )

    def cosine(self, row: Row) -> float:
        """Return the cosine to the nearest training row, 0 to 1."""
        if not len(row.numbers):
            return 0.0
        return float(min((row.values @ self._by_feature[row.numbers]).max(), 1.0))
