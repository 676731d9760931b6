"""How one setting is declared, read from text, written back to text and described."""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import SetupError

PREFIX = "DESK_"
Value = TypeVar("Value")


def setting(default: Value, sentence: str, **bounds: int) -> Value:
    """Declare one setting; `bounds` may hold `at_least` and `at_most` for whole numbers."""
    declared: Any = dataclasses.field(default=default, metadata={"sentence": sentence, **bounds})
    return typing.cast(Value, declared)


def secret_setting(sentence: str) -> str:
    """Declare a setting that is empty unless set and never shows when settings are printed."""
    declared: Any = dataclasses.field(default="", repr=False, metadata={"sentence": sentence})
    return typing.cast(str, declared)


def port_setting(default: int, sentence: str) -> int:
    return setting(default, sentence, at_least=0, at_most=65535)


def count_setting(default: int, sentence: str) -> int:
    return setting(default, sentence, at_least=1)


def variable(name: str) -> str:
    """Return the environment variable of the setting `name`."""
    return PREFIX + name.upper()


def refuse_unknown(
    declaring: type, environment: Mapping[str, str], *, also: Collection[str]
) -> None:
    """Return when every variable of ours is a setting of `declaring`, or among `also`.

    Raises:
        SetupError: one is not; the nearest valid one is named.
    """
    known = {variable(field.name) for field in dataclasses.fields(declaring)} | set(also)
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in known)
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0], sorted(known), n=1)
    hint = f" Did you mean {near[0]}?" if near else " `python -m bot settings` lists them."
    raise SetupError(f"There is no setting {unknown[0]}.{hint}")


def read_values(declaring: type, environment: Mapping[str, str]) -> dict[str, object]:
    """Return the values that `environment` gives to the dataclass `declaring`, by field name.

    Raises:
        SetupError: a value is of the wrong kind; the message names the variable and what is valid.
    """
    return {
        field.name: _parse(field, kind, environment[variable(field.name)])
        for field, kind in _kinds(declaring)
        if variable(field.name) in environment
    }


def write_values(declared: Any) -> dict[str, str]:
    """Return every setting of the dataclass instance `declared` as environment variables."""
    return {
        variable(field.name): _text(getattr(declared, field.name))
        for field, _ in _kinds(type(declared))
    }


def describe_values(declaring: type) -> str:
    """Return the settings of the dataclass `declaring` as a Markdown table."""
    head = ["| variable | kind | default | meaning |", "| --- | --- | --- | --- |"]
    rows = [
        f"| `{variable(field.name)}` | {_kind_in_words(kind)} | {_default_in_words(field.default)}"
        f" | {field.metadata['sentence']} |"
        for field, kind in _kinds(declaring)
    ]
    return "\n".join([*head, *rows]) + "\n"


def _kinds(declaring: type) -> Iterator[tuple[dataclasses.Field[Any], Any]]:
    hints = typing.get_type_hints(declaring)
    for field in dataclasses.fields(declaring):
        yield field, hints[field.name]


def _parse(field: dataclasses.Field[Any], kind: Any, text: str) -> object:
    name = variable(field.name)
    if kind is int:
        return _whole_number(name, text, field.metadata)
    if kind is bool:
        return _word(name, text, {"true": True, "false": False})
    if issubclass(kind, Enum):
        return _word(name, text, {member.value: member for member in kind})
    return Path(text) if kind is Path else text


def _word(name: str, text: str, meanings: Mapping[str, object]) -> object:
    if text.lower() not in meanings:
        raise SetupError(f"{name} is {text!r}, but must be {' or '.join(meanings)}.")
    return meanings[text.lower()]


def _whole_number(name: str, text: str, bounds: Mapping[str, int]) -> int:
    low, high = bounds.get("at_least", 0), bounds.get("at_most", 10**9)
    # isdigit alone would let other scripts' digits and superscripts through.
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise SetupError(f"{name} is {text!r}, but must be a whole number from {low} to {high}.")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value.value if isinstance(value, Enum) else value)


def _kind_in_words(kind: type) -> str:
    if issubclass(kind, Enum):
        return "word"
    return {int: "whole number", bool: "true or false", Path: "folder"}.get(kind, "text")


def _default_in_words(value: object) -> str:
    return f"`{_text(value)}`" if _text(value) else "empty"
