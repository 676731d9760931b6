"""A project becomes a model that Rasa reads, and what a model cannot be made of is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.integrations.model_files import load_engine
from bot.settings import FOR_CHILDREN, ROOT
from tests.understanding.engines import TODAY

# Rasa's and TensorFlow's own imports warn at every turn.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

FILES = {
    "config.yml": """recipe: default.v1
assistant_id: small
language: en
importers: [{name: bot.nlu.importing.TrainingFiles}]
pipeline: [{name: bot.nlu.understanding.MessageUnderstanding, encoder: false}]
policies: [{name: RulePolicy}]
""",
    "domain.yml": """version: "3.1"
intents: [greet, goodbye]
slots: {mood: {type: text, mappings: [{type: custom}]}}
responses: {utter_greet: [{text: Hello}], utter_bye: [{text: Bye}]}
""",
    "data/nlu/all.yml": """version: "3.1"
nlu:
- intent: greet
  examples: |
    - hello there
    - good morning to you
    - hi everybody
    - hey, how are you
    - good evening, dear people
    - well hello
- intent: goodbye
  examples: |
    - see you later
    - bye for now
    - goodbye
    - so long, I have to go
    - that is all, bye
    - until next time then
""",
    "data/rules/all.yml": """version: "3.1"
rules:
- rule: greets
  condition: [{slot_was_set: [{mood: well}]}]
  steps: [{intent: greet}, {action: utter_greet}]
""",
}


@pytest.fixture
def project(tmp_path):
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def train(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.channels.train", "--to", "small.tar.gz"],
        cwd=project,
        env={**os.environ, **FOR_CHILDREN, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_project_becomes_a_model_that_rasa_reads(project, tmp_path_factory):
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    done = train(project)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "learning MessageUnderstanding\nlearning RulePolicy\n"
    assert "fitting again" not in done.stderr
    model = project / "small.tar.gz"
    assert load_engine(model).parse("hello", today=TODAY).intent == "greet"
    unpacked = tmp_path_factory.mktemp("unpacked")
    _, metadata = LocalModelStorage.from_model_archive(unpacked, model)
    assert {"goodbye", "greet"} <= {*metadata.domain.intents}
    assert {path.name for path in unpacked.iterdir()} >= {"domain_provider", "train_RulePolicy0"}
    assert not (project / ".rasa").exists()


def test_rules_that_set_unknown_slots_are_refused(project):
    domain = project / "domain.yml"
    domain.write_text(domain.read_text().replace("mood", "weather"))
    done = train(project)
    assert done.returncode == 1
    assert "slots that domain.yml does not know: mood" in done.stderr
    assert not (project / "small.tar.gz").exists()
