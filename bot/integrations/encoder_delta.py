"""What tuning changes in the sentence encoder: two thin matrices beside each large one, as a file.

A matrix W of a tuned layer becomes W + `FACTOR` · up · down, where `down` has `RANK` rows and `up`
as many columns: about a megabyte in place of ninety. Source: Hu et al., "LoRA"
(2021). Beside them stand the names of the texts that were learned from, because what is measured on
those is too good to be true.
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
        up, down = (delta.matrices[f"{large}.{part}"].astype(np.float32) for part in ("up", "down"))
        if f"{large}.weight" not in result:
            raise SetupError(f"The encoder has no {large}, so {DELTA_FILE.name} is not for it.")
        result[f"{large}.weight"] = result[f"{large}.weight"] + FACTOR * (up @ down)
    return result


def write_delta(delta: Delta, path: Path = DELTA_FILE) -> None:
    """Write a delta as safetensors: matrices of 16-bit floats, names as bytes."""
    from safetensors.numpy import save_file

    names = np.frombuffer(b"".join(sorted(delta.tuned_on)), dtype=np.uint8)
    matrices = {name: values.astype(np.float16) for name, values in delta.matrices.items()}
    save_file({**matrices, _TUNED_ON: names.reshape(-1, NAME_BYTES)}, path)


def read_delta(path: Path = DELTA_FILE) -> Delta:
    """Return the delta that `write_delta` wrote."""
    from safetensors.numpy import load_file

    read = load_file(path)
    names = read.pop(_TUNED_ON)
    return Delta(read, frozenset(map(bytes, names)))
