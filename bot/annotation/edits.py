"""Changes one line of a training file, and leaves every other byte as it was.

The file is never read into data and written again: what a trainer ordered, commented or spaced in
their own way stays theirs. A change knows its inverse.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.errors import EditRefused

_LINES = re.compile("[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Block:
    """An intent's `examples: |` in a file: its line, and the lines its examples stand on, from 1.

    `indent` is the column of the word `examples`; `literal` tells whether it is a block of text.
    """

    intent: str
    line: int
    indent: int
    examples: tuple[int, ...]
    literal: bool = True


@dataclass(frozen=True)
class Edit:
    """One line under an intent of a file: `before` becomes `after`; None means "no line".

    Both are what follows "- ". `follows` is the example a line to put in comes after and `gap` how
    many empty lines lie between: None and 0 put it last. `written` is the whole line, where it was
    written in another way than ours.
    """

    file: str
    intent: str
    before: str | None
    after: str | None
    follows: str | None = None
    gap: int = 0
    first: bool = False
    written: str | None = None

    @property
    def inverse(self) -> Edit:
        """Return what takes this back, once it is what `applied` returned."""
        return replace(self, before=self.after, after=self.before)


def lines_of(text: str) -> list[str]:
    """Return the lines with their line breaks."""
    return _LINES.findall(text)


def applied(text: str, blocks: Sequence[Block], edit: Edit) -> tuple[str, Edit]:
    """Return the text with the edit made, and the edit with what its inverse needs to know.

    Raises:
        EditRefused: there is no such line, it stands there already, or the intent has no block.
    """
    lines = lines_of(text)
    own = [block for block in blocks if block.intent == edit.intent]
    if not own:
        raise EditRefused(
            f"{edit.file} has no examples of {edit.intent}. Choose a file that has, or add the "
            f"lines `- intent: {edit.intent}` and `  examples: |` to it."
        )
    own = [block for block in own if block.literal]
    if not own:
        raise EditRefused(
            f"{edit.file} writes the examples of {edit.intent} in a form of its own. Only "
            "`examples: |` takes a line; choose another file, or write it in by hand."
        )
    if edit.before is None:
        return _with_line(lines, own, edit)
    place = _place(lines, own, edit.before)
    if place is None:
        raise EditRefused(
            f'"{edit.before}" no longer stands under {edit.intent} in {edit.file}. '
            "Somebody changed or moved it; look at the file."
        )
    if edit.after is None:
        return _without_line(lines, own, edit, place)
    _refuse_twin(lines, own, edit)
    line = lines[place]
    start = line.index("-") + 2
    start += len(line[start:]) - len(line[start:].lstrip())
    lines[place] = line[:start] + edit.after + line[start + len(edit.before) :]
    return "".join(lines), replace(edit, written=None)


def is_made(text: str, blocks: Sequence[Block], edit: Edit) -> bool:
    """Return whether the text is as the edit wants it already."""
    lines = lines_of(text)
    own = [block for block in blocks if block.intent == edit.intent and block.literal]
    gone = edit.before is None or _place(lines, own, edit.before) is None
    there = edit.after is None or _place(lines, own, edit.after) is not None
    return gone and there


def diff(before: str, after: str, name: str) -> str:
    """Return the change as a unified diff, for people; line breaks are shown as plain ones."""
    old, new = ([line.rstrip("\r\n") for line in lines_of(text)] for text in (before, after))
    return "\n".join(difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", n=2, lineterm=""))


def _with_line(lines: list[str], own: Sequence[Block], edit: Edit) -> tuple[str, Edit]:
    assert edit.after is not None
    _refuse_twin(lines, own, edit)
    block, place = _gap_of(lines, own, edit)
    written = edit.written or f"{_indent(lines, block)}- {edit.after}"
    before = lines[place - 1]
    ending = _ending(before)
    if ending:
        lines.insert(place, written + ending)
    else:
        # The file ends without a line break, and will end without one.
        lines[place - 1] = before + (_ending(lines[0]) or "\n")
        lines.insert(place, written)
    return "".join(lines), edit


def _without_line(
    lines: list[str], own: Sequence[Block], edit: Edit, place: int
) -> tuple[str, Edit]:
    block = next(block for block in own if place + 1 in block.examples)
    before = [number for number in block.examples if number <= place]
    start = before[-1] if before else block.line
    if len(block.examples) == 1:
        raise EditRefused(
            f'"{edit.before}" is the only example of {edit.intent} in {edit.file}; an intent '
            "without any cannot be learned. Add another first."
        )
    known = replace(
        edit,
        follows=_said(lines[start - 1]) if before else None,
        first=not before,
        gap=place - start,
        written=lines[place].rstrip("\r\n"),
    )
    if not _ending(lines.pop(place)):
        last = lines[place - 1]
        lines[place - 1] = last[: len(last) - len(_ending(last))]
    return "".join(lines), known


def _gap_of(lines: Sequence[str], own: Sequence[Block], edit: Edit) -> tuple[Block, int]:
    """Return where the line comes: at its old place if that is known, or else last."""
    block = own[-1]
    last = block.examples[-1] if block.examples else block.line
    if edit.first:
        block = own[0]
        last = block.line + edit.gap
    elif edit.follows is not None:
        place = _place(lines, own, edit.follows)
        if place is not None:
            block = next(block for block in own if place + 1 in block.examples)
            last = place + 1 + edit.gap
    return block, min(last, len(lines))


def _refuse_twin(lines: Sequence[str], own: Sequence[Block], edit: Edit) -> None:
    assert edit.after is not None
    place = _place(lines, own, edit.after)
    if place is not None:
        raise EditRefused(
            f'"{edit.after}" stands under {edit.intent} at {edit.file}:{place + 1} already. '
            "Nothing is to be done."
        )


def _place(lines: Sequence[str], own: Sequence[Block], raw: str) -> int | None:
    """Return the index of the line that holds this example."""
    for block in own:
        for number in block.examples:
            if _said(lines[number - 1]) == raw:
                return number - 1
    return None


def _indent(lines: Sequence[str], block: Block) -> str:
    if not block.examples:
        return " " * (block.indent + 2)
    line = lines[block.examples[-1] - 1]
    return line[: len(line) - len(line.lstrip())]


def _said(line: str) -> str:
    return line.strip()[2:].strip()


def _ending(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
