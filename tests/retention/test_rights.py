"""Live rights are found by date: the last day counts, the next one does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest

from bot.money import Money
from bot.retention.dialogue import Situation
from bot.retention.rights import Right, live_right
from tests.factories import NOW, a_subscription, an_account, an_invoice, days_from_now
from tests.policy_cases.situations import a_situation


def situation(
    lives_in: str | None, *, began: int, plan: str = "duo", renewed: int | None = None, **paid: int
) -> Situation:
    """A subscription that began, and renewed last, so many days ago; its newest charge was paid."""
    period = days_from_now(-(began if renewed is None else renewed))
    subscription = replace(
        a_subscription(plan=plan),
        interval="year" if plan == "family_annual" else "month",
        started_on=days_from_now(-began),
        period_starts_on=period,
    )
    charge = replace(an_invoice("I-1", paid_on=period), subscription=subscription.id)
    if "refunded" in paid:
        charge = replace(charge, refunded=Money(paid["refunded"], charge.amount.currency))
    account = an_account(jurisdiction=lives_in, subscriptions=(subscription,), invoices=(charge,))
    return a_situation(account)


def right(at: Situation) -> Right | None:
    return live_right(at.account.subscriptions[0], at)


@pytest.mark.parametrize("lives_in", ["AT", "DE", "FR", "GB", "EU", "CH", None])
@pytest.mark.parametrize(("began", "is_live"), [(0, True), (13, True), (14, True), (15, False)])
def test_a_new_contract_can_be_withdrawn_from_for_fourteen_days(lives_in, began, is_live):
    found = right(situation(lives_in, began=began))
    wanted = Right("withdrawal", days_from_now(14 - began)) if is_live else None
    assert found == wanted


@pytest.mark.parametrize(
    ("lives_in", "over_at"),
    [("DE", "00:00"), ("GB", "00:00"), ("FR", "04:00"), (None, "04:00")],
)
def test_the_last_day_ends_where_it_ends_last(lives_in, over_at):
    at = situation(lives_in, began=15)  # in UTC, the day after the last one
    over = datetime.combine(NOW.date(), time.fromisoformat(over_at), timezone.utc)
    just_before = replace(at, now=over - timedelta(minutes=1))
    assert right(just_before) == Right("withdrawal", days_from_now(-1))
    assert right(replace(at, now=over)) is None


def test_who_asked_in_time_has_the_right_however_late_the_answer_is():
    at = situation("DE", began=16)
    assert right(at) is None
    assert right(replace(at, asked_at=at.now - timedelta(days=2))) is not None


@pytest.mark.parametrize("lives_in", ["US-CO", "US"])
def test_where_no_law_gives_it_there_is_no_withdrawal(lives_in):
    assert right(situation(lives_in, began=3)) is None


@pytest.mark.parametrize(("renewed", "is_live"), [(0, True), (14, True), (15, False)])
def test_a_renewed_year_can_be_had_back_by_promise(renewed, is_live):
    at = situation("US-NY", began=700, plan="family_annual", renewed=renewed)
    assert (right(at) is not None) is is_live
    if is_live:
        assert right(at) == Right("money_back", days_from_now(14 - renewed))


def test_the_law_is_named_before_the_promise():
    found = right(situation("DE", began=2, plan="family_annual"))
    assert found is not None
    assert found.kind == "withdrawal"


def test_what_was_paid_back_is_not_promised_again():
    assert right(situation("AT", began=2, refunded=5900)) is None


def test_without_a_charge_there_is_nothing_to_give_back():
    at = situation("AT", began=2)
    assert (
        live_right(at.account.subscriptions[0], replace(at, history=an_account(invoices=())))
        is None
    )
