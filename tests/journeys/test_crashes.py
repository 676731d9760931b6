"""Parts that die in the middle: what was agreed exists once, and the customer hears of it."""

from __future__ import annotations

import json

import pytest

from tests.journeys.running_desk import Chat, RunningDesk, running_desk

pytestmark = [pytest.mark.stack, pytest.mark.slow]


@pytest.fixture
def own_desk(tmp_path):
    """A desk of its own: what is killed here must not disturb the other journeys."""
    with running_desk(tmp_path) as desk:
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


def test_the_exit_works_with_the_assistant_dead_and_the_customer_is_told(tmp_path):
    patience = {"DESK_ASSISTANT_PATIENCE_SECONDS": "3", "DESK_TURN_TIMEOUT_SECONDS": "2"}
    with running_desk(tmp_path, **patience) as desk, Chat(desk, "A-1001") as maya:
        desk.freeze("assistant")
        maya.says("hello? is anyone there?")
        assert {"Cancel now", "Talk to a person"} <= set(maya.titles)
        maya.presses("Cancel now")
        assert desk.account("A-1001")["subscriptions"][0]["cancels_on"]
