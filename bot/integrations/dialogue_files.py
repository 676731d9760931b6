"""The files of dialogue tests and stories: adds to their end, and takes back what was added."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from bot.annotation.appending import STORY, TEST, Appended, Writing, appended, holds, taken_out
from bot.annotation.edits import diff
from bot.errors import EditRefused
from bot.integrations.file_swap import alone_in, change_file, settled
from bot.integrations.studio_git import commit_lines
from bot.integrations.training_folder import decoded
from bot.integrations.yaml_files import LOADER

_PLACES = {TEST: "tests/dialogues/*/*.yml", STORY: "data/stories/*.yml"}


class DialogueFolders:
    """Fits the port `DialogueFiles`; `root` is the project's folder."""

    def __init__(self, root: Path) -> None:
        """Take the project; nothing is read yet."""
        self._root = root

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the files of this kind there are, by their path in the project."""
        found = sorted(self._root.glob(_PLACES[kind]))
        return tuple(path.relative_to(self._root).as_posix() for path in found)

    def path(self, file: str) -> Path:
        """Return where a file is. Raises EditRefused: it is none of those that may be written."""
        if not any(file in self.names(kind) for kind in _PLACES):
            raise EditRefused(
                f"{file!r} holds no dialogues of this project. Choose one that is listed."
            )
        return self._root / file

    def text(self, file: str) -> str:
        """Return what a file says. Raises EditRefused: it is none that may be written."""
        return decoded(file, settled(self.path(file)))

    def preview(self, what: Appended) -> str:
        """Return what writing it would change, as a diff; nothing is written."""
        before = self.text(what.file)
        return diff(before, added(before, what), what.file)

    def write(self, what: Appended) -> None:
        """Put it at the end of the newest content of its file, whole or not at all.

        Raises:
            EditRefused: the file would not read as before with one dialogue more.
        """
        self._change(what, lambda text: added(text, what), lambda text: holds(text, what))

    def take_out(self, what: Appended) -> None:
        """Take it out of the newest content of its file. Raises EditRefused: it was changed."""
        self._change(what, lambda text: taken_out(text, what), lambda text: not holds(text, what))

    def commit(self, writing: Writing, author: str) -> str:
        """Commit a dialogue, or that it was taken out, and nothing else; return the commit's name.

        Raises:
            EditRefused: there is no checkout, nobody can be named, or it is committed already.
        """
        what, takes_back = writing.what, writing.undoes is not None

        def put_in(_file: str, text: str) -> str:
            return taken_out(text, what) if takes_back else added(text, what)

        verb = "Take back" if takes_back else "Add"
        told = f"{verb} a dialogue from the studio: {what.kind}\n\nDialogue: {writing.number}\n"
        told += f"Conversation: {writing.conversation}\n" if writing.conversation else ""
        return commit_lines({what.file: self.path(what.file)}, put_in, told, author)

    def _change(
        self, what: Appended, change: Callable[[str], str], is_made: Callable[[str], bool]
    ) -> None:
        def changed(content: bytes) -> bytes:
            return change(decoded(what.file, content)).encode()

        def again(content: bytes) -> bytes:
            return content if is_made(decoded(what.file, content)) else changed(content)

        path = self.path(what.file)
        with alone_in(path.parent):
            change_file(path, changed, again=again)


def added(text: str, what: Appended) -> str:
    """Return the text with the dialogue, after reading both as YAML and comparing them.

    Raises:
        EditRefused: it stands there already, or the result would say something else besides.
    """
    if what.kind == TEST and not text.strip():
        what = replace(what, lines=what.lines.removeprefix("---\n"))
    if holds(text, what):
        raise EditRefused(f"{what.file} holds this dialogue already. Nothing is to be done.")
    new = appended(text, what)
    try:
        before, after = (list(_dialogues(one, what.kind)) for one in (text, new))
    except (yaml.YAMLError, KeyError, TypeError):
        before = after = []
    if not after or after[:-1] != before:
        raise EditRefused(
            f"{what.file} would say something else than was asked for: its form is one the "
            "studio does not know. Write the dialogue in by hand."
        )
    return new


def _dialogues(text: str, kind: str) -> Iterator[Any]:
    if kind == TEST:
        yield from yaml.load_all(text, Loader=LOADER)
        return
    document = yaml.load(text, Loader=LOADER)
    yield {key: value for key, value in document.items() if key != "stories"}
    yield from document["stories"]
