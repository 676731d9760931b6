"""Choosing by value in real conversations: learned from the desk's own records, and recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.retention.choosing import Choosing, chosen_again
from bot.retention.outcomes import Cell, Counts, Evidence
from bot.storage.engine import make_engine
from bot.storage.read_models import SqlViews
from bot.storage.record_repository import SqlRecordBook
from bot.use_cases.make_move import Desk
from tests.use_cases.talk import Talk, a_desk

STAY, GO = Counts(kept=60, gone=140), Counts(kept=1, gone=199)


class Known:
    """Evidence that is given: of every policy the same for whatever reason and segment."""

    def __init__(self, **counts: Counts) -> None:
        self._cells = {
            Cell(f"{policy}@1", "too_expensive", "long_standing"): one
            for policy, one in counts.items()
        }

    def as_of(self, day: Any) -> Evidence:
        return Evidence(day, self._cells)


def by_value(folder: Path, *, explore_percent: int = 0, **counts: Counts) -> Desk:
    desk = a_desk(folder)
    terms = replace(desk.terms, choose=Choosing.VALUE, explore_percent=explore_percent)
    return replace(desk, terms=terms, outcomes=Known(**counts) if counts else desk.outcomes)


def too_expensive(desk: Desk, account: str = "A-1001") -> Talk:
    talk = Talk(desk, account).open()
    talk.says("request_cancellation", "too dear for me", cancellation_reason="too_expensive")
    return talk


def choice(talk: Talk) -> dict[str, Any]:
    [attempt] = talk.attempts
    return attempt["choices"][-1]


@pytest.mark.parametrize(
    ("counts", "policy"),
    [
        ({"right_size": STAY, "breather": GO}, "right_size@1"),
        ({"right_size": GO, "breather": STAY}, "breather@1"),
        ({"price_relief": STAY}, "price_relief@1"),
    ],
)
def test_what_kept_customers_like_this_one_is_offered(tmp_path, counts, policy):
    talk = too_expensive(by_value(tmp_path, **counts))
    assert talk.offer["policy"] == policy
    assert (choice(talk)["by"], choice(talk)["chosen"]) == ("value", policy)
    assert choice(talk)["propensities"][policy] == 1


def test_where_nothing_is_known_the_customer_goes_without_an_offer(tmp_path):
    talk = too_expensive(by_value(tmp_path))
    assert talk.offer is None
    [attempt] = talk.attempts
    assert attempt["outcome"] == "canceled"
    assert choice(talk)["because"].startswith("Nothing was offered: no granted offer is surely")
    granted = [verdict["policy"] for verdict in attempt["verdicts"] if verdict["granted"]]
    assert choice(talk)["eligible"] == granted


def test_who_asks_what_else_there_is_hears_only_of_what_is_worth_it(tmp_path):
    talk = too_expensive(by_value(tmp_path, right_size=STAY, price_relief=GO, breather=STAY))
    assert talk.offer["policy"] == "breather@1"
    talk.says("ask_other_options")
    assert talk.offer["policy"] == "right_size@1"
    [attempt] = talk.attempts
    assert [one["chosen"] for one in attempt["choices"]] == ["breather@1", "right_size@1"]
    once_more = Talk(talk.desk, "A-1001", conversation="c-2").open()
    once_more.says("request_cancellation", cancellation_reason="too_expensive")
    assert once_more.offer is None, "the cap of the ladder holds"


def test_the_choice_comes_out_the_same_from_the_stored_record(tmp_path):
    desk = by_value(tmp_path, explore_percent=3, right_size=STAY, price_relief=STAY)
    talk = too_expensive(desk)
    stored = choice(talk)
    again = json.loads(json.dumps(chosen_again(stored)))
    assert again == stored
    assert sum(stored["propensities"].values()) == pytest.approx(1)
    with_figures = [option["option"] for option in stored["options"]]
    assert with_figures == ["right_size@1", "price_relief@1", "breather@1"]


def test_the_chain_of_records_holds_the_choice(tmp_path):
    talk = too_expensive(by_value(tmp_path, right_size=STAY))
    book = SqlRecordBook(make_engine(f"sqlite:///{tmp_path / 'desk.db'}"))
    [decision] = [link for link in book.links("A-1001") if link.kind == "decision"]
    assert decision.payload["choices"] == [choice(talk)]


def told_to_the_agent(folder: Path) -> str:
    [waiting] = SqlViews(make_engine(f"sqlite:///{folder / 'desk.db'}")).queue()
    return waiting["summary"]["offers"]["because"]


def test_whoever_takes_over_is_told_why_it_was_this_offer(tmp_path):
    talk = too_expensive(by_value(tmp_path, right_size=STAY))
    talk.says("ask_for_agent")
    told = told_to_the_agent(tmp_path)
    assert told == choice(talk)["because"].replace("right_size@1", "Smaller plan")
    assert told.startswith("Smaller plan is worth $")
    assert told.endswith("60 of 200 took it and stayed.")


def test_whoever_takes_over_is_told_that_an_offer_was_asked_for(tmp_path):
    best = Counts(kept=150, gone=50)
    talk = too_expensive(by_value(tmp_path, right_size=best, price_relief=STAY, breather=best))
    talk.says("request_discount")
    assert talk.offer["policy"] == "price_relief@1"
    assert choice(talk)["chosen"] == "right_size@1", "the premise: it would have come next"
    talk.says("ask_for_agent")
    assert told_to_the_agent(tmp_path) == (
        "Discount was offered because the customer asked for that kind."
    )


@pytest.mark.parametrize("explore_percent", [0, 3])
def test_the_holdout_is_the_same_however_offers_are_chosen(tmp_path, explore_percent):
    desk = by_value(tmp_path, explore_percent=explore_percent, smallest_plan=STAY)
    talk = too_expensive(desk, "A-1013")
    assert talk.offer is None
    assert choice(talk)["held_out"]
    assert choice(talk)["eligible"] != []
    assert choice(talk)["propensities"] == {"nothing": 1.0}


def test_the_ladder_records_why_and_for_whom_too(tmp_path):
    talk = too_expensive(a_desk(tmp_path))
    assert talk.offer["policy"] == "right_size@1"
    assert choice(talk)["because"] == "right_size@1 comes first on the ladder, of 3 granted."
    assert (choice(talk)["by"], choice(talk)["segment"]) == ("ladder", "long_standing")


def test_what_customers_do_is_learned_when_ninety_days_have_passed(tmp_path):
    desk = a_desk(tmp_path)
    cell = Cell("right_size@1", "too_expensive", "long_standing")
    maya = too_expensive(desk)
    maya.presses("utter_button_accept")
    maya.presses("utter_button_confirm")
    assert [made["answer"] for made in maya.attempts[0]["offers"]] == ["accepted"]
    clock: Any = desk.clock
    day = clock.now().date()
    assert desk.outcomes.as_of(day + timedelta(days=90)).cells == {}
    assert desk.outcomes.as_of(day + timedelta(days=91)).cells == {cell: Counts(kept=1)}
    clock.pass_by(timedelta(days=40))
    later = Talk(desk, "A-1001", conversation="c-2").open()
    later.says("request_cancellation", "just cancel it", insisting="true")
    assert later.attempts[-1]["outcome"] == "canceled"
    assert desk.outcomes.as_of(day + timedelta(days=92)).cells == {cell: Counts(wasted=1)}
