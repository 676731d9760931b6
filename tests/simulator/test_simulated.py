"""Simulated customers and the real assistant: some dozens of each persona, no rule broken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

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

OF_EACH_PERSONA = 24
SEEDS_TO_BREAK = range(9)
BARGAIN_HUNTERS = range(1, 100, 9)


@pytest.mark.stack
def test_some_dozens_of_each_persona_break_no_rule(capsys):
    count = OF_EACH_PERSONA * len(PERSONAS)
    code = main(("simulate", "--conversations", str(count), "--seed", "100000", "--json"))
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert (code, report["violations"]) == (0, []), said.err
    assert {sums["conversations"] for sums in report["personas"].values()} == {OF_EACH_PERSONA}
    assert f"{count} of {count} conversations, 0 with a broken rule" in said.err
    # The premise: they do leave, are made offers, take some, and reach people.
    for figure in ("exits", "to_a_person", "not_understood", "billing_failed"):
        assert report[figure] > 0
    assert sum(report["offers"].values()) > count / 10
    assert report["outcomes"]["saved"] > 0
    assert report["personas"]["in hardship"]["accepted"] == {}


@pytest.mark.stack
def test_a_seed_is_replayed_as_it_was(capsys):
    chats = []
    for _ in range(2):
        assert main(("simulate", "--only", "100007")) == 0
        chats.append(capsys.readouterr().out.split("\n\n")[0])
    assert chats[0] == chats[1]
    assert "seed 100007, two subscriptions: A-" in chats[0]
    assert "customer   " in chats[0]


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    from actions import door
    from bot.simulator.desk import DeskMaker
    from bot.supervisor.training import ensure_model

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    ours, own = settings.from_environment({}), door.desk
    folder: Path = tmp_path_factory.mktemp("desks")
    made = DeskMaker(ours, model=ensure_model(ours, say=lambda line: None), folder=folder)
    yield made
    made.close()
    door.desk = own


def simulated(maker, seed: int) -> tuple[Conversation, set[str]]:
    from bot.simulator.simulate import simulate

    conversation = simulate(seed, maker)
    jurisdiction = conversation.before["customer"]["jurisdiction"]
    profile = maker.profiles.of(jurisdiction, conversation.exchanges[0].at.date())
    return conversation, {broken.rule for broken in broken_rules(Case(conversation, profile))}


@pytest.mark.slow
def test_a_desk_that_puts_the_exit_off_is_found_out(maker, monkeypatch):
    monkeypatch.setattr(leaving, "carry_out", lambda scene: people.escalate(scene, "requested"))
    found = {rule for seed in SEEDS_TO_BREAK for rule in simulated(maker, seed)[1]}
    assert found & {"R1", "R6"}


@pytest.mark.slow
def test_a_desk_that_hides_the_exit_beside_an_offer_is_found_out(maker, monkeypatch):
    real = offering.offer_say

    def offer_say(scene: Scene, offer: Offer) -> Say:
        say = real(scene, offer)
        return replace(say, buttons=tuple(b for b in say.buttons if b.intent != PRESS_CANCEL))

    monkeypatch.setattr(offering, "offer_say", offer_say)
    found = {rule for seed in BARGAIN_HUNTERS for rule in simulated(maker, seed)[1]}
    assert "R4" in found


@pytest.mark.slow
def test_the_same_conversations_break_nothing_in_the_desk_as_it_is(maker):
    for seed in SEEDS_TO_BREAK:
        conversation, found = simulated(maker, seed)
        assert found == set(), "\n".join(written(conversation))
