"""Hands Rasa the training examples quickly: its own reader takes a minute over some thousand.

For every annotated span Rasa validates a JSON schema, and that schema anew. What trainers' files
hold in the form that all of ours have is read here; any other file is left to Rasa's own reader.
Mistakes are found, with file and line, by `python -m bot data check`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import synonyms_parser
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.nlu.training_data.util import build_entity
from rasa.shared.utils.common import cached_method

from bot.nlu.example_files import read_plain
from bot.understanding.examples import Example


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
            read = read_plain(Path(path).read_text(encoding="utf-8"))
            if read is None:
                others.append(path)
                continue
            for message in map(_message, read):
                messages.append(message)
                synonyms_parser.add_synonyms_from_entities(
                    message.get("text"), message.get("entities") or [], synonyms
                )
        found = TrainingData(messages, synonyms)
        # Merging copies every example.
        return found.merge(utils.training_data_from_paths(others, language)) if others else found


def _message(example: Example) -> Message:
    spans = [build_entity(span.start, span.end, span.value, span.entity) for span in example.spans]
    message: Message = _Read.build(example.text, example.intent, spans)
    return message
