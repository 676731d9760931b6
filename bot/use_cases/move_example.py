"""Move, take out or replace one example that stands in a training file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.annotation.annotated import Annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.errors import ExampleRefused
from bot.understanding.examples import Example
from bot.use_cases.annotate import write_down
from bot.use_cases.studio_ports import Journal, TrainingData


def find_example(text: str, intent: str | None, examples: Sequence[Example]) -> Example:
    """Return the one example with this text, annotations left out.

    Raises:
        ExampleRefused: there is none, or it stands under several intents and none was named.
    """
    wanted = " ".join(text.split())
    found = [
        example
        for example in examples
        if example.text == wanted and intent in {None, example.intent}
    ]
    if not found:
        under = f" under {intent}" if intent else ""
        raise ExampleRefused(f'No example says "{wanted}"{under}. Copy it from the file.')
    if len({example.intent for example in found}) > 1:
        intents = " and ".join(sorted(example.intent for example in found))
        raise ExampleRefused(f'"{wanted}" stands under {intents}. Say which, with --from.')
    return found[0]


def moving(old: Example, before: str, new: Annotated | None, file: str) -> tuple[Edit, ...]:
    """Return the edits that make `new`, in `file`, of an example; None takes it out.

    `before` is the old example as it stands in its file, after "- ".
    A move adds before it takes away: if the machine stops in between, no line is lost.
    """
    if new is None:
        return (Edit(old.file, old.intent, before, None),)
    if (old.file, old.intent) == (file, new.intent):
        return (Edit(file, new.intent, before, new.raw),)
    return (
        Edit(file, new.intent, None, new.raw),
        Edit(old.file, old.intent, before, None),
    )


def move_example(
    edits: tuple[Edit, ...], by: str, *, data: TrainingData, journal: Journal, now: datetime
) -> Entry:
    """Make the edits of `moving` and return the journal's entry.

    Raises:
        EditRefused: the example is not there any more, or was the last of its intent.
    """
    return write_down(edits, by, data, journal, now)
