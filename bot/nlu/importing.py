"""Hands Rasa the training examples quickly: its own reader takes a minute over some thousand.

For every annotated span Rasa validates a JSON schema, and that schema anew. What trainers' files
hold in the form that all of ours have is read here; any other file is left to Rasa's own reader.
Mistakes are found, with file and line, by `python -m bot data check`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import synonyms_parser
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import build_entity
from rasa.shared.utils.common import cached_method

from bot.understanding.examples import read_example

# The C reader parses the same YAML ten times faster; it is missing where PyYAML was built without.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# An annotation with one of these says more than the reader of examples keeps.
_MORE_THAN_A_VALUE = ('"role"', '"group"')


class _Read(Message):
    """A message that is found again by its text, and of which there are no copies.

    Rasa hashes all of it, five times over, and copies it whenever it merges examples of several
    sources. Nothing in a pipeline of ours writes into an example.
    """

    def __hash__(self) -> int:
        return hash(self.get("text"))

    def __deepcopy__(self, _memo: dict[int, Any]) -> _Read:
        return self


class TrainingFiles(RasaFileImporter):
    """Rasa's importer of files, but for how examples are read, and how often."""

    @cached_method
    def get_domain(self) -> Domain:
        """Return the domain, which Rasa asks for with the stories and by itself."""
        return super().get_domain()

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples of all files, as Rasa's own importer does."""
        messages: list[Message] = []
        synonyms: dict[str, str] = {}
        others: list[str] = []
        for path in self._nlu_files:
            read = _read(Path(path).read_text(encoding="utf-8"))
            if read is None:
                others.append(path)
                continue
            for message in read:
                messages.append(message)
                synonyms_parser.add_synonyms_from_entities(
                    message.get("text"), message.get("entities") or [], synonyms
                )
        found = TrainingData(messages, synonyms)
        # Merging copies every example.
        return found.merge(utils.training_data_from_paths(others, language)) if others else found


def _read(text: str) -> list[Message] | None:
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
    messages = [_message(line, intent) for line, intent in lines]
    return None if None in messages else messages


def _is_plain(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and set(item) == {"intent", "examples"}
        and all(isinstance(value, str) for value in item.values())
        and "/" not in item["intent"]
        and not any(word in item["examples"] for word in _MORE_THAN_A_VALUE)
    )


def _message(line: str, intent: str) -> Message | None:
    example = read_example(line[1:].strip("\n\r "), intent=intent)
    if not line.startswith("-") or example.problem is not None:
        return None
    spans = [build_entity(span.start, span.end, span.value, span.entity) for span in example.spans]
    return _Read.build(example.text, intent, spans)
