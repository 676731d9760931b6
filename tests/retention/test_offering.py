"""Offering: the offers of a day are counted and remembered together, whatever the conversation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotPossible
from bot.retention.account import SubscriptionStatus
from bot.retention.agent_offers import offer_by_agent
from bot.retention.dialogue import Dialogue, Heard, Scene
from bot.retention.moves import take
from bot.retention.offering import granted_offers
from bot.retention.save_attempt import Outcome, SaveAttempt
from tests.factories import NOW, a_pause, a_subscription, an_account, days_from_now
from tests.policy_cases.situations import Given, a_scene, a_situation

TOO_EXPENSIVE = Given(reason="too_expensive", tenure_months=14, asked_for_more=True)


def granted_after(earlier: SaveAttempt, scene: Scene) -> list[str]:
    situation = replace(scene.situation, earlier=(earlier,))
    _, offers = granted_offers(replace(scene, situation=situation))
    return [offer.policy for offer in offers]


def an_earlier_attempt(scene: Scene, *, hours_ago: float, about: str | None = None) -> SaveAttempt:
    """Return an attempt of another conversation in which the first offer was made."""
    at = NOW - timedelta(hours=hours_ago)
    _, offers = granted_offers(scene)
    attempt = replace(scene.dialogue.attempt, id="sa-0", conversation="c-0", opened_at=at)
    return replace(attempt.offering(offers[0], at), about=about or attempt.about)


def test_what_was_offered_within_a_day_is_not_offered_again_elsewhere():
    scene = a_scene(TOO_EXPENSIVE)
    everything = granted_after(replace(scene.dialogue.attempt, id="sa-0"), scene)
    assert everything == ["right_size@1", "price_relief@1", "breather@1"], "the premise"
    earlier = an_earlier_attempt(scene, hours_ago=23)
    assert granted_after(earlier, scene) == ["price_relief@1", "breather@1"]


def test_it_counts_against_the_cap():
    scene = a_scene(replace(TOO_EXPENSIVE, asked_for_more=False))
    assert granted_after(an_earlier_attempt(scene, hours_ago=23), scene) == []


@pytest.mark.parametrize(
    "change", [{"hours_ago": 25}, {"hours_ago": 1, "about": "S-other"}], ids=["long ago", "another"]
)
def test_what_is_long_ago_or_about_another_subject_does_not_count(change):
    scene = a_scene(TOO_EXPENSIVE)
    earlier = an_earlier_attempt(scene, **change)
    assert granted_after(earlier, scene) == ["right_size@1", "price_relief@1", "breather@1"]


def test_the_attempt_itself_is_not_counted_twice():
    scene = a_scene(TOO_EXPENSIVE)
    itself = replace(an_earlier_attempt(scene, hours_ago=0), id=scene.dialogue.attempt.id)
    assert len(granted_after(itself, scene)) == 3


@pytest.mark.parametrize("outcome", [None, Outcome.ESCALATED, Outcome.ABANDONED])
def test_an_agent_may_offer_nothing_to_who_told_the_assistant_of_hardship(outcome):
    scene = a_scene(TOO_EXPENSIVE)
    attempt, situation = replace(scene.dialogue.attempt, outcome=outcome), scene.situation
    wish = Heard(
        "offer_by_agent",
        entities=(("policy", "right_size@1"), ("cancellation_reason", "too_expensive")),
    )
    offered = offer_by_agent(Dialogue("website", attempt=attempt), wish, situation)
    assert offered.says[0].offer, "the premise"
    with pytest.raises(NotPossible, match="in hardship"):
        offer_by_agent(Dialogue("website", attempt=attempt, in_hardship=True), wish, situation)


@pytest.mark.parametrize(
    ("wished", "until"),
    [("P2M", 70), ("P10D", 19), ("P4M", 40), ("P1D", 10)],
    ids=["two months", "ten days", "too long, so as offered", "a day"],
)
def test_a_longer_pause_is_counted_from_where_the_present_one_ends(wished, until):
    pause = a_pause(starts_on=days_from_now(-22), resumes_on=days_from_now(9))
    paused = a_subscription(
        plan="solo", status=SubscriptionStatus.PAUSED, pause=pause, renews_on=pause.resumes_on
    )
    situation = a_situation(an_account(jurisdiction="GB", subscriptions=(paused,)))
    shown = take(Dialogue("A-1001"), Heard("request_cancellation", "cancel"), situation)
    assert shown.dialogue.attempt.open_offer.policy == "longer_pause@1", "the premise"
    wish = Heard("accept_offer", "yes", (("duration", wished),))
    plea = take(shown.dialogue, wish, situation).dialogue.plea
    assert plea.detail["offer"]["until"] == days_from_now(until).isoformat()
