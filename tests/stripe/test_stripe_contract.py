"""Stripe holds the same contract as the embedded billing, as far as it declares that it can."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.storage.engine import make_engine, writing
from bot.storage.journal_tables import billing_journal
from tests.billing_contract import BillingContract
from tests.databases import sqlite_template  # noqa: F401  a fixture
from tests.stripe.served import (
    WITH_A_CLOCK,
    StripeServer,
    UnderTheDemosNames,
    served,
    with_demo_company,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeServer]:
    log = tmp_path_factory.mktemp("stripe") / "localstripe.log"
    with served(str(WITH_A_CLOCK), log=log) as running:
        yield running


@pytest.fixture(scope="module")
def engine(
    sqlite_template: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("journal") / "desk.db"
    shutil.copy(sqlite_template, path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def billing(server: StripeServer, engine: Any) -> UnderTheDemosNames:
    with writing(engine) as connection:
        connection.execute(sa.delete(billing_journal))
    return with_demo_company(server, engine)


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
