"""What the studio says in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Set

from bot.annotation.edits import Edit
from bot.annotation.journal import Entry
from bot.use_cases.check_annotation import Checked
from bot.use_cases.findings import place


def checked_lines(checked: Checked) -> Iterator[str]:
    """Yield what speaks against a sentence, then what stands near it."""
    if checked.problems:
        yield "This was not written:"
    else:
        yield "Nothing speaks against it."
    for problem in checked.problems:
        yield f"  {problem.kind}: {problem.message}"
    if checked.neighbours:
        yield "Nearest under other intents:"
    for near in checked.neighbours:
        example = near.example
        share = f"{near.alike:.0%}"
        yield f'  {share:>4}  {example.intent}  "{example.text}"  ({place(example)})'


def place_line(entry: Entry) -> str:
    """Return that an entry is written, and how to take it back."""
    files = " and ".join(dict.fromkeys(edit.file for edit in entry.edits))
    return (
        f"Written to {files} as change {entry.number}. "
        f"`python -m bot studio undo {entry.number}` takes it back."
    )


def change_line(entry: Entry, gone: Set[int]) -> str:
    """Return one line of the history."""
    what = "; ".join(map(_edit, entry.edits)) or "nothing was written"
    notes = [
        f"from {entry.conversation}" if entry.conversation else "",
        f"takes back {entry.undoes}" if entry.undoes is not None else "",
        "taken back" if entry.number in gone else "",
    ]
    told = ", ".join(note for note in notes if note)
    line = f"{entry.number:>5}  {entry.at:%Y-%m-%d %H:%M}  {entry.by}  {what}"
    return f"{line}  ({told})" if told else line


def _edit(edit: Edit) -> str:
    where = f"{edit.file} {edit.intent}"
    if edit.before is None:
        return f'{where} + "{edit.after}"'
    if edit.after is None:
        return f'{where} - "{edit.before}"'
    return f'{where} "{edit.before}" > "{edit.after}"'
