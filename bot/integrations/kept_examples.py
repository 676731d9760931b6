"""Keeps what a model was trained with beside it, so that two versions can be held side by side."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.understanding.examples import Example
from bot.use_cases.findings import labelled

_ENDING = ".examples.txt"


def keep_examples(model: Path, examples: Iterable[Example]) -> None:
    """Write intent and text of every example, one a line and sorted, so that `diff` can tell."""
    lines = sorted("\t".join(labelled(example)) for example in examples)
    aside = _beside(model).with_suffix(".part")
    aside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    aside.replace(_beside(model))


def kept_examples(model: Path) -> list[tuple[str, str]]:
    """Return pairs of intent and text; none where nobody kept them."""
    try:
        text = _beside(model).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    pairs = (line.partition("\t") for line in text.splitlines())
    return [(intent, said) for intent, _tab, said in pairs]


def _beside(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + _ENDING)
