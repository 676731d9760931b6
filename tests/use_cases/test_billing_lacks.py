"""What the billing system cannot do is not offered, and is said plainly when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.retention.cancellation import CancellationReason
from bot.retention.capabilities import Capabilities, Capability
from bot.use_cases.explain_decision import explain_decision
from bot.use_cases.make_move import Desk
from tests.factories import NOW
from tests.use_cases.talk import Talk, a_desk


@dataclass
class Lacking:
    """The embedded billing system, as if it could not do some things."""

    billing: Any
    lacks: frozenset[Capability]

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("a smaller one", frozenset(Capability) - self.lacks)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.billing, name)


@pytest.fixture
def whole(tmp_path: Path) -> Desk:
    return a_desk(tmp_path)


def without(desk: Desk, *lacks: Capability) -> Desk:
    return replace(desk, billing=Lacking(desk.billing, frozenset(lacks)))


def words(talk: Talk) -> str:
    """Return the newest answer as the customer reads it; a missing figure is an error."""
    wording = bootstrap.wording()
    return " ".join(wording.render(say).text for say in talk.reply.says)


def explained(desk: Desk, account: str, reason: str) -> dict[str, Any]:
    [decision] = explain_decision(account, CancellationReason(reason), rules=desk, now=NOW)
    return decision


def test_an_offer_that_cannot_be_carried_out_is_not_made_and_the_verdict_says_why(whole):
    assert explained(whole, "A-1001", "unused")["offers"], "the premise"
    kinds = {offer["kind"] for offer in explained(whole, "A-1001", "unused")["offers"]}
    needed = {"downgrade": Capability.CHANGE_PLAN, "pause": Capability.PAUSE}
    lacks = {needed[kind] for kind in kinds if kind in needed}
    decision = explained(without(whole, *lacks), "A-1001", "unused")
    assert not {offer["kind"] for offer in decision["offers"]} & set(needed)
    unmet = [c for v in decision["verdicts"] for c in v["conditions"] if not c["holds"]]
    named = {c["fact"] for c in unmet if c["fact"].startswith("billing_can_")}
    assert named == {f"billing_can_{capability.value}" for capability in lacks}
    assert lacks


def test_a_pause_that_ends_within_a_period_needs_more_than_a_pause(whole):
    desk = without(whole, Capability.PAUSE_TO_ANY_DAY)
    talk = Talk(desk, "A-1002").open()
    assert talk.says("request_pause", "for six weeks", duration="P6W") == [
        "utter_billing_cannot_pause_to_any_day"
    ]
    assert "whole months" in words(talk)
    assert talk.says("request_pause", "two months then", duration="P2M") == ["utter_terms_pause"]


def test_a_pause_of_part_of_a_year_is_refused_where_only_whole_periods_pause(whole):
    talk = Talk(without(whole, Capability.PAUSE_TO_ANY_DAY), "A-1004").open()
    assert "utter_billing_cannot_pause" in talk.says("request_pause", duration="P2M")


def test_skipping_without_boxes_is_a_pause_of_one_period_with_its_own_terms(whole):
    talk = Talk(without(whole, Capability.SKIP, Capability.PAUSE_TO_ANY_DAY), "A-1002").open()
    assert talk.says("skip_delivery", "skip the next one") == ["utter_terms_pause"]
    assert "you pay nothing" in words(talk)
    talk.presses("utter_button_confirm")
    pause = talk.history.subscriptions[0].pause
    assert (pause.resumes_on - pause.starts_on).days in range(28, 32)


@pytest.mark.parametrize(
    ("lacks", "intent", "entities", "answer"),
    [
        (Capability.PAUSE, "request_pause", {"duration": "P2M"}, "utter_billing_cannot_pause"),
        (
            Capability.CHANGE_PLAN,
            "request_downgrade",
            {"plan": "solo"},
            "utter_billing_cannot_change_plan",
        ),
        (
            Capability.CHANGE_INTERVAL,
            "request_downgrade",
            {"plan": "family_annual"},
            "utter_billing_cannot_change_interval",
        ),
        (
            Capability.CHANGE_FREQUENCY,
            "change_frequency",
            {"duration": "P2W"},
            "utter_billing_cannot_change_frequency",
        ),
    ],
)
def test_what_is_asked_for_by_name_and_cannot_be_done_is_refused_in_words(
    whole, lacks, intent, entities, answer
):
    before = Talk(whole, "A-1001", conversation="c-2").open()
    assert answer not in before.says(intent, "please", **entities), "the premise"
    talk = Talk(without(whole, lacks), "A-1001").open()
    assert answer in talk.says(intent, "please", **entities)
    assert "Nothing was changed." in words(talk)
