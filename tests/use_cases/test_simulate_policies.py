"""Simulating from real conversations: replayed from records, estimated from their endings."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.integrations.policy_files import load_policies
from bot.retention.outcomes import NOTHING
from bot.settings import ROOT
from bot.storage.engine import make_engine
from bot.storage.past_cases import SqlPastCases
from bot.storage.record_repository import SqlPolicyRevisions
from bot.use_cases.make_move import Desk
from bot.use_cases.simulate_policies import simulate_generated, simulate_recorded
from tests.factories import NOW
from tests.use_cases.talk import Talk, a_desk

LATER = NOW + timedelta(days=100)


@pytest.fixture
def lived(tmp_path: Path) -> tuple[Desk, SqlPastCases]:
    """Three customers who left or stayed, a hundred days ago."""
    desk = a_desk(tmp_path)
    engine = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    SqlPolicyRevisions(engine).keep([p.to_document() for p in desk.policies], now=NOW)
    maya = a_wish(desk, "A-1001")
    maya.presses("utter_button_accept")
    maya.presses("utter_button_confirm")
    a_wish(desk, "A-1002").says("decline_offer", "no")
    a_wish(desk, "A-1013")
    return desk, SqlPastCases(engine)


def a_wish(desk: Desk, account: str) -> Talk:
    talk = Talk(desk, account, conversation=f"c-{account}").open()
    talk.says("request_cancellation", "too dear", cancellation_reason="too_expensive")
    return talk


def found(
    lived: tuple[Desk, SqlPastCases], candidate: Any, *, begin: datetime = NOW
) -> dict[str, Any]:
    desk, book = lived
    return simulate_recorded(book, begin=begin, current=desk, candidate=candidate, now=LATER)


def test_what_was_recorded_is_replayed_as_it_was_decided(lived):
    desk, _ = lived
    told = found(lived, desk)
    assert (told["cases"], told["silent"], told["left_out"]) == (3, 0, {})
    assert told["moved"] == []
    assert told["current"] == told["candidate"]
    decided = {
        (talk["choices"][0]["chosen"] or NOTHING)
        for account in ("A-1001", "A-1002", "A-1013")
        for talk in Talk(desk, account).attempts
    }
    assert {row["option"] for row in told["current"]["options"]} == decided


def test_who_stayed_and_who_left_is_read_from_the_records(lived):
    desk, _ = lived
    observed = found(lived, desk)["observed"]
    assert (observed["known"], observed["stayed"]) == (2, 1), "Eve is held out"


def test_three_outcomes_are_too_few_for_an_estimate_and_it_says_so(lived):
    desk, _ = lived
    estimate = found(lived, desk)["estimate"]
    assert "share" not in estimate
    assert estimate["why"].startswith("What was recorded is worth 2 outcomes"), (
        "Eve was not offered it"
    )


def test_a_candidate_is_held_against_the_same_customers(lived):
    desk, _ = lived
    fewer = tuple(p for p in desk.policies if p.name != "right_size")
    told = found(lived, replace(desk, policies=fewer))
    assert {move["now"] for move in told["moved"]} == {"right_size@1"}
    assert "what was never tried" in told["estimate"]["why"]


def test_what_began_earlier_is_not_looked_at(lived):
    desk, _ = lived
    assert found(lived, desk, begin=NOW + timedelta(seconds=1))["cases"] == 0


def test_progress_is_told_case_by_case(lived):
    desk, book = lived
    told: list[tuple[int, int]] = []
    simulate_recorded(
        book,
        begin=NOW,
        current=desk,
        candidate=desk,
        now=LATER,
        on_case=lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_generated_customers_show_what_a_candidate_would_change(tmp_path):
    desk = a_desk(tmp_path)
    folder = shutil.copytree(ROOT / "data" / "retention", tmp_path / "candidate")
    path = folder / "policies" / "price_relief.yml"
    text = path.read_text(encoding="utf-8").replace("rank: 20", "rank: 5")
    path.write_text(text.replace("revision: 1", "revision: 2"), encoding="utf-8")
    candidate = replace(desk, policies=load_policies(folder / "policies"))
    told = simulate_generated(400, seed=3, current=desk, candidate=candidate, now=NOW)
    again = simulate_generated(400, seed=3, current=desk, candidate=candidate, now=NOW)
    assert told == again
    assert {move["candidate"] for move in told["moved"]} == {"price_relief@2"}
    assert told["candidate"]["cost_at_most_minor"] > told["current"]["cost_at_most_minor"]
    assert "no outcomes" in told["estimate"]["why"]
