"""Text as numbers: TF-IDF over word 1-2 grams, character 2-5 grams inside words, and concepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.understanding.concepts import concept_grams
from bot.understanding.cues import cued_reasons
from bot.understanding.normalise import BREAK, tokens_and_breaks
from bot.understanding.stances import stances

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Blocks = tuple[list[str], list[str], list[str]]

LONGEST_WORDS = 2
SHORTEST_CHARACTERS, LONGEST_CHARACTERS = 2, 5
# Chosen by cross-validation on the training data: 0 loses about 3 points, 1 about 1.
CONCEPT_WEIGHT = 0.5
# Tokens of one message that are looked at; the rest of a very long one adds time, not meaning.
MAX_TOKENS = 400


NOTHING_ENCODED = np.zeros(0, dtype=np.float32)


@dataclass(frozen=True)
class Row:
    """One message as a sparse vector of length 1: feature numbers and their values.

    `familiar` is the share, 0 to 1, of the message's own weight that lies in known features.
    `encoded` is what a sentence encoder adds, as the last features of a matrix: all or none.
    """

    numbers: Ints
    values: Floats
    familiar: float = 1.0
    encoded: Floats = field(default_factory=lambda: NOTHING_ENCODED)


class Vectoriser:
    """Turns messages into rows; the features and their weights are those of the fitted texts."""

    def __init__(self, grams: Sequence[str], idf: Floats) -> None:
        """Take the features in the order of their numbers and the weight of each."""
        self._number = {gram: number for number, gram in enumerate(grams)}
        self._idf = idf
        self._rarest_weight = float(idf.max()) if len(idf) else 1.0

    @classmethod
    def fit(cls, read: Iterable[Blocks], *, rarest: int = 1) -> Vectoriser:
        """Learn the features that stand in at least `rarest` texts (as `blocks_of` reads them)."""
        seen_in: Counter[str] = Counter()
        messages = 0
        for blocks in read:
            seen_in.update({gram for block in blocks for gram in block})
            messages += 1
        grams = sorted(gram for gram, times in seen_in.items() if times >= rarest)
        times = np.array([seen_in[gram] for gram in grams], dtype=np.float64)
        idf = np.log((1 + messages) / (1 + times)) + 1
        return cls(grams, idf.astype(np.float32))

    @property
    def width(self) -> int:
        """The number of features."""
        return len(self._idf)

    def row(self, text: str) -> Row:
        """Return one message as a row; a message without a known feature is empty."""
        return self.rows([text])[0]

    def rows(self, texts: Iterable[str]) -> list[Row]:
        """Return many messages as rows."""
        return self.rows_of_blocks([blocks_of(text) for text in texts])

    def rows_of_blocks(self, read: Sequence[Blocks]) -> list[Row]:
        """Return messages that `blocks_of` has read as rows, all at once."""
        if not read:
            return []
        blocks = [block for message in read for block in message]
        number, width = self._number, self.width
        numbers = np.array([number.get(gram, -1) for block in blocks for gram in block], np.int64)
        owners = np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])
        known = numbers >= 0
        strange = np.bincount(owners[~known], minlength=len(blocks)) * self._rarest_weight**2
        # A block's grams side by side, each once with how often it stands there.
        places, times = np.unique(owners[known] * width + numbers[known], return_counts=True)
        owners, numbers = places // max(width, 1), places % max(width, 1)
        values = (1 + np.log(times)) * self._idf[numbers]
        mass = np.bincount(owners, values**2, minlength=len(blocks))
        share = (mass / np.where(mass > 0, mass + strange, 1)).reshape(len(read), -1)
        values *= np.resize(_BLOCK_WEIGHTS, len(blocks))[owners] / np.sqrt(mass[owners])
        messages = owners // len(_BLOCK_WEIGHTS)
        lengths = np.sqrt(np.bincount(messages, values**2, minlength=len(read)))
        values = (values / lengths[messages]).astype(np.float32)
        ends = np.searchsorted(messages, np.arange(len(read) + 1))
        return [
            Row(numbers[start:end], values[start:end], familiar=float(parts[:2].min()))
            for start, end, parts in zip(ends[:-1], ends[1:], share, strict=True)
        ]

    def matrix(self, texts: Iterable[str]) -> Any:
        """Return many messages as a SciPy CSR matrix, one row each."""
        return stack(self.rows(texts), width=self.width)

    def grams(self) -> list[str]:
        """Return the features in the order of their numbers."""
        return list(self._number)

    def idf(self) -> Floats:
        """Return the weight of each feature."""
        return self._idf


def stack(rows: Sequence[Row], *, width: int) -> Any:
    """Return rows as one SciPy CSR matrix; what is encoded fills its last columns."""
    starts = np.cumsum([0, *(len(row.numbers) + len(row.encoded) for row in rows)])
    encoded = len(rows[0].encoded) if rows else 0
    last = np.arange(width - encoded, width)
    numbers = [part for row in rows for part in (row.numbers, last[: len(row.encoded)])]
    values = [part for row in rows for part in (row.values, row.encoded)]
    return csr_matrix(
        (_joined(values, np.float32), _joined(numbers, np.int64), starts), shape=(len(rows), width)
    )


def _joined(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts])


_BLOCK_WEIGHTS = (1.0, 1.0, CONCEPT_WEIGHT * 2**0.5)


def blocks_of(text: str) -> Blocks:
    """Return a text's features in blocks: words, letters, and concepts with what is told."""
    plain = tokens_and_breaks(text)[:MAX_TOKENS]
    words = [token for token in plain if token != BREAK]
    cues = [f"k {reason}" for reason in cued_reasons(" ".join(words))]
    taken = [f"s {stance}" for stance in stances(" ".join(plain))]
    told = [*cues, *taken, " ".join(["S", *taken])]
    return word_grams(words), _character_grams(words), [*concept_grams(words), *told]


def word_grams(plain: Sequence[str]) -> list[str]:
    """Word grams; the edges count as words, because a first word says much in a short message."""
    bounded = ["<", *plain, ">"]
    grams = [f"w {word}" for word in plain]
    for size in range(2, LONGEST_WORDS + 1):
        grams += ["w " + " ".join(bounded[i : i + size]) for i in range(len(bounded) - size + 1)]
    return grams


def _character_grams(plain: Sequence[str]) -> list[str]:
    return [gram for word in plain if word.isalpha() for gram in _grams_of(word)]


@lru_cache(maxsize=16_384)
def _grams_of(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[i : i + size]
        for size in range(SHORTEST_CHARACTERS, min(LONGEST_CHARACTERS, len(padded)) + 1)
        for i in range(len(padded) - size + 1)
    )
