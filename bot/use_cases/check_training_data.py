"""Check the training data for what would make the assistant understand worse, or leak."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.understanding.examples import Example
from bot.use_cases import example_sets, single_examples
from bot.use_cases.findings import DOUBTED_LABEL, Finding, labelled, place


def check_training_data(
    examples: Sequence[Example],
    *,
    held_out: Mapping[str, str] | None = None,
    confirmed: Mapping[tuple[str, str], str] | None = None,
) -> list[Finding]:
    """Return all findings, in the order of files and lines; an empty list means all is well.

    `held_out` maps texts that must not be trained on to where they stand ("file:line");
    `confirmed` maps (intent, text) whose label somebody looked at and stands by to the same.
    """
    findings = [
        *single_examples.findings(examples, held_out or {}),
        *example_sets.findings(examples, confirmed or {}),
    ]
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.kind))


class Weighed(NamedTuple):
    """What is `wrong`, what is `doubted` of a change, and what may be `noted` beside it."""

    wrong: list[Finding]
    doubted: list[Finding]
    noted: list[Finding]


def weighed(
    findings: Sequence[Finding],
    examples: Sequence[Example],
    live: Collection[tuple[str, str]],
) -> Weighed:
    """Tell apart what a change breaks, and what only reads like something else.

    A label that all others speak against is a guess: what was misunderstood reads like something
    else, which is why somebody adds it. And one line more moves what the lines near it read like:
    what the live version has learned, pairs of intent and text in `live`, is not the change's.
    """
    learned = {place(example) for example in examples if labelled(example) in live}
    found = Weighed([], [], [])
    for finding in findings:
        if finding.kind != DOUBTED_LABEL:
            found.wrong.append(finding)
        elif finding.place in learned:
            found.noted.append(finding)
        else:
            found.doubted.append(finding)
    return found
