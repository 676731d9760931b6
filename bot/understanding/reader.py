"""Reads texts as rows of numbers: words, letters and concepts, and what a sentence encoder sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.encoder import Encoder
from bot.understanding.features import Floats, Row, Vectoriser, blocks_of
from bot.understanding.pleasantries import with_please_in_full

# Chosen by cross-validation on the training data: a weight of 0.5 to 1 beside the words does
# equally well, and fewer directions than these lose what the encoder wins.
ENCODER_WEIGHT = 0.7
DIRECTIONS = 192
# Of one message so many parts are encoded; a longer list of clauses adds time, not meaning.
MAX_ENCODED = 12


@dataclass(frozen=True)
class Meaning:
    """An encoder, and the directions in which the training texts differ most (principal axes).

    `middle` has the encoder's width, `axes` the shape (width, directions).
    """

    encoder: Encoder
    middle: Floats
    axes: Floats

    @classmethod
    def fit(cls, encoder: Encoder, vectors: Floats) -> Meaning:
        """Find the axes of these vectors, one row each."""
        middle = vectors.mean(axis=0)
        apart = (vectors - middle).astype(np.float64)
        # Ascending: the last axes are those along which the texts differ most.
        _, axes = np.linalg.eigh(apart.T @ apart)
        return cls(encoder, middle, axes[:, ::-1][:, :DIRECTIONS].astype(np.float32))

    @property
    def width(self) -> int:
        """The number of directions kept."""
        return int(self.axes.shape[1])

    def directions(self, vectors: Floats) -> Floats:
        """Return encoded texts along the axes, each row scaled to `ENCODER_WEIGHT` or all zero."""
        turned = np.where(vectors.any(axis=1, keepdims=True), vectors - self.middle, 0) @ self.axes
        lengths = np.sqrt((turned * turned).sum(axis=1, keepdims=True))
        result: Floats = ENCODER_WEIGHT * turned / np.maximum(lengths, np.float32(1e-6))
        return result


class Reader:
    """A vectoriser, and what an encoder means where there is one."""

    def __init__(self, vectoriser: Vectoriser, meaning: Meaning | None = None) -> None:
        """Put the two beside each other."""
        self.vectoriser = vectoriser
        self.meaning = meaning

    @classmethod
    def fit(
        cls, messages: Sequence[str], others: Iterable[str], encoder: Encoder | None
    ) -> tuple[Reader, Mapping[str, Row]]:
        """Learn the features of the messages; return also their rows, and the other texts'."""
        # A message's features are learned from and then weighed; finding them is what takes time.
        blocks = {text: blocks_of(text) for text in dict.fromkeys(messages)}
        vectoriser = Vectoriser.fit(blocks[text] for text in messages)
        texts = list(dict.fromkeys([*messages, *others]))
        rows = vectoriser.rows_of_blocks([blocks.get(text) or blocks_of(text) for text in texts])
        if encoder is None:
            return cls(vectoriser), dict(zip(texts, rows, strict=True))
        vectors = _encoded(encoder, texts)
        meaning = Meaning.fit(encoder, vectors[: len(dict.fromkeys(messages))])
        rows = _with_meaning(rows, meaning.directions(vectors))
        return cls(vectoriser, meaning), dict(zip(texts, rows, strict=True))

    @property
    def width(self) -> int:
        """The number of features, the encoder's included."""
        return self.vectoriser.width + (self.meaning.width if self.meaning else 0)

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """Return a row for each text, the first `MAX_ENCODED` of them with their meaning."""
        rows = self.vectoriser.rows(texts)
        if self.meaning is None:
            return rows
        encoded = _encoded(self.meaning.encoder, texts[:MAX_ENCODED])
        return _with_meaning(rows, self.meaning.directions(encoded))


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Floats:
    return encoder.encode([with_please_in_full(text) for text in texts])


def _with_meaning(rows: Sequence[Row], directions: Floats) -> list[Row]:
    """Return the rows with their directions; beyond the last, with none at all."""
    nothing = np.zeros(directions.shape[1], dtype=np.float32)
    return [
        Row(
            row.numbers,
            row.values,
            row.familiar,
            directions[place] if place < len(directions) else nothing,
        )
        for place, row in enumerate(rows)
    ]
