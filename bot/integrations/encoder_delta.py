"""What tuning changes in the sentence encoder: two thin matrices beside each large one, as a file.

A matrix W of a tuned layer becomes W + `FACTOR` · up · down, where `down` has `RANK` rows and `up`
as many columns; they are kept as whole numbers of 12 bits, with a step for each of the `RANK`:
under a megabyte in place of ninety. Source: Hu et al., "LoRA" (2021). Beside them stand the names
of the texts that were learned from, because what is measured on those is too good to be true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import SetupError
from bot.integrations.encoder_graph import Weights
from bot.understanding.encoder import NAME_BYTES, name_of

DELTA_FILE = Path(__file__).with_name("encoder_delta.safetensors")
RANK, FACTOR = 16, 2.0
PARTS = (
    "attention.self.query", "attention.self.key", "attention.self.value",
    "attention.output.dense", "intermediate.dense", "output.dense",
)  # fmt: skip
# One text in so many is kept from tuning, always the same ones.
HELD_BACK = 5
_TUNED_ON = "tuned_on"
_STEPS = ".steps"
_MOST_STEPS = 2047  # of 12 bits; with 8 one wish to leave in 300 was lost


@dataclass(frozen=True)
class Delta:
    """`matrices` by name (`encoder.layer.3.output.dense.up`), and the names of the texts."""

    matrices: Mapping[str, NDArray[Any]]
    tuned_on: frozenset[bytes]


def is_held_back(text: str) -> bool:
    """Return whether a text is kept from tuning, so that others may be measured on it."""
    return name_of(text)[0] % HELD_BACK == 0


def merged(weights: Weights, delta: Delta) -> Weights:
    """Return the weights with the delta added.

    Raises:
        SetupError: the delta is for another network.
    """
    result = dict(weights)
    for name in delta.matrices:
        large, _, kind = name.rpartition(".")
        if kind != "up":
            continue
        up, down = (delta.matrices[f"{large}.{part}"] for part in ("up", "down"))
        if f"{large}.weight" not in result:
            raise SetupError(f"The encoder has no {large}, so {DELTA_FILE.name} is not for it.")
        result[f"{large}.weight"] = result[f"{large}.weight"] + FACTOR * (up @ down)
    return result


def write_delta(delta: Delta, path: Path = DELTA_FILE) -> None:
    """Write a delta as safetensors: matrices in steps of 12 bits, names as bytes."""
    from safetensors.numpy import save_file

    names = np.frombuffer(b"".join(sorted(delta.tuned_on)), dtype=np.uint8)
    tensors = {_TUNED_ON: names.reshape(-1, NAME_BYTES)}
    for name, values in delta.matrices.items():
        # One step for each of the RANK, which are the rows of `down` and the columns of `up`.
        largest = np.abs(values).max(axis=_along(name), keepdims=True)
        steps = (np.maximum(largest, np.finfo(np.float32).tiny) / _MOST_STEPS).astype(np.float32)
        tensors[name] = _packed(np.rint(values / steps).astype(np.int16))
        tensors[name + _STEPS] = steps
    save_file(tensors, path)


def read_delta(path: Path = DELTA_FILE) -> Delta:
    """Return the delta that `write_delta` wrote; a matrix is off by half a step at most."""
    from safetensors.numpy import load_file

    read = load_file(path)
    names = read.pop(_TUNED_ON)
    matrices = {
        name: _unpacked(packed) * read[name + _STEPS]
        for name, packed in read.items()
        if not name.endswith(_STEPS)
    }
    return Delta(matrices, frozenset(map(bytes, names)))


def _along(name: str) -> int:
    return 0 if name.endswith(".up") else 1


def _packed(steps: NDArray[np.int16]) -> NDArray[np.uint8]:
    """Put each two neighbours of a row, of 12 bits each, into three bytes."""
    pairs = (steps + _MOST_STEPS).astype(np.uint16).reshape(len(steps), -1, 2)
    first, second = pairs[..., 0], pairs[..., 1]
    three = np.stack([first >> 4, (first & 15) << 4 | second >> 8, second & 255], axis=-1)
    result: NDArray[np.uint8] = three.astype(np.uint8).reshape(len(steps), -1)
    return result


def _unpacked(packed: NDArray[np.uint8]) -> NDArray[np.float32]:
    three = packed.astype(np.int16).reshape(len(packed), -1, 3)
    left, middle, right = three[..., 0], three[..., 1], three[..., 2]
    pairs = np.stack([left << 4 | middle >> 4, (middle & 15) << 8 | right], axis=-1)
    result: NDArray[np.float32] = (pairs - _MOST_STEPS).astype(np.float32).reshape(len(packed), -1)
    return result
