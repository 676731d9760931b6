"""The guard reads the record itself: real billing, real attempts, the transcript's presses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.conversations.message import Message, Sender
from bot.errors import BillingUnavailable
from bot.retention import buttons
from bot.storage.engine import make_engine
from bot.storage.read_models import SqlViews
from bot.use_cases.guard_answers import ExitRules
from bot.use_cases.ports import Worded
from tests.use_cases.talk import Talk, a_desk


class Watched:
    """A desk, Maya's talk with it, and the guard on what it says."""

    def __init__(self, folder: Path) -> None:
        self.desk = a_desk(folder)
        self.engine = make_engine(f"sqlite:///{folder / 'desk.db'}")
        self.guard: ExitRules = bootstrap.exit_rules(self.desk, SqlViews(self.engine))
        self.talk = Talk(self.desk, "A-1001").open()

    def offer(self) -> Worded:
        self.talk.says("request_cancellation", cancellation_reason="too_expensive")
        worded = [bootstrap.wording().render(say) for say in self.talk.reply.says]
        return next(one for one in worded if one.offer)

    def rules(self, *messages: Worded, conversation: str = "c-1") -> list[str]:
        now = self.desk.clock.now()
        found = self.guard.breaches(
            conversation, messages, sender=Sender.ASSISTANT, asked_at=now, now=now
        )
        return [breach.rule for one in found for breach in one]

    def presses_cancel(self) -> None:
        with self.desk.unit_of_work() as uow:
            desk: Any = uow
            conversation = desk.conversations.locked("c-1").next_message()
            desk.conversations.add_message(
                Message(
                    "c-1",
                    conversation.last_seq,
                    Sender.CUSTOMER,
                    "Cancel now",
                    self.desk.clock.now(),
                    button_id="cancel",
                )
            )
            desk.conversations.save(conversation, now=self.desk.clock.now())
            desk.commit()


@pytest.fixture
def watched(tmp_path: Path):
    made = Watched(tmp_path)
    yield made
    made.engine.dispose()


def test_a_real_offer_goes_out(watched: Watched) -> None:
    assert watched.rules(watched.offer()) == []


def test_the_same_offer_does_not_after_the_control_was_pressed(watched: Watched) -> None:
    offer = watched.offer()
    watched.desk.clock.pass_by(timedelta(seconds=5))
    watched.presses_cancel()
    assert watched.rules(offer) == ["R3"]


def test_a_figure_is_held_against_what_billing_says_now(watched: Watched) -> None:
    offer = watched.offer()
    assert "$89.00" in offer.text
    assert watched.rules(replace(offer, text=offer.text.replace("$89.00", "$98.00"))) == ["R12"]


def test_an_offer_of_nobodys_making_is_on_no_record(watched: Watched) -> None:
    offer = watched.offer()
    forged = {**(offer.offer or {}), "id": "sa-forged-1"}
    assert watched.rules(replace(offer, offer=forged)) == ["R12"]


def test_a_visitor_is_held_against_the_catalogue(watched: Watched) -> None:
    Talk(watched.desk, None, conversation="c-2").open()
    right, wrong = Worded("Duo costs $59.00 a month."), Worded("Duo costs $58.00 a month.")
    assert watched.rules(right, conversation="c-2") == []
    assert watched.rules(wrong, conversation="c-2") == ["R12"]


def test_while_billing_is_down_all_but_figures_is_judged(watched: Watched) -> None:
    class Down:
        def history(self, account: str, *, now: object) -> None:
            raise BillingUnavailable("The billing system is down.")

    offer = watched.offer()
    watched.guard = replace(watched.guard, billing=Down())
    assert watched.rules(replace(offer, text="It costs $1.00.")) == []
    assert watched.rules(replace(offer, buttons=(buttons.PERSON,))) == ["R4"]


def test_no_book_is_opened_for_words_without_figures(watched: Watched) -> None:
    blind = replace(watched.guard, views=None, billing=None)
    watched.guard = blind
    assert watched.rules(Worded("You're welcome.")) == []
    assert watched.rules(Worded("Hurry, last chance.")) == ["pressure"]
