"""Where the sentence encoder lies, once set-up has made it, and what it has encoded before.

Encoding all training examples takes ten seconds or more; a trainer's new example needs only its
own. So the vectors of texts that were learned from are kept in a file beside the encoder.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.settings import ROOT
from bot.understanding.encoder import NAME_BYTES, Encoder, SentenceEncoder
from bot.understanding.features import Floats

FOLDER = ROOT / ".tools" / "encoder"
GRAPH, VOCABULARY, DIGEST = "encoder.onnx", "vocabulary.txt", "digest.txt"
# The names of the texts it was tuned on, one after the other.
TUNED_ON = "tuned_on.bin"
# Fewer texts than these are not worth a file: a message and its clauses come and go.
_WORTH_KEEPING = 100
# Vectors of texts that are gone are dropped when there are so many times more than are in use.
_TIMES_KEPT = 3
_KEY_BYTES = _NAME_LETTERS = 16
# So many texts are given to a thread at a time.
_PART = 64


def find_encoder(folder: Path = FOLDER) -> Encoder | None:
    """Return the sentence encoder, or None where set-up could not make one; 0.1 s.

    Raises:
        ValueError: the files are damaged.
    """
    if encoder_digest(folder) is None:
        return None
    graph, vocabulary = ((folder / name).read_bytes() for name in (GRAPH, VOCABULARY))
    return KeepingEncoder(SentenceEncoder(graph, vocabulary, _tuned_on(folder)), folder)


def encoder_digest(folder: Path = FOLDER) -> str | None:
    """Return what names the encoder that set-up made, or None where it made none."""
    try:
        return (folder / DIGEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _tuned_on(folder: Path) -> frozenset[bytes]:
    """Return the names of the texts that the encoder was tuned on; none, if it was not."""
    try:
        packed = (folder / TUNED_ON).read_bytes()
    except FileNotFoundError:
        return frozenset()
    starts = range(0, len(packed), NAME_BYTES)
    return frozenset(packed[start : start + NAME_BYTES] for start in starts)


class _AroundAnEncoder:
    """What gives an encoder's vectors, and is known by the encoder's name."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def digest(self) -> str:
        """The encoder's own."""
        return self._encoder.digest

    @property
    def width(self) -> int:
        """The number of values of a vector."""
        return self._encoder.width

    @property
    def tuned_on(self) -> frozenset[bytes]:
        """The encoder's own."""
        return self._encoder.tuned_on


class KeepingEncoder(_AroundAnEncoder):
    """An encoder that keeps what it encoded for training: one file, found again by content."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Keep the vectors of `encoder` in `folder`."""
        super().__init__(encoder)
        self._file = _VectorFile(folder / f"vectors-{encoder.digest[:_NAME_LETTERS]}.npz")

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text; a text that was met before is looked up."""
        if len(texts) < _WORTH_KEEPING:
            return self._encoder.encode(texts)
        keys = [_key(text) for text in texts]
        known = self._file.read()
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            fresh = self._encode_all(list(missing.values())).astype(np.float16)
            known.update(zip(missing, fresh, strict=True))
            if len(known) > _TIMES_KEPT * len(keys):
                known = {key: known[key] for key in keys}
            self._file.write(known)
        rows: Floats = np.stack([known[key] for key in keys]).astype(np.float32)
        return rows

    def _encode_all(self, texts: Sequence[str]) -> Floats:
        """Encode on all cores: each text is a run of its own, so it does not matter which."""
        parts = [texts[start : start + _PART] for start in range(0, len(texts), _PART)]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return np.concatenate(list(threads.map(self._encoder.encode, parts)))


class RememberingEncoder(_AroundAnEncoder):
    """An encoder that looks up what it was asked before; `keep` writes all of it to a file.

    For texts that are read again with every new model: their vectors are the encoder's alone.
    """

    def __init__(self, encoder: Encoder, file: Path) -> None:
        """Begin with what `file` holds, if it is of this encoder."""
        super().__init__(encoder)
        name = f"{file.name}-{encoder.digest[:_NAME_LETTERS]}.npz"
        self._file = _VectorFile(file.with_name(name))
        self._known: dict[bytes, Floats] = self._file.read()
        self._kept = len(self._known)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return a row for each text; a text that was met before is looked up."""
        rows = [self._row(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.width)

    def keep(self) -> None:
        """Write all that was encoded to the file; the texts themselves are not in it."""
        if len(self._known) > self._kept:
            self._file.write(self._known)
            self._kept = len(self._known)

    def _row(self, text: str) -> Floats:
        key = _key(text)
        if key not in self._known:
            (self._known[key],) = self._encoder.encode([text])
        return self._known[key]


class _VectorFile:
    """Vectors by the hash of their text, in one file that is replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[bytes, NDArray[Any]]:
        """Return what is kept; nothing if the file is not there yet, or damaged."""
        try:
            with np.load(io.BytesIO(self._path.read_bytes()), allow_pickle=False) as kept:
                packed, vectors = kept["keys"].tobytes(), kept["vectors"]
            starts = range(0, len(packed), _KEY_BYTES)
            keys = [packed[start : start + _KEY_BYTES] for start in starts]
            return dict(zip(keys, vectors, strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}  # half a file of a machine that went down, at worst

    def write(self, known: dict[bytes, NDArray[Any]]) -> None:
        keys = np.frombuffer(b"".join(known), dtype=np.uint8)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=keys, vectors=np.stack(list(known.values())))
        os.replace(aside, self._path)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]
