"""The rehearsal desk in its own process: the real assistant answers, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from bot import settings
from bot.annotation.dialogue_writing import dialogue_test
from bot.annotation.rehearsed import Played, Step, corrected
from bot.errors import InvalidInput
from bot.integrations.rehearsal_stage import RehearsalStage
from bot.supervisor.training import ensure_model
from tests.dialogues.script import _script

pytestmark = pytest.mark.stack

STEPS = (
    Step(customer="I want to cancel, it costs too much"),
    Step(press="Accept"),
    Step(press="Confirm"),
)


@pytest.fixture(scope="module")
def stage() -> Iterator[RehearsalStage]:
    ours = settings.load()
    model = ensure_model(ours, say=lambda line: None)
    made = RehearsalStage(ours, model=lambda: model)
    yield made
    made.close()


def told(played: Played) -> list[tuple[tuple[str, ...], str | None]]:
    return [(one.says, one.outcome) for one in played.exchanges]


def test_the_assistant_answers_and_forgets(stage):
    played = stage.play("A-1001", STEPS)
    assert told(played) == [
        (("utter_welcome",), None),
        (("utter_offer_downgrade",), None),
        (("utter_consent_downgrade",), None),
        (("utter_done_downgrade",), "saved"),
    ]
    assert played.exchanges[1].intent == "request_cancellation"
    assert [attempt["reason"] for attempt in played.attempts] == ["too_expensive"]
    # What was agreed is forgotten: the same again gets the same offer, with the same names.
    again = stage.play("A-1001", STEPS)
    assert told(again) == told(played)
    assert [a["id"] for a in again.attempts] == [a["id"] for a in played.attempts]
    written = yaml.safe_load(dialogue_test("takes it", played, first=True))
    assert len(_script("here", written).steps) == len(STEPS)


def test_a_trainer_says_what_words_mean(stage):
    steps = (Step(customer="wibble wobble florp"), Step(customer="anything"))
    missed = stage.play("A-1002", steps[:1])
    assert missed.exchanges[1].intent == "nlu_fallback"
    meant = stage.play("A-1002", corrected(steps, 0, "request_cancellation"))
    assert meant.exchanges[1].intent == "request_cancellation"
    assert missed.exchanges[1].says == ("utter_ask_rephrase",)
    assert "utter_ask_rephrase" not in meant.exchanges[1].says
    assert [attempt["outcome"] for attempt in meant.attempts] == [None]


def test_the_hour_changes_nothing(stage):
    played = stage.play("A-1006", (Step(customer="let me talk to a person please"),))
    assert played.exchanges[1].says == ("utter_handoff_requested",)
    assert played.exchanges[1].holder == "queue"


def test_what_cannot_be_done_ends_the_rehearsal(stage):
    played = stage.play("A-1001", (Step(press="No such button"), *STEPS))
    assert [one.refused for one in played.exchanges] == [None, "button_unknown"]
    with pytest.raises(InvalidInput):
        stage.play("A-9999", ())
    visitor = stage.play(None, (Step(customer="cancel it please"),))
    assert visitor.exchanges[1].says == ("utter_ask_email",)
    silent = stage.play("A-1001", (STEPS[0], Step(event="silence")))
    assert silent.exchanges[-1].outcome == "abandoned"
