"""What understanding can say, the domain and the retention core know."""

from dataclasses import fields

import yaml

from bot.retention.cancellation import CancellationReason
from bot.settings import ROOT
from bot.understanding.examples import REASON_ENTITY, REASONS
from bot.understanding.signals import Signals
from tests.understanding.engines import examples
from tests.understanding.test_held_out import KINDS


def domain():
    return yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


def test_the_reasons_are_those_of_the_retention_core():
    assert set(REASONS) == {reason.value for reason in CancellationReason}


def test_every_intent_with_examples_is_in_the_domain_and_the_others_come_from_context():
    from_context = {
        "choose_option",
        "provide_email",
        "provide_code",
        "provide_phone",
        "other_language",
        "ask_to_repeat",
    }
    trained = {example.intent for example in examples()}
    assert trained | from_context | {"nlu_fallback"} == set(domain()["intents"])


def test_every_entity_that_can_be_found_is_in_the_domain():
    heard = {field.name for field in fields(Signals)}
    found = {*KINDS, REASON_ENTITY, "option", "email", "code", "phone", *heard}
    listed = {name for entity in domain()["entities"] for name in dict(entity)}
    assert found <= listed
