"""Dialogues as they are written in YAML: read strictly, and held against what happened."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.retention.calendar import add_months

FOLDER = Path(__file__).parent
_STEP = frozenset(
    {
        "customer",
        "press",
        "event",
        "later",
        "says",
        "offer",
        "shows",
        "hides",
        "text",
        "not_text",
        "holder",
        "intent",
        "receipt",
        "refused",
        "outcome",
        "unchanged",
        "billing",
    }
)
_DIALOGUE = frozenset(
    {"dialogue", "account", "greeting", "steps", "billing", "attempts", "queue", "desk"}
)
_DAY = re.compile(r"(?:in (\d+) days?|(\d+) days? ago|today)(?: \+ (\d+) months?)?")


@dataclass(frozen=True)
class Script:
    """One written dialogue; `where` names its file for the test's name."""

    where: str
    title: str
    account: str | None
    document: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.where}: {self.title}"

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.document["steps"]
        return steps


def chosen_scripts() -> Iterator[Script]:
    """Yield the dialogues whose names stand in the file that is named, else all of them."""
    named = os.environ.get("DIALOGUES_CHOSEN")
    chosen = json.loads(Path(named).read_text(encoding="utf-8")) if named else None
    return (script for script in scripts() if chosen is None or script.name in chosen)


def scripts() -> Iterator[Script]:
    """Read every dialogue below this folder.

    Raises:
        ValueError: a key nobody knows; it would be an expectation that is never checked.
    """
    for path in sorted(FOLDER.glob("*/*.yml")):
        where = path.relative_to(FOLDER).with_suffix("").as_posix()
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield _script(where, document)


def _script(where: str, document: dict[str, Any]) -> Script:
    unknown = set(document) - _DIALOGUE
    for step in document["steps"]:
        unknown |= set(step) - _STEP
    if unknown:
        raise ValueError(f"{where}: unknown {sorted(unknown)}")
    return Script(where, document["dialogue"], document.get("account"), document)


def differences(expected: Any, found: Any, *, today: date, at: str = "") -> Iterator[str]:
    """Yield where `found` is not what was written; keys that were not written may be anything.

    `in 12 days`, `3 days ago` and `in 12 days + 2 months` mean dates, `any` means there is
    something, and a mapping stands for a list when its keys are the ids of the list's items.
    """
    if isinstance(expected, dict):
        yield from _in_mapping(expected, found, today=today, at=at)
    elif isinstance(expected, list):
        yield from _in_list(expected, found, today=today, at=at)
    elif not _is_the_same(expected, found, today):
        yield f"{at}: expected {expected!r}, found {found!r}"


def _in_mapping(expected: dict[str, Any], found: Any, *, today: date, at: str) -> Iterator[str]:
    by_id = {item["id"]: item for item in found} if isinstance(found, list) else found
    if not isinstance(by_id, dict):
        yield f"{at}: expected {expected}, found {found!r}"
        return
    for key, value in expected.items():
        yield from differences(value, by_id.get(key), today=today, at=f"{at}.{key}")


def _in_list(expected: list[Any], found: Any, *, today: date, at: str) -> Iterator[str]:
    if not isinstance(found, list | tuple) or len(found) != len(expected):
        yield f"{at}: expected {len(expected)} of {expected}, found {found!r}"
        return
    for number, (one, other) in enumerate(zip(expected, found, strict=True)):
        yield from differences(one, other, today=today, at=f"{at}[{number}]")


def _is_the_same(expected: Any, found: Any, today: date) -> bool:
    if expected == "any":
        return found is not None
    if isinstance(expected, str) and isinstance(found, str):
        return found == _day(expected, today)
    return bool(expected == found)


def _day(written: str, today: date) -> str:
    match = _DAY.fullmatch(written)
    if match is None:
        return written
    ahead, ago, months = (int(part or 0) for part in match.groups())
    return add_months(today + timedelta(days=ahead - ago), months).isoformat()
