"""Simulated accounts: every kind is drawn, stands in billing as it is, and comes again by seed."""

from __future__ import annotations

import random

import pytest

from bot.simulator.accounts import KINDS, PLACES, draw_account
from bot.storage.ledger_in_memory import LedgerInMemory
from bot.storage.proof_accounts import with_catalogue
from bot.use_cases.show_account import account_view


def view(kind: str, seed: int) -> dict:
    drawn = draw_account(random.Random(seed), (kind,))
    ledger = LedgerInMemory(with_catalogue(drawn.books))
    return account_view(ledger.history(drawn.now))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_an_account_that_billing_can_tell(kind):
    for seed in range(25):
        account = view(kind, seed)
        assert account["subscriptions"] or account["orders"]


def test_what_a_kind_is_called_is_true_of_it():
    for seed in range(10):
        assert len(view("two", seed)["subscriptions"]) == 2
        assert view("paused", seed)["subscriptions"][0]["status"] == "paused"
        assert view("trial", seed)["subscriptions"][0]["status"] == "trialing"
        assert view("leaving", seed)["subscriptions"][0]["cancels_on"]
        assert any(box["late"] for box in view("late boxes", seed)["boxes"])
        assert any(not i["paid_on"] for i in view("past due", seed)["invoices"])
        assert not view("order", seed)["subscriptions"]


def test_the_same_seed_draws_the_same_account():
    one, again, other = (draw_account(random.Random(seed)) for seed in (7, 7, 8))
    assert one == again
    assert one != other


def test_customers_live_in_every_place():
    drawn = (draw_account(random.Random(seed)) for seed in range(600))
    assert {one.books.account.jurisdiction for one in drawn} == set(PLACES)
