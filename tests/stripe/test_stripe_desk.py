"""The whole desk on Stripe: conversations, an outage in the middle, and what waits for its end."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.retention.account import SubscriptionStatus
from bot.retention.cancellation import CancellationReason
from bot.settings import from_environment, with_secrets
from bot.use_cases.explain_decision import explain_decision
from bot.use_cases.make_move import Desk
from bot.use_cases.waiting_cancellations import settle_cancellations
from tests.billing_contract import charges
from tests.factories import NOW, days_from_now
from tests.faulty_line import Fault
from tests.stripe.loaded import load_demo_company
from tests.stripe.served import KEY, StripeServer, UnderTheDemosNames
from tests.stripe.test_stripe_webhooks import SECRET, signed
from tests.use_cases.talk import SetClock, Talk, a_desk

pytestmark = pytest.mark.slow

RENEWS_ON = days_from_now(12)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def desk(tmp_path: Path, over_line: UnderTheDemosNames, clock: SetClock) -> Desk:
    return replace(a_desk(tmp_path), billing=over_line, clock=clock)


def settle(desk: Desk) -> int:
    return settle_cancellations(
        unit_of_work=desk.unit_of_work, billing=desk.billing, clock=desk.clock
    )


def test_a_customer_leaves_comes_back_and_leaves_for_good(desk):
    maya = Talk(desk, "A-1001").open()
    assert maya.presses("utter_button_cancel") == ["utter_left_at_period_end"]
    assert maya.history.subscriptions[0].cancels_on == RENEWS_ON
    assert maya.presses("utter_button_undo") == ["utter_terms_undo"]
    assert maya.presses("utter_button_confirm") == ["utter_undone"]
    assert maya.history.subscriptions[0].cancels_on is None


def test_an_offer_is_made_accepted_and_carried_out_in_stripe(desk):
    maya = Talk(desk, "A-1001").open()
    maya.says("request_cancellation", cancellation_reason="unused")
    assert maya.offer, "the premise"
    kind = maya.offer["kind"]
    maya.presses("utter_button_accept")
    assert maya.presses("utter_button_confirm") == [f"utter_done_{kind}"]
    [given] = maya.history.concessions
    assert given.kind.value == kind


def test_offers_that_stripe_cannot_carry_out_are_not_among_the_decisions(desk):
    found = set()
    for reason in CancellationReason:
        for decision in explain_decision("A-1002", reason, rules=desk, now=NOW):
            found |= {offer["kind"] for offer in decision["offers"]}
    assert found, "the premise"
    assert not found & {"skip", "change_frequency", "exchange", "store_credit"}


def test_skipping_is_a_pause_of_one_period(desk):
    maya = Talk(desk, "A-1001").open()
    assert maya.says("skip_delivery", "skip the next one") == ["utter_terms_pause"]
    maya.presses("utter_button_confirm")
    pause = maya.history.subscriptions[0].pause
    assert (pause.starts_on, (pause.resumes_on - pause.starts_on).days) == (RENEWS_ON, 31)


def test_a_cancellation_in_an_outage_counts_from_when_it_was_said(desk, line, clock):
    """R18, over a line that is cut for two days and a renewal."""
    maya = Talk(desk, "A-1001").open()
    clock.pass_by(timedelta(days=11, hours=14))  # half an hour before the renewal
    line.spoil(Fault.CUT_BEFORE, at=0, times=1000)
    assert maya.presses("utter_button_cancel") == ["utter_cancellation_queued"]
    clock.pass_by(timedelta(days=2))
    assert settle(desk) == 0
    assert maya.history.subscriptions[0].status is SubscriptionStatus.ACTIVE, "it renewed"
    line.mend()
    assert settle(desk) == 1
    [left] = maya.history.subscriptions
    assert (left.status, left.canceled_at.date()) == (SubscriptionStatus.CANCELED, RENEWS_ON)
    assert sum(charges(maya.history, since=RENEWS_ON)) == 0
    assert settle(desk) == 0


@pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.GARBAGE, Fault.SLOW, Fault.ERROR_PAGE])
def test_what_was_agreed_in_an_outage_is_done_once_and_said_so(desk, line, server, fault):
    maya = Talk(desk, "A-1001").open()
    maya.says("request_pause", "two months", duration="P2M")
    line.spoil(fault, at=0, times=3)
    assert maya.presses("utter_button_confirm") == ["utter_will_be_done"]
    line.mend()
    assert settle(desk) == 1
    assert maya.history.subscriptions[0].pause.starts_on == RENEWS_ON
    assert settle(desk) == 0


def test_when_nothing_reached_stripe_nothing_was_changed_and_nothing_waits(desk, line):
    maya = Talk(desk, "A-1001").open()
    maya.says("request_pause", "two months", duration="P2M")
    line.spoil(Fault.BUSY, at=0, times=3)
    assert maya.presses("utter_button_confirm") == ["utter_try_later"]
    line.mend()
    assert settle(desk) == 0
    assert maya.history.subscriptions[0].pause is None


def test_an_agreed_pause_that_broke_off_does_not_outlive_a_cancellation(desk, line):
    """They agree, it breaks off, and they leave: both are known, in this order, and once."""
    maya = Talk(desk, "A-1001").open()
    maya.says("request_pause", "two months", duration="P2M")
    line.spoil(Fault.CUT_BEFORE, at=0, times=3)
    assert maya.presses("utter_button_confirm") == ["utter_will_be_done"]
    line.mend()
    assert maya.presses("utter_button_cancel") == ["utter_left_at_period_end"]
    assert settle(desk) == 1
    [left] = maya.history.subscriptions
    assert (left.cancels_on, left.pause) == (RENEWS_ON, None)


# As the product is put together


@pytest.fixture
def settings(tmp_path: Path, server: StripeServer) -> Any:
    ours = from_environment(
        {
            "DESK_STATE_FOLDER": str(tmp_path / "state"),
            "DESK_BILLING": "stripe",
            "DESK_STRIPE_KEY": KEY,
            "DESK_STRIPE_URL": server.url,
            "DESK_STRIPE_WEBHOOK_SECRET": SECRET,
        }
    )
    return with_secrets(ours)


def test_the_composed_desk_speaks_to_stripe_and_brings_no_demo_of_its_own(settings, server):
    ids = load_demo_company(server.ask, server.configure, only="A-1001")
    bootstrap.prepare(settings)
    at = bootstrap.desk(settings)
    assert at.billing.capabilities.system == "stripe"
    assert at.billing.history(ids["A-1001"], now=NOW).customer.name == "Maya"
    assert {plan.code for plan in bootstrap.rules(settings).billing.catalogue()} >= {"duo"}
    assert bootstrap.demo_customers(settings) == ()


def test_the_composed_desk_takes_stripes_events(settings):
    bootstrap.prepare(settings)
    take = bootstrap.take_stripe_event(settings)
    assert take
    event = {"id": "evt_9", "type": "invoice.paid", "data": {"object": {"customer": "cus_1"}}}
    body = json.dumps(event).encode()
    now = bootstrap.SystemClock().now()
    assert take(body, signed(body, at=now))
    assert not take(body, signed(body, at=now))
    assert bootstrap.take_stripe_event(replace(settings, stripe_webhook_secret="")) is None
