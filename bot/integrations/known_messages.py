"""Reads the messages a new version is held against, and keeps how the live one reads them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from bot.errors import FileInvalid
from bot.integrations.yaml_files import LOADER
from bot.publishing.comparison import Reading
from bot.use_cases.compare_models import KnownMessage, WrittenDialogue


def read_test_messages(path: Path) -> list[KnownMessage]:
    """Return the messages of a file of JSON lines with `text` and `intent`; none without a file.

    Raises:
        FileInvalid: a line has another form.
    """
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_message(path, number, line) for number, line in enumerate(lines, start=1) if line]


def _message(path: Path, number: int, line: str) -> KnownMessage:
    try:
        told = json.loads(line)
        return KnownMessage(str(told["text"]), str(told["intent"]))
    except (ValueError, TypeError, KeyError):
        where = f"{path.name}:{number}"
        raise FileInvalid(
            where, "this is no test message.", 'Write {"text": "…", "intent": "…"}.'
        ) from None


def read_written(runner: Path) -> list[WrittenDialogue]:
    """Return the dialogue tests beside the file that runs them; none without it."""
    return [
        _written(path.relative_to(runner.parent).with_suffix("").as_posix(), document)
        for path in sorted(runner.parent.glob("*/*.yml"))
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=LOADER)
    ]


def _written(file: str, document: dict[str, Any]) -> WrittenDialogue:
    texts = tuple(str(step["customer"]) for step in document["steps"] if "customer" in step)
    return WrittenDialogue(f"{file}: {document['dialogue']}", file, texts)


class KeptReadings:
    """How a model reads test messages, kept beside it: reading them takes half a minute.

    Messages of customers are never kept here; they are theirs to have erased.
    """

    def __init__(self, model: Path) -> None:
        self._path = model.with_name(model.name.removesuffix(".tar.gz") + ".readings.json")

    def read(self) -> dict[str, Reading]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return {text: Reading(one["intent"], tuple(one["reasons"])) for text, one in told.items()}

    def write(self, readings: dict[str, Reading]) -> None:
        aside = self._path.with_suffix(".part")
        told = {text: asdict(reading) for text, reading in readings.items()}
        aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        aside.replace(self._path)
