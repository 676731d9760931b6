"""Stripe holds the same contract as the embedded billing, as far as it declares that it can."""

from __future__ import annotations

import pytest

from tests.billing_contract import BillingContract

pytestmark = pytest.mark.slow

NO_BOXES = "Stripe knows no boxes; it declares neither skip nor change_frequency"
NOT_ON_STRIPE = {
    "test_boxes_go_out_in_their_rhythm_and_arrive": NO_BOXES,
    "test_a_skipped_box_is_not_sent_and_the_next_one_is": NO_BOXES,
    "test_a_box_skipped_long_before_anybody_looks_again_was_still_skipped": NO_BOXES,
    "test_a_box_can_be_skipped_until_three_days_before_dispatch": NO_BOXES,
    "test_only_a_coming_box_can_be_skipped_and_only_once": NO_BOXES,
    "test_a_box_after_the_end_cannot_be_skipped_one_before_it_can": NO_BOXES,
    "test_another_rhythm_counts_from_the_next_box": NO_BOXES,
    "test_cancelling_takes_back_what_it_names_and_nothing_else": NO_BOXES,
    "test_a_pause_is_at_most_three_months_at_a_time[0-1-True]": (
        "Stripe does not declare pause_to_any_day"
    ),
    "test_a_change_between_month_and_year_takes_its_rhythm_from_the_change_on": (
        "Stripe does not declare change_interval"
    ),
    "test_an_invoice_that_cannot_be_collected_becomes_overdue_and_later_past_due": (
        "when a subscription is past due is set up in Stripe, and localstripe has no such setting"
    ),
    "test_the_last_agreed_plan_counts": "Stripe tells no plan changes but the desk's own",
    **{
        f"test_a_cancellation_heard_late_counts_from_when_it_was_said[False-{at_once}]": (
            "Stripe charges whether anybody looks or not"
        )
        for at_once in (False, True)
    },
}


class TestStripe(BillingContract):
    """The contract against localstripe with a clock."""

    @pytest.fixture(autouse=True)
    def is_on_stripe(self, request: pytest.FixtureRequest) -> None:
        for name in (request.node.name, request.node.originalname):
            if name in NOT_ON_STRIPE:
                pytest.skip(NOT_ON_STRIPE[name])


def test_what_is_left_out_of_the_contract_is_in_it():
    left_out = {name.partition("[")[0] for name in NOT_ON_STRIPE}
    assert left_out <= set(dir(BillingContract))
