"""Take back what the studio wrote: one entry of the journal, the newest unless another is named."""

from __future__ import annotations

from datetime import datetime

from bot.annotation.journal import Entry, inverse, undone
from bot.errors import EditRefused
from bot.use_cases.annotate import write_down
from bot.use_cases.studio_ports import Journal, TrainingData


def entry_to_undo(number: int | None, *, journal: Journal) -> Entry:
    """Return the entry of this number, or the newest that was not taken back.

    Raises:
        EditRefused: there is no such entry, or it was taken back already.
    """
    entries = journal.entries()
    gone = undone(entries)
    if number is None:
        open_ones = [e for e in entries if e.number not in gone and e.undoes is None]
        if not open_ones:
            raise EditRefused("There is nothing to take back.")
        return open_ones[-1]
    entry = next((entry for entry in entries if entry.number == number), None)
    if entry is None:
        raise EditRefused(f"There is no change {number}. `python -m bot studio history` lists all.")
    if number in gone:
        raise EditRefused(f"Change {number} was taken back already.")
    return entry


def undo_annotation(
    entry: Entry, by: str, *, data: TrainingData, journal: Journal, now: datetime
) -> Entry:
    """Take the entry back and return the entry that says so.

    Raises:
        EditRefused: somebody has changed the line since; nothing was written.
    """
    return write_down(inverse(entry), by, data, journal, now, undoes=entry.number)
