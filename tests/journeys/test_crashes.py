"""Parts that die in the middle: what was agreed exists once, and the customer hears of it."""

from __future__ import annotations

import json
import os
from unittest import mock

import pytest

from bench.faults import QUIET_SECONDS, run_chats
from bot import settings
from tests.journeys.running_desk import Chat, RunningDesk, running_desk

pytestmark = [pytest.mark.stack, pytest.mark.slow]

CHATS = 20
# Nobody is told that it takes long: a word that only some hear would make transcripts differ.
QUIET = {"DESK_ASSISTANT_PATIENCE_SECONDS": str(QUIET_SECONDS)}


@pytest.fixture(scope="module")
def own_desk(tmp_path_factory):
    """A desk of its own: what is killed here must not disturb the other journeys."""
    with running_desk(tmp_path_factory.mktemp("desk"), **QUIET) as desk:
        yield desk


def test_killing_actions_and_assistant_while_accepting_loses_and_doubles_nothing(
    own_desk: RunningDesk,
):
    with Chat(own_desk, "A-1001") as maya:
        maya.says("I want to cancel, it's too expensive")
        maya.presses("Accept")
        own_desk.kill("actions")
        maya.sends(json.dumps({"button": maya.button("Confirm")}))
        own_desk.kill("assistant")
        answer = maya.heard()
        while "smaller" not in answer.lower() and "duo" not in answer.lower():
            answer = maya.heard()
    account = own_desk.account("A-1001")
    assert account["subscriptions"][0]["pending_change"]["plan"] == "duo"
    assert len(account["concessions"]) == 1


def test_chats_with_and_without_agents_survive_the_death_of_every_part(own_desk: RunningDesk):
    with mock.patch.dict(os.environ, own_desk.environment):
        at = settings.load()
    outcome = run_chats(at, chats=CHATS)
    assert outcome.wrong == []
    assert outcome.messages > CHATS * 8
    assert outcome.is_well, outcome.recovery


def test_the_exit_works_with_the_assistant_dead_and_the_customer_is_told(tmp_path):
    patience = {"DESK_ASSISTANT_PATIENCE_SECONDS": "3", "DESK_TURN_TIMEOUT_SECONDS": "2"}
    with running_desk(tmp_path, **patience) as desk, Chat(desk, "A-1001") as maya:
        desk.freeze("assistant")
        maya.says("hello? is anyone there?")
        assert {"Cancel now", "Talk to a person"} <= set(maya.titles)
        maya.presses("Cancel now")
        assert desk.account("A-1001")["subscriptions"][0]["cancels_on"]
