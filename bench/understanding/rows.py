"""What is measured on: our own data in folds, the held-out messages, and public sets by a path."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.integrations.training_files import read_training_files
from bot.settings import ROOT
from bot.understanding.examples import Example
from bot.understanding.lexicon import Lexicon

HELD_OUT = ROOT / "tests" / "understanding" / "held_out.jsonl"
FOLDS = 5
SEED = 1
PUBLIC = {
    "HINT3 curekart": "hint3_curekart",
    "HINT3 powerplay11": "hint3_powerplay11",
    "CLINC, 5 an intent": "clinc_5",
    "BANKING, 5 an intent": "banking_5",
}


@dataclass(frozen=True)
class PublicSet:
    """Rows of (text, intent) to learn from and to be asked; an intent of None is out of scope."""

    name: str
    train: list[tuple[str, str]]
    test: list[tuple[str, str | None]]


def our_examples() -> list[Example]:
    return read_training_files(ROOT / "data" / "nlu")


def our_lexicon() -> Lexicon:
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    name = "bot.nlu.understanding.MessageUnderstanding"
    return Lexicon.read(next(part for part in pipeline if part["name"] == name)["lexicon"])


def in_folds(examples: list[Example]) -> Iterator[tuple[list[Example], list[Example]]]:
    """Yield (learned from, asked) five times; every intent is spread evenly over the folds."""
    order = np.random.default_rng(SEED).permutation(len(examples))
    place: dict[str, int] = {}
    fold = np.zeros(len(examples), dtype=int)
    for number in order:
        intent = examples[number].intent
        fold[number] = place.get(intent, 0) % FOLDS
        place[intent] = place.get(intent, 0) + 1
    for asked in range(FOLDS):
        yield (
            [e for e, f in zip(examples, fold, strict=True) if f != asked],
            [e for e, f in zip(examples, fold, strict=True) if f == asked],
        )


def held_out(path: Path = HELD_OUT) -> list[dict[str, Any]]:
    return _rows(path)


def public_sets(folder: Path, stems: Collection[str] = PUBLIC.values()) -> Iterator[PublicSet]:
    for name, stem in PUBLIC.items():
        if stem not in stems:
            continue
        train = _rows(folder / f"{stem}_train.jsonl")
        test = _rows(folder / f"{stem.removesuffix('_5')}_test.jsonl")
        yield PublicSet(
            name,
            [(row["text"], row["intent"]) for row in train],
            [(row["text"], row["intent"]) for row in test],
        )


def wants_to_leave(folder: Path) -> list[dict[str, Any]]:
    return _rows(folder / "wants_to_leave_dev.jsonl")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
