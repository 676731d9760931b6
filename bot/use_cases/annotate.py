"""Add one annotated sentence to a training file, if nothing speaks against it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.annotation.annotated import Annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.errors import EditRefused, ExampleRefused, HelpdeskError
from bot.use_cases.studio_ports import Journal, TrainingData

log = structlog.get_logger()

_ID = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True)
class NewLine:
    """One sentence, and the file it is written into."""

    sentence: Annotated
    file: str

    @property
    def edit(self) -> Edit:
        """The one line this adds."""
        return Edit(self.file, self.sentence.intent, before=None, after=self.sentence.raw)


@dataclass(frozen=True)
class Wish:
    """What a trainer wants written; `conversation` is the id of where it was said."""

    lines: tuple[NewLine, ...]
    by: str
    conversation: str | None = None

    @property
    def edits(self) -> tuple[Edit, ...]:
        return tuple(line.edit for line in self.lines)


def annotate(wish: Wish, *, data: TrainingData, journal: Journal, now: datetime) -> Entry:
    """Write each sentence as the last line of its intent and return the journal's entry.

    `check_annotation` has spoken before; what another trainer wrote since is looked at here.

    Raises:
        EditRefused: one stands there already, or the file has no such intent.
        ExampleRefused: `conversation` is no id.
    """
    if wish.conversation is not None and not _ID.fullmatch(wish.conversation):
        raise ExampleRefused("A conversation is named by its id: letters, figures and dashes.")
    new = {line.sentence.text.casefold() for line in wish.lines}

    def still_new() -> None:
        for example in data.examples():
            if example.text.casefold() in new:
                raise EditRefused(
                    f"It is {example.intent} at {example.file}:{example.line} by now. Look at it."
                )

    return write_down(
        wish.edits, wish.by, data, journal, now, conversation=wish.conversation, sure=still_new
    )


def write_down(
    edits: tuple[Edit, ...],
    by: str,
    data: TrainingData,
    journal: Journal,
    now: datetime,
    *,
    conversation: str | None = None,
    undoes: int | None = None,
    sure: Callable[[], None] = lambda: None,
) -> Entry:
    """Make the edits, one after the other, and note them; `sure` may still refuse.

    The entry is written first: a line that nobody can tell the origin of would be worse than an
    entry whose line is not there, which the history shows.
    """
    with data.alone():
        sure()
        known = data.prepared(edits)
        number = len(journal.entries()) + 1
        entry = Entry(number, now, by, known, conversation, undoes)
        journal.add(entry)
        _make(entry, data, journal)
    log.info("training_data_changed", entry=number, by=by, undoes=undoes)
    return entry


def _make(entry: Entry, data: TrainingData, journal: Journal) -> None:
    """Make all the entry's edits, or none where a file was changed under our hands."""
    for done, edit in enumerate(entry.edits):
        try:
            data.write(edit)
        except HelpdeskError:
            for made in reversed(entry.edits[:done]):
                data.write(made.inverse)
            journal.add(Entry(entry.number + 1, entry.at, entry.by, (), undoes=entry.number))
            raise
