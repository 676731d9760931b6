"""The components in a real Rasa pipeline: trained, stored, loaded, and the same without Rasa."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.integrations.model_files import NewestModel, load_engine, parse_lines
from bot.nlu.messages import HEARD
from bot.settings import ROOT
from tests.understanding.engines import TODAY, configuration, examples

# Rasa's and TensorFlow's own imports warn at every turn.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

INTENTS = (
    "request_cancellation", "request_pause", "give_reason", "affirm", "deny", "ask_billing",
    "out_of_scope",
)  # fmt: skip
TEXTS = (
    "please cancel my subscription, it's too expensive",
    "pause it for a couple of months until may 5th",
    "2",
    "yes",
    "when do I renew the duo plan?",
    "zxqv wibble florp",
    "Ich möchte kündigen",
    "no offers, just cancel it right now, I lost my job",
    "",
)
DAY = {"today": TODAY.isoformat()}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model of the real pipeline, trained on a part of the real data."""
    from rasa.model_training import train_nlu

    folder = tmp_path_factory.mktemp("model")
    blocks = [
        {
            "intent": intent,
            "examples": "".join(
                f"- {example.text}\n"
                for example in [e for e in examples() if e.intent == intent and not e.spans][:60]
                if "[" not in example.text
            ),
        }
        for intent in INTENTS
    ]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}))
    (folder / "config.yml").write_text(yaml.safe_dump(configuration()))
    return Path(
        train_nlu(
            config=str(folder / "config.yml"), nlu_data=str(folder / "nlu.yml"), output=str(folder)
        )
    )


@pytest.fixture(scope="module")
def understood(model):
    """Parse a text with its metadata in the loaded pipeline, as the assistant does."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(str(model))

    def parse(text, **metadata):
        message = UserMessage(text, metadata={**DAY, **metadata})
        return asyncio.run(agent.processor.parse_message(message))

    return parse


def named(heard):
    return {entity["entity"]: entity["value"] for entity in heard["entities"]}


def test_the_engine_read_out_of_the_model_understands_what_the_component_does(model, understood):
    for text, line in zip(TEXTS, parse_lines(TEXTS, model, today=TODAY), strict=True):
        heard = understood(text)
        guesses = [guess for guess in heard["intent_ranking"] if guess["name"] != "nlu_fallback"]
        assert [guess["name"] for guess in guesses][:3] == [
            guess["intent"] for guess in line["ranking"]
        ][:3]
        spans = [e for e in heard["entities"] if e["extractor"] and e["entity"] in SPANS]
        assert [(e["entity"], e["value"], e["start"], e["end"]) for e in spans] == [
            (e["entity"], e["value"], e["start"], e["end"]) for e in line["entities"]
        ]


SPANS = frozenset(("cancellation_reason", "duration", "date", "money", "plan", "email", "code"))


def test_what_is_not_understood_falls_back_and_an_answer_rescues_it(understood):
    assert understood("zxqv wibble florp")["intent"]["name"] == "nlu_fallback"
    assert understood("zxqv wibble florp", awaiting="reason")["intent"]["name"] == "give_reason"


def test_what_was_asked_reaches_the_interpreter(understood):
    paused = understood("2", awaiting="duration")
    assert paused["intent"]["name"] == "request_pause"
    assert named(paused)["duration"] == "P2M"
    options = [{"id": "S-1", "title": "duo", "words": []}, {"id": "S-2", "title": "light"}]
    chosen = understood("the second one", awaiting="subject", options=options)
    assert chosen["intent"]["name"] == "choose_option"
    assert named(chosen)["option"] == "S-2"


def test_what_is_heard_beside_the_intent_becomes_entities(understood):
    heard = named(understood("no offers, just cancel it right now, I lost my job"))
    assert heard["insisting"] is True
    assert heard["immediate"] is True
    assert heard["hardship"] is True
    assert "fraud" not in heard


def test_another_language_brings_its_name_and_its_wish(understood):
    heard = understood("Ich möchte kündigen")
    assert heard["intent"]["name"] == "other_language"
    assert named(heard) == {"language": "de", "wants_to_leave": True}


def test_how_near_a_message_is_to_the_examples_is_told_beside_its_language(understood):
    known, strange = understood("please cancel my subscription"), understood("zxqv wibble florp")
    assert known[HEARD]["nearness"] > 2 * strange[HEARD]["nearness"]
    assert understood("Ich möchte kündigen")[HEARD]["language"] == "de"


def test_days_are_reckoned_from_the_day_the_gateway_names(understood):
    assert named(understood("pause until tomorrow"))["date"] == "2026-03-12"


def test_what_is_understood_can_be_stored_as_json(understood):
    heard = understood("pause for 6 weeks")
    assert json.loads(json.dumps(heard))["intent"] == heard["intent"]


def test_the_gateway_hears_a_wish_to_leave_from_the_newest_model(model):
    newest = NewestModel(model.parent)
    assert newest.wants_to_leave("please cancel my subscription")
    assert newest.wants_to_leave("quiero cancelar")
    assert not newest.wants_to_leave("yes")


def test_lines_are_parsed_without_rasa_or_tensorflow(model):
    program = (
        "import sys; from pathlib import Path;"
        "from bot.integrations.model_files import parse_lines;"
        "[print(line['intent']) for line in parse_lines(['yes'], Path(sys.argv[1]))];"
        "print([m for m in ('rasa', 'tensorflow', 'sklearn') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(model)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n")[:2] == ["affirm", "[]"]


def test_a_loaded_engine_is_the_one_that_was_trained(model):
    assert load_engine(model).parse("yes", today=TODAY).intent == "affirm"


def test_a_change_of_the_engines_code_makes_rasa_train_anew(tmp_path, monkeypatch):
    from bot.nlu import understanding

    component = understanding.MessageUnderstanding
    before = component.fingerprint_addon({})
    assert before == component.fingerprint_addon({})
    (tmp_path / "engine.py").write_text("x = 1\n")
    monkeypatch.setattr(understanding.engine, "__file__", str(tmp_path / "engine.py"))
    assert component.fingerprint_addon({}) != before
