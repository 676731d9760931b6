"""The assistant's files fit each other: intents, rules, actions, entities and the desk's moves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from bot.retention import moves
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON
from bot.settings import ROOT

# Never understood from words and never sent to the assistant: the gateway moves these itself.
THE_GATEWAYS_OWN = {
    PRESS_CANCEL,
    PRESS_PERSON,
    "conversation_opened",
    "conversation_closed",
    "customer_silent",
}
OF_CONVERSATION = {
    "request_cancellation",
    "cancel_order",
    "return_order",
    "request_pause",
    "skip_delivery",
    "request_downgrade",
    "request_discount",
    "give_reason",
    "accept_offer",
    "affirm",
    "decline_offer",
    "deny",
    "ask_other_options",
    "keep_subscription",
    "undo_cancellation",
    "ask_for_agent",
    "ask_cancellation_terms",
    "ask_refund_terms",
    "ask_billing",
    "ask_order_status",
    "ask_plan",
    "report_problem",
    "complain",
    "express_hardship",
    "threaten_legal",
    "ask_are_you_human",
    "request_data_erasure",
    "greet",
    "thank",
    "goodbye",
    "out_of_scope",
}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    found: dict[str, Any] = read(ROOT / "domain.yml")
    return found


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    return [
        rule for path in sorted((ROOT / "data/rules").glob("*.yml")) for rule in read(path)["rules"]
    ]


def test_every_intent_the_contract_names_is_there(domain):
    assert set(domain["intents"]) >= OF_CONVERSATION


def test_every_move_can_be_reached_and_every_intent_is_a_move(domain):
    assert set(domain["intents"]) | THE_GATEWAYS_OWN == moves.KNOWN_INTENTS


def test_every_intent_has_exactly_one_rule_with_an_action_of_its_own(domain, rules):
    led = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    assert sorted(rule["steps"][0]["intent"] for rule in rules) == sorted(domain["intents"])
    assert all(len(rule["steps"]) == 2 for rule in rules)
    assert sorted(led.values()) == sorted(domain["actions"])


def test_the_actions_of_the_domain_are_served_and_no_others(domain):
    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) == set(domain["actions"])


def test_a_class_is_named_like_its_action():
    executor = ActionExecutor()
    executor.register_package("actions")
    ours = [a for a in Action.__subclasses__() if a.__module__.startswith("actions.")]
    assert ours
    for action in ours:
        camel = "".join(part.title() for part in action().name().split("_"))
        assert action.__name__ == camel


def test_stories_walk_the_rules(rules):
    led = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    stories = [s for path in (ROOT / "data/stories").glob("*.yml") for s in read(path)["stories"]]
    assert len(stories) > 10
    for story in stories:
        steps = story["steps"]
        for heard, done in zip(steps[::2], steps[1::2], strict=True):
            assert led[heard["intent"]] == done["action"], story["story"]


@pytest.mark.slow
def test_every_signal_that_is_heard_is_an_entity(domain):
    from bot.nlu.context import SIGNALS  # brings Rasa with it, which takes seconds

    assert {*SIGNALS} <= {name for entry in domain["entities"] for name in entry}


def test_no_entity_decides_which_action_runs(domain):
    entities = {name: options for entry in domain["entities"] for name, options in entry.items()}
    assert set(entities) >= {"option", "offer", "email", "code", "language"}
    assert all(options == {"influence_conversation": False} for options in entities.values())


def test_the_tracker_keeps_nothing_of_value(domain):
    assert "slots" not in domain
    assert "forms" not in domain
    assert domain["session_config"] == {
        "session_expiration_time": 30,
        "carry_over_slots_to_new_session": False,
    }


def test_only_our_own_channel_is_open():
    assert list(read(ROOT / "credentials.yml")) == ["bot.channels.desk.DeskInput"]


@pytest.mark.slow
def test_rasa_finds_no_fault_in_the_data():
    """`rasa data validate`, with its warnings as failures."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "rasa",
        "data",
        "validate",
        "--fail-on-warnings",
        "--max-history",
        "5",
        "--data",
        "data/nlu",
        "data/rules",
        "data/stories",
    ]
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
