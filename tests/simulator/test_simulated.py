"""Simulated customers and the real assistant: nobody breaks a rule, and a broken desk is found."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot import settings
from bot.__main__ import main
from bot.retention import leaving, offering, people
from bot.retention.dialogue import Scene
from bot.retention.offer import Offer
from bot.retention.say import PRESS_CANCEL, Say
from bot.simulator.judge import broken_rules
from bot.simulator.personas import PERSONAS
from bot.simulator.transcript import Conversation, written
from bot.simulator.verdict import Case

pytestmark = pytest.mark.stack

OF_EACH_PERSONA = 4
FIRST_SEED = 20_000
# One of each persona, then those who name a wrong reason: they are made offers most often.
TO_BREAK = (*range(20_000, 20_009), *range(20_018, 20_099, 9))


def test_some_dozens_of_customers_break_no_rule(capsys):
    count = OF_EACH_PERSONA * len(PERSONAS)
    asked = ("--conversations", str(count), "--seed", str(FIRST_SEED), "--processes", "1", "--json")
    code = main(("simulate", *asked))
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert report["violations"] == [], said.err
    assert code == 0
    assert {sums["conversations"] for sums in report["personas"].values()} == {OF_EACH_PERSONA}
    assert f"{count} of {count} conversations, 0 with a broken rule" in said.err
    # The premise: they leave, are made offers and take some, stay, and reach people.
    for figure in ("exits", "saved", "to_a_person"):
        assert report[figure] > 0, figure
    assert report["offers"]
    assert report["accepted"]


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from actions import door
    from bot.simulator.desk import DeskMaker
    from bot.supervisor.training import ensure_model

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    ours, own = settings.load(), door.desk
    model = ensure_model(ours, say=lambda line: None)
    made = DeskMaker(ours, model=model, folder=tmp_path_factory.mktemp("desks"))
    yield made
    made.close()
    door.desk = own


def simulated(maker: Any, seed: int) -> tuple[Conversation, set[str]]:
    from bot.simulator.simulate import simulate

    conversation = simulate(seed, maker)
    jurisdiction = conversation.before["customer"]["jurisdiction"]
    profile = maker.profiles.of(jurisdiction, conversation.exchanges[0].at.date())
    return conversation, {broken.rule for broken in broken_rules(Case(conversation, profile))}


def found_in(maker: Any) -> list[set[str]]:
    return [simulated(maker, seed)[1] for seed in TO_BREAK]


def test_a_desk_that_is_not_broken_is_not_accused(maker):
    assert found_in(maker) == [set()] * len(TO_BREAK)


def test_a_desk_that_fetches_a_person_instead_of_letting_go_is_found_out(maker, monkeypatch):
    monkeypatch.setattr(leaving, "carry_out", lambda scene: people.escalate(scene, "requested"))
    found = found_in(maker)
    assert sum(bool(rules & {"R1", "R6"}) for rules in found) > len(found) / 3


def test_a_desk_that_hides_the_exit_beside_an_offer_is_found_out(maker, monkeypatch):
    real = offering.offer_say

    def offer_say(scene: Scene, offer: Offer) -> Say:
        say = real(scene, offer)
        return replace(say, buttons=tuple(b for b in say.buttons if b.intent != PRESS_CANCEL))

    monkeypatch.setattr(offering, "offer_say", offer_say)
    assert any(rules & {"R4", "R12"} for rules in found_in(maker))


def test_a_seed_is_the_same_conversation_again(maker):
    chats = [list(written(simulated(maker, TO_BREAK[0])[0])) for _ in range(2)]
    assert chats[0] == chats[1]
    assert len(chats[0]) > 4
