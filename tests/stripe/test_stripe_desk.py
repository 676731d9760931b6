"""The whole desk on Stripe: conversations, an outage in the middle, and what waits for its end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import bootstrap
from bot.retention.cancellation import CancellationReason
from bot.settings import from_environment, with_secrets
from bot.use_cases.explain_decision import explain_decision
from tests.factories import NOW
from tests.outside_billing import RENEWS_ON, DeskContract
from tests.stripe.loaded import load_demo_company
from tests.stripe.served import KEY, StripeServer
from tests.stripe.test_stripe_webhooks import SECRET, signed
from tests.use_cases.talk import Talk

pytestmark = pytest.mark.slow


class TestTheDeskOnStripe(DeskContract):
    """What holds for every billing system outside, and what Stripe cannot do."""

    def test_offers_that_stripe_cannot_carry_out_are_not_among_the_decisions(self, desk):
        found = set()
        for reason in CancellationReason:
            for decision in explain_decision("A-1002", reason, rules=desk, now=NOW):
                found |= {offer["kind"] for offer in decision["offers"]}
        assert found, "the premise"
        assert not found & {"skip", "change_frequency", "exchange", "store_credit"}

    def test_skipping_is_a_pause_of_one_period(self, desk):
        maya = Talk(desk, "A-1001").open()
        assert maya.says("skip_delivery", "skip the next one") == ["utter_terms_pause"]
        maya.presses("utter_button_confirm")
        pause = maya.history.subscriptions[0].pause
        assert (pause.starts_on, (pause.resumes_on - pause.starts_on).days) == (RENEWS_ON, 31)


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
