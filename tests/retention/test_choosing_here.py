"""Choosing in its place: by value at most what the ladder grants, and lots only where they may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.retention.choosing import Choosing, draw_of
from bot.retention.dialogue import Heard, Scene
from bot.retention.offering import granted_offers
from bot.retention.outcomes import NOTHING, Cell, Counts, Evidence
from bot.retention.say import PRESS_CANCEL
from tests.factories import TODAY
from tests.policy_cases.situations import Given, a_scene

TOO_EXPENSIVE = Given(reason="too_expensive", tenure_months=14)
ON_LADDER = ["right_size@1", "price_relief@1", "breather@1"]
COUNTS = st.builds(Counts, *[st.integers(0, 200)] * 3)
STAY = Counts(kept=60, gone=140)


def a_cell(option: str) -> Cell:
    return Cell(option, "too_expensive", "long_standing")


def by_value(given: Given = TOO_EXPENSIVE, *, percent: int = 0, **counts: Counts) -> Scene:
    scene = a_scene(given)
    situation = scene.situation
    cells = {a_cell(f"{policy}@1"): one for policy, one in counts.items()}
    terms = replace(situation.terms, choose=Choosing.VALUE, explore_percent=percent)
    known = replace(situation, terms=terms, evidence=Evidence(TODAY, cells))
    return replace(scene, situation=known)


def drawing(scene: Scene, below: float) -> Scene:
    """Return the scene with an attempt whose number is drawn below that."""
    salt = scene.situation.terms.holdout_salt
    name = next(n for n in map("sa-{}".format, range(10_000)) if draw_of(n, salt=salt) < below)
    attempt = replace(scene.dialogue.attempt, id=name)
    return scene.with_dialogue(replace(scene.dialogue, attempt=attempt))


def answer(scene: Scene) -> tuple[list[str], dict[str, Any]]:
    decided, offers = granted_offers(scene)
    return [offer.policy for offer in offers], decided.dialogue.attempt.choices[-1]


@settings(deadline=None)  # the first one reads the rules and loads the Beta distribution
@given(counts=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), percent=st.integers(0, 3))
def test_by_value_nothing_is_made_that_the_ladder_would_not_grant(counts, percent):
    one, two, three, idle = counts
    scene = by_value(percent=percent, right_size=one, price_relief=two, breather=three)
    cells = {**scene.situation.evidence.cells, a_cell(NOTHING): idle}
    situation = replace(scene.situation, evidence=Evidence(TODAY, cells))
    offers, _ = answer(replace(scene, situation=situation))
    assert set(offers) <= set(ON_LADDER)
    assert len(set(offers)) == len(offers)


def test_the_verdicts_are_the_same_however_one_is_chosen():
    ladder_scene, _ = granted_offers(a_scene(TOO_EXPENSIVE))
    value_scene, _ = granted_offers(by_value(right_size=STAY))
    assert value_scene.dialogue.attempt.verdicts == ladder_scene.dialogue.attempt.verdicts != ()


def test_a_lot_may_bring_an_offer_that_nothing_is_known_of():
    scene = drawing(by_value(percent=3), 0.005)
    offers, choice = answer(scene)
    assert offers == ["right_size@1"]
    assert choice["explored"]
    assert choice["propensities"]["right_size@1"] == pytest.approx(0.03 / 4)
    assert "drawn by lot" in choice["because"]


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        ({"asked_for_more": True}, Heard("ask_other_options")),
        ({"refused": True}, Heard("give_reason")),
        ({}, Heard("request_cancellation", entities=(("insisting", "true"),))),
        ({}, Heard(PRESS_CANCEL)),
    ],
)
def test_no_lots_are_drawn_about_who_asked_for_more_or_for_nothing(change, heard):
    scene = drawing(by_value(percent=3), 0.03).with_heard(heard)
    attempt = replace(scene.dialogue.attempt, **change)
    _, choice = answer(scene.with_dialogue(replace(scene.dialogue, attempt=attempt)))
    assert not choice["explored"]
    assert choice["chosen"] is None


def test_the_ways_an_order_can_go_back_are_all_shown_whatever_they_are_worth():
    order = Given(delivered_days_ago=8)
    ladder, _ = answer(a_scene(order))
    value, choice = answer(by_value(order, percent=3))
    assert value == ladder == ["exchange_return@1", "store_credit_return@1"]
    assert (choice["by"], choice["segment"]) == ("ladder", "order")


def test_who_is_held_out_would_have_been_eligible_and_gets_nothing():
    scene = by_value(replace(TOO_EXPENSIVE, held_out=True), percent=3, right_size=STAY)
    offers, choice = answer(drawing(scene, 0.03))
    assert offers == []
    assert choice["eligible"] == ON_LADDER
    assert (choice["held_out"], choice["chosen"]) == (True, None)
    assert choice["propensities"] == {NOTHING: 1.0}
