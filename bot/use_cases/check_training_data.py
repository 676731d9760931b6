"""Check the training data for what would make the assistant understand worse, or leak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.understanding.examples import Example
from bot.use_cases import example_sets, single_examples
from bot.use_cases.findings import Finding


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
