"""Check one annotated sentence before it is written, against all there is, in about a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.annotation.alike import share, words_of
from bot.annotation.annotated import Annotated
from bot.understanding.examples import Example
from bot.use_cases import example_sets, single_examples
from bot.use_cases.findings import Finding

# How alike, from 0 to 1, a sentence of another intent must be to be shown, and how many are.
_WORTH_SHOWING, _SHOWN = 0.5, 3


@dataclass(frozen=True)
class Neighbour:
    """An example that is like the sentence; `alike` is the share of words both have, 0 to 1."""

    example: Example
    alike: float


@dataclass(frozen=True)
class Checked:
    """What speaks against writing the sentence, and what stands near it under other intents."""

    problems: tuple[Finding, ...]
    neighbours: tuple[Neighbour, ...]


def check_annotation(
    sentence: Annotated,
    file: str,
    *,
    examples: Sequence[Example],
    held_out: Mapping[str, str],
) -> Checked:
    """Return what the whole check of the data would say about this one sentence.

    `held_out` maps texts that must not be trained on to where they stand. Only the check of
    labels, which weighs all examples against each other, is left to `python -m bot data check`.
    """
    new = Example(sentence.text, sentence.intent, sentence.spans, file)
    alone = single_examples.findings([new], held_out)
    near = _neighbours(new, examples)
    beside = example_sets.beside(new, examples, [neighbour.example for neighbour in near])
    return Checked((*alone, *beside), near[:_SHOWN])


def _neighbours(new: Example, examples: Sequence[Example]) -> tuple[Neighbour, ...]:
    own = words_of(new.text)
    found = [
        Neighbour(example, alike)
        for example in examples
        if example.intent != new.intent
        and (alike := share(own, words_of(example.text))) >= _WORTH_SHOWING
    ]
    found.sort(key=lambda neighbour: -neighbour.alike)
    return tuple(found)
