"""Reads trainers' example files quickly, in the one form that all of ours have; needs no Rasa."""

from __future__ import annotations

from typing import Any

import yaml

from bot.understanding.examples import Example, read_example

# The C reader parses the same YAML ten times faster; it is missing where PyYAML was built without.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An annotation with one of these says more than the reader of examples keeps.
_MORE_THAN_A_VALUE = ('"role"', '"group"')


def read_plain(text: str) -> list[Example] | None:
    """Return what a file holds, or None where that is more than intents with lines of examples."""
    try:
        document = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError:
        return None
    if not isinstance(document, dict) or set(document) - {"version", "nlu"}:
        return None
    items = document.get("nlu") or []
    if not all(map(_is_plain, items)):
        return None
    lines = [(line, e["intent"]) for e in items for line in e["examples"].splitlines() if line]
    if not all(line.startswith("-") for line, _ in lines):
        return None
    read = [read_example(line[1:].strip("\n\r "), intent=intent) for line, intent in lines]
    return None if any(example.problem for example in read) else read


def _is_plain(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and set(item) == {"intent", "examples"}
        and all(isinstance(value, str) for value in item.values())
        and "/" not in item["intent"]
        and not any(word in item["examples"] for word in _MORE_THAN_A_VALUE)
    )
