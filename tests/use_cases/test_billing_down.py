"""Billing does not answer: an exit is kept with the time it was asked for; a person is offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.turn import Lane, Turn
from bot.errors import BillingUnavailable
from bot.retention.commands import Command
from bot.retention.say import PRESS_CANCEL
from bot.storage.engine import make_engine
from bot.storage.read_models import SqlViews
from bot.use_cases.list_queue import list_queue
from bot.use_cases.make_move import Desk
from bot.use_cases.ports import Billing
from bot.use_cases.waiting_cancellations import settle_cancellations
from tests.factories import NOW
from tests.use_cases.talk import SetClock, Talk, a_desk

RENEWS = timedelta(days=12)


@dataclass
class Line:
    """The way to the real billing system, which can be cut."""

    billing: Billing
    carries: bool = True
    reads: bool = True
    answers: bool = True

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> Any:
        self._needs(self.carries)
        done = self.billing.execute(account, command, key=key, now=now)
        if not self.answers:
            raise BillingUnavailable("the answer was lost", may_have_happened=True)
        return done

    def history(self, account: str, *, now: datetime) -> Any:
        self._needs(self.reads)
        return self.billing.history(account, now=now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.billing, name)

    def _needs(self, stands: bool) -> None:
        if not stands:
            raise BillingUnavailable("the line is cut")


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def line(tmp_path: Path, clock: SetClock) -> tuple[Desk, Line]:
    desk = a_desk(tmp_path)
    line = Line(desk.billing)
    return replace(desk, billing=line, clock=clock), line


def queue(folder: Path) -> Any:
    return list_queue(views=SqlViews(make_engine(f"sqlite:///{folder / 'desk.db'}")))


def settle(desk: Desk) -> int:
    return settle_cancellations(
        unit_of_work=desk.unit_of_work, billing=desk.billing, clock=desk.clock
    )


def test_an_exit_billing_did_not_hear_of_counts_from_when_it_was_asked(line, clock):
    desk, cut = line
    maya, cut.carries = Talk(desk, "A-1001").open(), False
    clock.pass_by(RENEWS - timedelta(hours=9, minutes=31))  # one minute of the paid period left
    assert maya.presses("utter_button_cancel") == ["utter_cancellation_queued"]
    renews_on = NOW.date() + RENEWS
    clock.pass_by(timedelta(days=2))
    assert settle(desk) == 0
    assert maya.history.subscriptions[0].renews_on > renews_on, "it renewed meanwhile"
    cut.carries = True
    assert settle(desk) == 1
    [subscription] = maya.history.subscriptions
    assert subscription.canceled_at.date() == renews_on
    charged = [i for i in maya.history.invoices if i.issued_on >= renews_on]
    assert charged
    assert all(i.refunded == i.amount for i in charged)


def test_leaving_two_at_once_is_recorded_for_each_although_billing_is_down(line):
    desk, cut = line
    omar = Talk(desk, "A-1008").open()
    omar.says("request_cancellation", "I want to cancel")
    omar.says("choose_option", "the light one", option="S-1008-2")
    omar.says("keep_subscription", "no, I stay with that")
    omar.says("request_cancellation", "I want to cancel")
    cut.carries = False
    assert omar.says("choose_option", "both", option="both") == ["utter_cancellation_queued"]
    recorded = sorted((attempt["about"], attempt["outcome"]) for attempt in omar.attempts)
    assert recorded == [
        ("S-1008-1", "canceled"),
        ("S-1008-2", "canceled"),
        ("S-1008-2", "saved"),
    ]


def test_who_asks_for_a_person_then_waits_with_what_is_still_owed(line, tmp_path):
    desk, cut = line
    maya, cut.carries = Talk(desk, "A-1001").open(), False
    maya.presses("utter_button_cancel")
    assert maya.presses("utter_button_person") == ["utter_handoff_backend_failing"]
    [waits] = queue(tmp_path)
    assert (waits["holder"], waits["reason"]) == ("queue", "backend_failing")
    assert waits["summary"]["still_open"] == ["Family, S-1001: waits for billing"]
    assert waits["summary"]["wants"] == "person"


def test_what_is_no_exit_is_not_kept_and_a_person_is_offered(line, tmp_path):
    desk, cut = line
    jonas, cut.carries = Talk(desk, "A-1002").open(), False
    jonas.says("request_pause", "pause for two months", duration="P2M")
    assert jonas.presses("utter_button_confirm") == ["utter_try_later"]
    assert jonas.presses("utter_button_person") == ["utter_handoff_backend_failing"]
    cut.carries = True
    assert settle(desk) == 0
    assert jonas.history.subscriptions[0].pause is None
    assert queue(tmp_path)[0]["summary"]["still_open"] == []


def test_an_exit_counts_from_its_message_even_when_the_account_could_not_be_read(line, clock):
    desk, cut = line
    maya = Talk(desk, "A-1001").open()
    clock.pass_by(RENEWS - timedelta(hours=9, minutes=31))
    asked_at, renews_on = clock.now(), NOW.date() + RENEWS
    with desk.unit_of_work() as uow:
        posted: Any = uow
        posted.turns.add(
            Turn("c-1", 2, "c-1:2", Lane.CONTROL, asked_at, "Cancel now", intent=PRESS_CANCEL)
        )
        uow.commit()
    cut.reads = False
    with pytest.raises(BillingUnavailable):
        maya.says(PRESS_CANCEL)
    clock.pass_by(timedelta(days=1))
    cut.reads, maya.moves = True, maya.moves - 1
    assert maya.says(PRESS_CANCEL) == ["utter_left_at_once"]
    [subscription] = maya.history.subscriptions
    assert subscription.canceled_at.date() == renews_on
    assert all(i.refunded == i.amount for i in maya.history.invoices if i.issued_on >= renews_on)


def test_what_may_have_happened_is_finished_later_and_happens_once(line, tmp_path):
    desk, cut = line
    jonas, cut.answers = Talk(desk, "A-1002").open(), False
    jonas.says("request_pause", "pause for two months", duration="P2M")
    assert jonas.presses("utter_button_confirm") == ["utter_will_be_done"]
    jonas.presses("utter_button_person")
    assert queue(tmp_path)[0]["summary"]["still_open"] == ["Duo, S-1002: waits for billing"]
    paused = jonas.history.subscriptions[0].pause
    assert settle(desk) == 0
    cut.answers = True
    assert settle(desk) == 1
    assert jonas.history.subscriptions[0].pause == paused is not None
    assert settle(desk) == 0


def test_an_accepted_offer_that_broke_off_is_accepted_and_stays_the_only_one(line):
    desk, cut = line
    maya, cut.answers = Talk(desk, "A-1001").open(), False
    maya.says("request_cancellation", cancellation_reason="unused")
    maya.presses("utter_button_accept")
    assert maya.presses("utter_button_confirm") == ["utter_will_be_done"]
    [attempt] = maya.attempts
    assert (attempt["outcome"], attempt["offers"][0]["answer"]) == ("saved", "accepted")
    assert len(maya.history.concessions) == 1


def test_what_billing_keeps_failing_on_does_not_hold_up_what_comes_after_it(line, clock):
    desk, cut = line
    maya, tom = Talk(desk, "A-1001").open(), Talk(desk, "A-1003", conversation="c-2").open()
    cut.carries = False
    maya.presses("utter_button_cancel")
    clock.pass_by(timedelta(minutes=1))
    tom.presses("utter_button_cancel")
    cut.carries = True
    whole = cut.billing.execute

    def fails_on_maya(account: str, command: Command, *, key: str, now: datetime) -> Any:
        if account == "A-1001":
            raise BillingUnavailable("this account cannot be written")
        return whole(account, command, key=key, now=now)

    cut.billing.execute = fails_on_maya
    assert settle(desk) == 1
    assert tom.history.subscriptions[0].cancels_on is not None
