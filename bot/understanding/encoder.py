"""The optional sentence encoder: texts of like meaning become vectors that point the same way.

What it reads (a graph, a vocabulary) is handed to it; where the two come from is told in
`bot/encoder_files.py`. Without an encoder, understanding rests on words, letters and concepts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from bot.understanding.features import Floats

# Beyond these a text adds time, not meaning: most messages have fewer than 40 tokens.
MAX_TOKENS = 96
_MAX_CHARACTERS = 1_000
_KEPT = 64
# Enough to tell some hundred thousand texts apart.
NAME_BYTES = 8
_LETTER = re.compile(r"[^\W\d_]")


def digest_of(graph: bytes, vocabulary: bytes) -> str:
    """Return the name of the encoder that these two make: a hash."""
    return hashlib.sha256(graph + vocabulary).hexdigest()


def name_of(text: str) -> bytes:
    """Return what names a text among those that an encoder was tuned on: a hash."""
    return hashlib.sha256(text.encode()).digest()[:NAME_BYTES]


def tokenizer(vocabulary: bytes) -> Any:
    """Return what cuts a text into the word pieces of a vocabulary, to a bound."""
    from tokenizers import BertWordPieceTokenizer

    pieces = {piece: number for number, piece in enumerate(vocabulary.decode().splitlines())}
    made = BertWordPieceTokenizer(pieces, lowercase=True)
    made.enable_truncation(MAX_TOKENS)
    return made


class Encoder(Protocol):
    """Turns texts into vectors of length 1, or of zeros where there is nothing to read."""

    @property
    def digest(self) -> str:
        """Names the encoder: two with one digest give the same vectors."""
        ...

    @property
    def width(self) -> int:
        """The number of values of a vector."""
        ...

    @property
    def tuned_on(self) -> frozenset[bytes]:
        """The names (`name_of`) of texts it was tuned on: it knows them better than others."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text, shape (texts, width)."""
        ...


class SentenceEncoder:
    """A sentence encoder as an ONNX graph: input `ids`, output `vectors`; one text at a time."""

    def __init__(
        self, graph: bytes, vocabulary: bytes, tuned_on: frozenset[bytes] = frozenset()
    ) -> None:
        """Take the graph, and the word pieces as UTF-8 lines in the order of their numbers.

        Raises:
            ValueError: the graph is none that can be run.
        """
        # Imported here: a desk without the encoder does not need it.
        import onnxruntime

        self._digest = digest_of(graph, vocabulary)
        self._tuned_on = tuned_on
        self._tokenizer = tokenizer(vocabulary)
        options = onnxruntime.SessionOptions()
        # One message is too little work to share, and the other core has other processes.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(graph, options)
        except Exception as error:  # onnxruntime has no common class for what it raises
            raise ValueError(f"the sentence encoder cannot be run ({error})") from error
        self._width = int(self._session.get_outputs()[0].shape[1])
        # The same message is often read twice within a turn.
        self._one = lru_cache(maxsize=_KEPT)(self._encoded)

    @property
    def digest(self) -> str:
        """A hash of the graph and the vocabulary."""
        return self._digest

    @property
    def width(self) -> int:
        """The number of values of a vector."""
        return self._width

    @property
    def tuned_on(self) -> frozenset[bytes]:
        """The names of texts it was tuned on."""
        return self._tuned_on

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a vector of length 1 for each text, or of zeros where it holds no letter."""
        return np.array([self._one(text) for text in texts], dtype=np.float32).reshape(
            len(texts), self._width
        )

    def _encoded(self, text: str) -> Floats:
        # Signs alone say nothing, whatever the network makes of them.
        if not _LETTER.search(text):
            return np.zeros(self._width, dtype=np.float32)
        ids = self._tokenizer.encode(text[:_MAX_CHARACTERS]).ids
        vector: Floats = self._session.run(["vectors"], {"ids": [ids]})[0][0]
        return vector
