"""Whatever the line or Stripe does: nothing is carried out twice, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import BillingUnavailable, NotPossible
from bot.money import Money
from bot.retention.account import AccountHistory
from bot.retention.calendar import add_months
from bot.retention.commands import (
    ApplyDiscount,
    CancelSubscription,
    ChangePlan,
    Command,
    ExtendTrial,
    GrantCredit,
    PauseSubscription,
    RefundInvoice,
    ResumeSubscription,
    UndoCancellation,
)
from bot.storage.engine import writing
from bot.storage.journal_tables import billing_journal
from tests.billing_contract import Customer, a_note, at, cancels, charges, in_days
from tests.factories import NOW
from tests.faulty_line import Fault
from tests.outside_billing import RENEWS_ON, TRIES, FaultsContract, together, until_done
from tests.stripe.served import StripeServer, stripe_billing, with_demo_company

pytestmark = pytest.mark.slow

COUNTED = ("refund", "customer_balance_transaction", "coupon", "invoice")
MOST_REQUESTS = 6
PATIENCE = 0.15
COMMANDS: dict[str, tuple[str, Command]] = {
    "credit": ("A-1001", GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500))),
    "discount": ("A-1001", ApplyDiscount("S-1001", 20, 3, a_note("discount"))),
    "pause": ("A-1001", PauseSubscription("S-1001", RENEWS_ON, add_months(RENEWS_ON, 2))),
    "resume": ("A-1007", ResumeSubscription("S-1007")),
    "plan": ("A-1001", ChangePlan("S-1001", "duo", a_note("downgrade"))),
    "trial": ("A-1015", ExtendTrial("S-1015", 14)),
    "undo": ("A-1014", UndoCancellation("S-1014")),
    "cancel": ("A-1001", cancels()),
    "cancel_at_once_with_refund": (
        "A-1004",
        CancelSubscription("S-1004", True, NOW, refund_last_charge=True),
    ),
}


class TestFaultsOfStripe(FaultsContract):
    """What holds for every billing system outside; Stripe forgets idempotency keys after a day."""


def truth(history: AccountHistory) -> AccountHistory:
    """Leave out what differs from one loading of the demo company to the next."""
    invoices = tuple(replace(invoice, id="") for invoice in history.invoices)
    concessions = tuple(replace(concession, id="") for concession in history.concessions)
    invoices = tuple(sorted(invoices, key=lambda i: (i.issued_on, i.amount.minor)))
    return replace(history, invoices=invoices, concessions=concessions)


def made(server: StripeServer) -> dict[str, int]:
    return {kind: server.count(kind) for kind in COUNTED}


def journal_keys(customer: Customer) -> list[str]:
    billing = customer.billing.billing
    account = customer.billing.ids[customer.account]
    return [entry.key for entry in billing._journal.of_account(account)]


@pytest.mark.parametrize("times", [1, TRIES])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_fault_at_any_request_changes_nothing_about_the_outcome(
    name, fault, times, line, server, journal
):
    account, command = COMMANDS[name]
    whole = Customer(with_demo_company(server, journal, only=account), account)
    told, counts = truth(whole.does(command, key="whole")), made(server)
    for spoilt in range(MOST_REQUESTS):
        with writing(journal) as connection:
            connection.execute(sa.delete(billing_journal))
        before = line.changes
        billing = with_demo_company(
            server, journal, url=line.url, only=account, timeout_seconds=PATIENCE
        )
        line.spoil(fault, at=spoilt, times=times)
        done = until_done(Customer(billing, account), command, "the key", line)
        line.mend()
        assert truth(done) == told, f"spoilt at {spoilt}"
        assert made(server) == counts, f"spoilt at {spoilt}"
        if line.changes - before <= spoilt:
            assert spoilt > 0, "the premise: something was spoilt"
            return
    pytest.fail("there are more requests than were spoilt")


def test_a_stripe_that_cannot_be_reached_at_all_did_nothing_and_keeps_nothing(server, journal):
    nowhere = stripe_billing("http://127.0.0.1:9", journal)
    with pytest.raises(BillingUnavailable) as raised:
        nowhere.history("cus_1", now=NOW)
    assert not raised.value.may_have_happened


def test_what_broke_off_is_finished_before_anything_else_is_done(over_line, line):
    maya = Customer(over_line, "A-1001")
    line.spoil(Fault.CUT_BEFORE, at=1, times=TRIES)
    with pytest.raises(BillingUnavailable):
        maya.does(ApplyDiscount("S-1001", 20, 3, a_note("discount")), key="broken")
    line.mend()
    assert maya.seen().subscriptions[0].discount is None, "the premise: only the coupon was made"
    assert len(maya.seen().concessions) == 1, "and it counts as given"
    told = maya.does(GrantCredit(Money(100)), key="next")
    assert (told.subscriptions[0].discount.percent, told.credit) == (20, Money(100))
    assert maya.does(ApplyDiscount("S-1001", 20, 3, a_note("discount")), key="broken") == told


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_that_stripe_saved_under_the_key_is_looked_into(billing, server, when):
    """Stripe repeats a saved 500 for a day, whether the change was made or not."""
    maya = Customer(billing, "A-1001")
    server.configure("fail", when=when)
    assert maya.does(GrantCredit(Money(1500)), key="k").credit == Money(1500)
    assert server.count("customer_balance_transaction") == 1


def test_a_refusal_in_the_middle_is_neither_forgotten_nor_called_impossible(over_line, line):
    """Stripe refuses the refund of a charge that somebody else refunded meanwhile."""
    tom = Customer(over_line, "A-1004")
    stripe = over_line.server
    command = cancels("S-1004", at_once=True, refund_last_charge=True)
    newest = tom.seen().invoices[0]
    line.spoil(Fault.CUT_BEFORE, at=1, times=TRIES)
    with pytest.raises(BillingUnavailable) as raised:
        tom.does(command, key="k")
    assert raised.value.may_have_happened
    line.mend()
    invoice = stripe.get(f"/v1/invoices/{newest.id}")
    stripe.ask("/v1/refunds", {"charge": invoice["charge"]["id"]})
    with pytest.raises(BillingUnavailable, match="refused a part"):
        tom.does(command, key="k")
    assert tom.subscription().canceled_at == NOW
    assert journal_keys(tom) == ["k"]


def test_a_refused_command_leaves_no_trace(billing, server):
    """Stripe refuses the first change: here, because the plan was taken away meanwhile."""
    maya = Customer(billing, "A-1001")
    maya.seen()
    response = server.session.delete(f"{server.url}/v1/plans/solo", timeout=5)
    assert response.ok
    with pytest.raises(NotPossible, match="Stripe refused it"):
        maya.does(ChangePlan("S-1001", "solo", a_note("downgrade")), key="k")
    assert (maya.seen().concessions, journal_keys(maya)) == ((), [])


def test_several_gateways_that_finish_a_late_exit_give_money_back_once(
    over_line, line, server, journal
):
    """Each would work it out anew: a renewal was charged since, partly from credit."""
    maya = Customer(over_line, "A-1001")
    maya.does(GrantCredit(Money(1000)))
    line.spoil(Fault.CUT_BEFORE, at=0, times=TRIES)
    with pytest.raises(BillingUnavailable):
        maya.does(cancels(), key="exit")
    line.mend()
    assert charges(maya.seen(in_days(14)), since=RENEWS_ON) == [7900]
    gateways = [replace(over_line, billing=stripe_billing(server.url, journal)) for _ in range(5)]

    def finish(number: int) -> Any:
        return gateways[number].execute("A-1001", cancels(), key="exit", now=in_days(14))

    told = together(finish, times=5)
    assert [t.subscriptions[0].canceled_at.date() for t in told] == [RENEWS_ON] * 5
    assert (told[0].credit, charges(told[0], since=RENEWS_ON)) == (Money(1000), [0])
    assert (server.count("refund"), server.count("customer_balance_transaction")) == (1, 2)


@pytest.mark.parametrize("hours", [-26, -2, 2, 26])
def test_a_clock_that_goes_wrong_neither_loses_an_exit_nor_charges_after_it(
    billing, server, journal, hours
):
    """The desk's clock against Stripe's: the cancellation is taken, and nothing is charged."""
    maya = billing.ids["A-1001"]
    subscription = billing.ids["S-1001"]
    wrong = NOW + timedelta(hours=hours)
    direct = stripe_billing(server.url, journal)
    command = CancelSubscription(subscription, False, wrong)
    [told] = direct.execute(maya, command, key="k", now=wrong).subscriptions
    assert told.cancels_on == RENEWS_ON
    assert charges(billing.history("A-1001", now=in_days(60)), since=RENEWS_ON) == []
    [ended] = direct.history(maya, now=in_days(60)).subscriptions
    assert ended.canceled_at.date() == RENEWS_ON


def test_a_draft_of_after_the_end_is_never_collected(billing):
    """Asked for before the renewal, heard in the hour in which the new invoice is a draft."""
    maya = Customer(billing, "A-1001")
    renewal = at(RENEWS_ON).replace(hour=0, minute=0)
    heard = renewal + timedelta(minutes=30)
    maya.seen(heard)
    told = maya.does(cancels(said_at=renewal - timedelta(minutes=10)), now=heard)
    assert told.subscriptions[0].canceled_at == renewal
    assert charges(maya.seen(in_days(90)), since=RENEWS_ON) == []


def test_a_refund_is_made_once_and_never_for_more_than_was_paid(billing, server):
    tom = Customer(billing, "A-1004")
    newest = tom.seen().invoices[0]
    for _ in range(2):
        told = tom.does(RefundInvoice(newest.id, Money(9000)), key="k")
        assert told.invoices[0].refunded == Money(9000)
    assert server.count("refund") == 1
    tom.cannot(RefundInvoice(newest.id, Money(80_001)), "up to")
    tom.cannot(RefundInvoice("in_other", Money(1)), "no invoice in_other")
    rest = tom.does(RefundInvoice(newest.id, Money(80_000)))
    assert rest.invoices[0].status == "refunded"
    tom.cannot(RefundInvoice(newest.id, Money(1)), "refunded")
