"""Rasa claims YAML by its keys; retention policies must never be among what it reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.importers.importer import TrainingDataImporter  # noqa: F401  (resolves a cycle)

from bot.settings import ROOT

POLICIES = ROOT / "data" / "retention"


def _claimed(folder: Path) -> set[str]:
    files = get_data_files([str(folder)], is_nlu_file)
    files += get_data_files([str(folder)], YAMLStoryReader.is_stories_file)
    return set(files)


def test_rasa_claims_no_retention_policy():
    assert list(POLICIES.rglob("*.yml"))
    assert _claimed(POLICIES) == set()


@pytest.mark.parametrize("key", ["nlu", "rules", "stories"])
def test_rasa_would_claim_a_policy_with_one_of_its_keys(tmp_path, key):
    (tmp_path / "relief.yml").write_text(f"{key}:\n- rule: x\n  intent: y\n  steps: []\n")
    assert len(_claimed(tmp_path)) == 1
