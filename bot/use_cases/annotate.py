"""Add one annotated sentence to a training file, if nothing speaks against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.annotation.annotated import Annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.errors import HelpdeskError
from bot.use_cases.studio_ports import Journal, TrainingData

log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """What a trainer wants written; `conversation` is the id of where the sentence was said."""

    sentence: Annotated
    file: str
    by: str
    conversation: str | None = None

    @property
    def edit(self) -> Edit:
        """The one line this adds."""
        return Edit(self.file, self.sentence.intent, before=None, after=self.sentence.raw)


def annotate(wish: Wish, *, data: TrainingData, journal: Journal, now: datetime) -> Entry:
    """Write the sentence as the last line of its intent and return the journal's entry.

    What the trainer was shown before, by `check_annotation`, is not checked again here.

    Raises:
        EditRefused: it stands there already, or the file has no such intent.
    """
    return write_down((wish.edit,), wish.by, data, journal, now, conversation=wish.conversation)


def write_down(
    edits: tuple[Edit, ...],
    by: str,
    data: TrainingData,
    journal: Journal,
    now: datetime,
    *,
    conversation: str | None = None,
    undoes: int | None = None,
) -> Entry:
    """Make the edits, one after the other, and note them.

    The entry is written first: a line that nobody can tell the origin of would be worse than an
    entry whose line is not there, which the history shows.
    """
    with data.alone():
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
