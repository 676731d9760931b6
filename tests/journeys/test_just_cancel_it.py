"""From wherever a customer says "just cancel it", the exit is confirmed within two turns (R1)."""

from __future__ import annotations

import pytest

from tests.journeys.running_desk import Chat, RunningDesk

pytestmark = pytest.mark.stack

WAYS_THERE = {
    "the first message": [],
    "asked why": ["I want to cancel"],
    "an offer is open": ["I want to cancel", "it's too expensive"],
    "a question was being answered": ["I want to cancel, too expensive", "when do I renew?"],
    "accepted, not yet consented": ["I want to cancel, too expensive", "ok I'll take the offer"],
    "in the queue": ["let me talk to a person please"],
}


@pytest.mark.parametrize("way", WAYS_THERE.values(), ids=WAYS_THERE.keys())
def test_just_cancel_it_is_done_in_one_turn(desk: RunningDesk, way: list[str]):
    with Chat(desk, "A-1001") as maya:
        for line in way:
            maya.says(line)
        assert desk.account("A-1001")["subscriptions"][0]["cancels_on"] is None
        answer = maya.says("just cancel it")
        [subscription] = desk.account("A-1001")["subscriptions"]
        assert subscription["cancels_on"] == subscription["renews_on"], answer
    assert desk.attempts("A-1001")[-1]["outcome"] == "canceled"


def test_while_asked_which_the_choice_is_all_that_is_still_needed(desk: RunningDesk):
    with Chat(desk, "A-1008") as omar:
        omar.says("I want to cancel")
        omar.says("just cancel it")
        omar.says("the duo one")
    home, mother = desk.account("A-1008")["subscriptions"]
    assert home["cancels_on"]
    assert mother["cancels_on"] is None


@pytest.mark.parametrize(
    "question", ["when do I renew?", "what happens to my recipes if I cancel?"]
)
@pytest.mark.parametrize(
    "way",
    [["I want to cancel"], ["I want to cancel, it's too expensive"]],
    ids=["asked why", "an offer is open"],
)
def test_a_digression_is_answered_and_nothing_is_lost(desk: RunningDesk, way, question):
    with Chat(desk, "A-1001") as maya:
        for line in way:
            maya.says(line)
        before = maya.offer and maya.offer["id"]
        assert "Family" in maya.says(question)
        after = maya.offer and maya.offer["id"]
        assert after == before
        if before is None:
            maya.says("it's too expensive for us")
        maya.presses("Accept")
        maya.presses("Confirm")
    assert desk.account("A-1001")["subscriptions"][0]["pending_change"]["plan"] == "duo"
