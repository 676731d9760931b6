"""What the demo accounts are offered, one after the other, by the dialogue's own moves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.retention.dialogue import Dialogue, Heard, Situation
from bot.retention.holdout import in_holdout
from bot.retention.moves import take
from bot.use_cases.make_move import Desk
from tests.factories import NOW
from tests.policy_cases.situations import a_situation
from tests.use_cases.talk import a_desk

ROWS = yaml.safe_load((Path(__file__).parent / "demo_ladders.yml").read_text(encoding="utf-8"))
MORE_THAN_ENOUGH = 4
DEMO_ACCOUNTS = [f"A-{number}" for number in range(1001, 1017)]

SituationOf = Callable[[str], Situation]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return a_desk(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def situation_of(desk: Desk) -> SituationOf:
    """Return what the desk knows about a demo account; nothing is ever carried out here."""

    def situation(account: str) -> Situation:
        history = desk.billing.history(account, now=NOW)
        return a_situation(history, in_holdout=account in held_out(desk))

    return situation


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['account']} {row['reason']}")
def test_a_demo_account_is_offered_its_ladder(row, situation_of):
    offered = what_is_offered(situation_of(row["account"]), row["reason"])
    assert [policy.split("@")[0] for policy in offered] == row["ladder"]


def test_the_holdout_holds_eve_alone(desk):
    assert held_out(desk) == {"A-1013"}


def what_is_offered(situation: Situation, reason: str | None) -> list[str]:
    """Say the wish to leave, then ask what else there is, again and again."""
    entities = (("cancellation_reason", reason),) if reason else ()
    wish = Heard("request_cancellation", "I want to cancel", entities)
    dialogue = take(Dialogue(situation.account.account), wish, situation).dialogue
    for _ in range(MORE_THAN_ENOUGH):
        dialogue = take(dialogue, Heard("ask_other_options", "what else?"), situation).dialogue
    return [made.offer.policy for made in dialogue.attempt.offers] if dialogue.attempt else []


def held_out(desk: Desk) -> set[str]:
    salt, percent = desk.terms.holdout_salt, desk.terms.holdout_percent
    return {a for a in DEMO_ACCOUNTS if in_holdout(a, salt=salt, percent=percent)}
