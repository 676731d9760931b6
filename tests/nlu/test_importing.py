"""The quick importer reads what Rasa's own does, and leaves to it what it does not know."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")

PLAIN = """version: "3.1"
nlu:
- intent: give_reason
  examples: |
    - it's [far too dear]{"entity": "cancellation_reason", "value": "too_expensive"} for us

    - [never use it](cancellation_reason:unused), and it is [late]{"entity": "when"}
    - plain words: "quoted", #hash - and a dash
    - plain words: "quoted", #hash - and a dash
- intent: greet
  examples: |
    - hello
"""
# A span with a role, a synonym, an intent with metadata: more than the examples of ours have.
OTHER = """version: "3.1"
nlu:
- intent: travel
  examples: |
    - to [LA]{"entity": "city", "role": "to", "value": "Los Angeles"}
- synonym: New York
  examples: |
    - nyc
- intent: bye
  metadata:
    sentiment: neutral
  examples:
  - text: see you
"""


@pytest.fixture
def importers(tmp_path):
    from rasa.shared.importers.importer import TrainingDataImporter  # noqa: F401  (a cycle)
    from rasa.shared.importers.rasa import RasaFileImporter

    from bot.nlu.importing import TrainingFiles

    (tmp_path / "plain.yml").write_text(PLAIN)
    (tmp_path / "other.yml").write_text(OTHER)
    return [kind(training_data_paths=[str(tmp_path)]) for kind in (TrainingFiles, RasaFileImporter)]


def test_examples_are_those_that_rasa_reads(importers):
    ours, rasas = (importer.get_nlu_data() for importer in importers)
    as_data = [
        sorted((message.data for message in data.training_examples), key=lambda d: d["text"])
        for data in (ours, rasas)
    ]
    assert as_data[0] == as_data[1]
    assert len(as_data[0]) == 6
    assert ours.entity_synonyms == rasas.entity_synonyms


def test_only_a_file_that_holds_more_is_left_to_rasa(importers, monkeypatch):
    from bot.nlu import importing

    left = []
    rasas = importing.utils.training_data_from_paths
    monkeypatch.setattr(
        importing.utils,
        "training_data_from_paths",
        lambda paths, language: left.extend(paths) or rasas(paths, language),
    )
    importers[0].get_nlu_data()
    assert [path.rsplit("/", 1)[1] for path in left] == ["other.yml"]
