"""The folder of training files: reads examples, and changes single lines of the trainers' files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import yaml

from bot.annotation.edits import Edit, applied, diff, is_made, lines_of
from bot.errors import EditRefused, FileInvalid
from bot.integrations.file_swap import alone_in, change_file, settled
from bot.integrations.training_files import read_blocks, read_training_files
from bot.integrations.yaml_files import LOADER
from bot.understanding.examples import Example, read_example

# Line breaks for YAML, or for some editors, and for others not: nobody could say what a line is.
_ODD_BREAKS = ("\x85", "\u2028", "\u2029")


class TrainingFolder:
    """Fits the port `TrainingData`; `folder` holds the files, such as data/nlu."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds the `.yml` files."""
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder

    def alone(self) -> AbstractContextManager[None]:
        """Keep other trainers out while several steps belong together."""
        return alone_in(self._folder)

    def examples(self) -> list[Example]:
        """Return every example, in the order of files and lines."""
        return read_training_files(self._folder)

    def raw(self, example: Example) -> str:
        """Return the example as it stands in its file, after "- ".

        Raises:
            EditRefused: the file has changed since the example was read.
        """
        lines = lines_of(decoded(example.file, settled(self.path(example.file))))
        found = lines[example.line - 1].strip() if example.line <= len(lines) else ""
        if read_example(found[2:].strip(), intent=example.intent).text != example.text:
            raise EditRefused(f"{example.file} has just been changed. Try again.")
        return found[2:].strip()

    def holds(self, edit: Edit) -> bool:
        """Return whether the file is as the edit wants it."""
        text = decoded(edit.file, settled(self.path(edit.file)))
        return is_made(text, read_blocks(text, name=edit.file), edit)

    def preview(self, edits: Sequence[Edit]) -> str:
        """Return what the edits would change, as a diff; nothing is written."""
        texts: dict[str, str] = {}
        for edit in edits:
            before = texts.get(edit.file) or decoded(edit.file, settled(self.path(edit.file)))
            texts[edit.file] = changed(before, edit)[0]
        return "\n".join(
            diff(decoded(file, settled(self.path(file))), text, file)
            for file, text in texts.items()
        )

    def prepared(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Return the edits with what their inverse needs; nothing is written."""
        texts: dict[str, str] = {}
        known: list[Edit] = []
        for edit in edits:
            before = texts.get(edit.file) or decoded(edit.file, settled(self.path(edit.file)))
            texts[edit.file], made = changed(before, edit)
            known.append(made)
        return tuple(known)

    def write(self, edit: Edit) -> None:
        """Make one edit on the newest content of its file.

        Raises:
            EditRefused: the file does not hold what the edit expects; it is left as it is.
        """

        def change(content: bytes) -> bytes:
            return changed(decoded(edit.file, content), edit)[0].encode()

        def again(content: bytes) -> bytes:
            text = decoded(edit.file, content)
            if is_made(text, read_blocks(text, name=edit.file), edit):
                return content
            return change(content)

        change_file(self.path(edit.file), change, again=again)

    def path(self, file: str) -> Path:
        """Return the path of a training file by its name.

        Raises:
            EditRefused: there is no such file, or more than one.
        """
        found = sorted(path for path in self._folder.rglob("*.yml") if path.name == file)
        if len(found) != 1:
            names = ", ".join(sorted({path.name for path in self._folder.rglob("*.yml")}))
            problem = "There is no file" if not found else "There is more than one file"
            raise EditRefused(f"{problem} {file!r} in {self._folder.name}. Choose one of {names}.")
        return found[0]


def changed(text: str, edit: Edit) -> tuple[str, Edit]:
    """Return the text with the edit made, after reading both as YAML and comparing them.

    Raises:
        EditRefused: the result would not be what was asked for, and nothing else.
    """
    new, known = applied(text, read_blocks(text, name=edit.file), edit)
    if not _is_exactly(text, new, edit):
        raise EditRefused(
            f"{edit.file} would say something else than was asked for: its form is one the "
            "studio does not know. Write the line by hand."
        )
    return new, known


def _is_exactly(before: str, after: str, edit: Edit) -> bool:
    try:
        old, new = (yaml.load(text, Loader=LOADER) for text in (before, after))
    except yaml.YAMLError:
        return False
    pairs = list(zip(old.pop("nlu"), new.pop("nlu"), strict=False))
    differing = [(one, other) for one, other in pairs if one != other]
    if old != new or len(differing) != 1:
        return False
    one, other = differing[0]
    if one["intent"] != edit.intent or {**one, "examples": 0} != {**other, "examples": 0}:
        return False
    return _without(one, edit.before) == _without(other, edit.after)


def _without(block: dict[str, Any], raw: str | None) -> list[str] | None:
    """Return the block's examples less one, or None if that one is not there."""
    said = [line.strip()[2:].strip() for line in block["examples"].split("\n") if line.strip()]
    if raw is not None:
        if raw not in said:
            return None
        said.remove(raw)
    return said


def decoded(file: str, content: bytes) -> str:
    """Return a file's content as text.

    Raises:
        FileInvalid: it is not UTF-8, or nobody could say what a line of it is.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise FileInvalid(file, "this is not UTF-8.", "Save it as UTF-8.") from None
    lone = "\r" in text.replace("\r\n", "")
    if lone or any(odd in text for odd in _ODD_BREAKS):
        raise FileInvalid(file, "it holds line breaks not every editor shows.", "Take them out.")
    return text
