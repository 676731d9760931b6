"""Reads our own YAML files strictly: what is not understood is refused, with file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.errors import FileInvalid

# Rasa takes any file under `data/` with a line that begins so for training data, at any depth.
RASA_KEYS = ("nlu", "rules", "stories", "responses")

# Ten times as fast where PyYAML was built with libyaml, as its wheels are.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)")
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Part:
    """One value of a file, and where it stands; `key` leads to it from the top of the file."""

    file: str
    key: str
    node: yaml.Node

    def refuse(self, problem: str, todo: str) -> FileInvalid:
        """Return the error that names this place; the caller raises it."""
        where = f"{self.file}:{self.node.start_mark.line + 1}"
        return FileInvalid(where, f"`{self.key}`: {problem}" if self.key else problem, todo)

    def mapping(
        self, known: Collection[str], *, required: Collection[str] = (), what: str = "key"
    ) -> dict[str, Part]:
        """Return the parts of a mapping by key; `what` is how reports call a key.

        Raises:
            FileInvalid: it is no mapping; a key is not known, stands there twice, or is missing.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refuse(f"each {what} needs a value here.", f"Known: {_listed(known)}.")
        parts: dict[str, Part] = {}
        for name_node, value_node in self.node.value:
            name = Part(self.file, self.key, name_node)
            key = name.word(known, what)
            if key in parts:
                first = parts[key].node.start_mark.line + 1
                raise name.refuse(f"the {what} `{key}` stands here twice.", f"See line {first}.")
            parts[key] = Part(self.file, f"{self.key}.{key}" if self.key else key, value_node)
        for key in required:
            if key not in parts:
                raise self.refuse(f"the {what} `{key}` is missing.", "Add it.")
        return parts

    def items(self) -> tuple[Part, ...]:
        """Return the parts of a list that holds at least one.

        Raises:
            FileInvalid: it is no list, or an empty one.
        """
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.refuse("a list is needed here.", "Write it as [one, another].")
        return tuple(Part(self.file, self.key, node) for node in self.node.value)

    def word(self, known: Collection[str], what: str) -> str:
        """Return a word of a closed list; the error names the nearest one.

        Raises:
            FileInvalid: it is no word, or none of `known`.
        """
        word = self.text()
        if word in known:
            return word
        near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.5)
        todo = f"Did you mean `{near[0]}`?" if near else f"Known: {_listed(known)}."
        raise self.refuse(f"there is no {what} `{word}`.", todo)

    def words(self, known: Collection[str], what: str) -> tuple[str, ...]:
        """Return a list of different words of a closed list."""
        words: dict[str, None] = {}
        for item in self.items():
            word = item.word(known, what)
            if word in words:
                raise item.refuse(f"`{word}` is named twice.", "Name it once.")
            words[word] = None
        return tuple(words)

    def text(self) -> str:
        """Return words that are not empty, trimmed."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refuse("words are needed here.", "Write one value.")
        if self.node.tag != f"{_TAG}str" or not self.node.value.strip():
            raise self.refuse(
                f"{self.node.value!r} is not read as words.", 'Put words into quotes: "…".'
            )
        return str(self.node.value).strip()

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def whole_number(self, *, at_least: int = 0, at_most: int | None = None) -> int:
        """Return a whole number within both bounds, themselves allowed."""
        range_words = f"from {at_least}" + ("" if at_most is None else f" to {at_most}")
        text = self._scalar("int")
        if text is None or not _WHOLE_NUMBER.fullmatch(text):
            raise self.refuse(
                "a whole number is needed here.", f"Write digits only, {range_words}."
            )
        number = int(text)
        if number < at_least or (at_most is not None and number > at_most):
            raise self.refuse(f"{number} is out of range.", f"Write a number {range_words}.")
        return number

    def true_or_false(self) -> bool:
        text = self._scalar("bool")
        if text not in ("true", "false"):
            raise self.refuse("a yes or a no is needed here.", "Write true or false.")
        return text == "true"

    def day(self) -> date:
        text = self._scalar("timestamp") or ""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.refuse("a day is needed here.", "Write it as 2026-02-16.") from None

    def _scalar(self, tag: str) -> str | None:
        fits = isinstance(self.node, yaml.ScalarNode) and self.node.tag == f"{_TAG}{tag}"
        return str(self.node.value) if fits else None


def read_yaml(path: Path, *, name: str) -> Part:
    """Read one file; `name` is how reports call it.

    Raises:
        FileInvalid: it is not YAML or empty, uses anchors, or Rasa would take it for its own.
    """
    text = _decoded(path, name)
    _keep_rasa_away(text, name)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, LOADER)):
            raise FileInvalid(f"{name}:1", "anchors (`&`, `*`) are not used here.", "Write it out.")
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FileInvalid(
            f"{name}:{line}", f"this is not YAML ({error.problem}).", "Look at the indentation."
        ) from None
    except yaml.YAMLError:
        raise FileInvalid(
            f"{name}:1", "it holds a character YAML does not allow.", "Remove it."
        ) from None
    if root is None:
        raise FileInvalid(f"{name}:1", "the file is empty.", "Fill it, or delete it.")
    return Part(name, "", root)


def files_in(folder: Path) -> tuple[tuple[Path, str], ...]:
    """Return the folder's YAML files at any depth, each with its name in reports, in order.

    Raises:
        FileInvalid: the folder is missing or holds none, or a file ends in .yaml, which would
            silently count for nothing.
    """
    if not folder.is_dir():
        raise FileInvalid(f"{folder.name}", "there is no such folder.", "Look at `policy_folder`.")
    astray = sorted(folder.rglob("*.yaml"))
    if astray:
        raise FileInvalid(f"{astray[0].name}", "the file ends in .yaml.", "Let it end in .yml.")
    found = tuple((p, p.relative_to(folder).as_posix()) for p in sorted(folder.rglob("*.yml")))
    if not found:
        raise FileInvalid(f"{folder.name}", "the folder holds no .yml file.", "Add one.")
    return found


def _decoded(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileInvalid(name, "there is no such file.", "Look at `policy_folder`.") from None
    except UnicodeDecodeError:
        raise FileInvalid(f"{name}:1", "the file is not UTF-8.", "Save it as UTF-8.") from None


def _keep_rasa_away(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        for key in RASA_KEYS:
            if line.lstrip().startswith(f"{key}:"):
                raise FileInvalid(
                    f"{name}:{number}",
                    f"`{key}:` at the beginning of a line is Rasa's: it would claim this file.",
                    "Use another word.",
                )


def _listed(known: Collection[str]) -> str:
    return ", ".join(sorted(known))
