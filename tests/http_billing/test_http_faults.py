"""Whatever the line, the clocks or the system do: nothing is done twice, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import bootstrap
from bot.errors import BillingUnavailable, NotPossible
from bot.integrations.http_billing import SAME_CLOCK
from bot.money import Money
from bot.retention.account import AccountHistory
from bot.retention.calendar import add_months
from bot.retention.commands import (
    ApplyDiscount,
    CancelOrder,
    CancelSubscription,
    ChangePlan,
    Command,
    ExtendTrial,
    GrantCredit,
    PauseSubscription,
    RequestReturn,
    ResumeSubscription,
    SkipDelivery,
    UndoCancellation,
)
from bot.settings import from_environment, with_secrets
from bot.storage.billing_journal import SqlBillingJournal
from bot.storage.engine import writing
from bot.storage.journal_tables import billing_journal
from tests.billing_contract import Customer, a_note, at, cancels, charges, in_days
from tests.factories import NOW, days_from_now
from tests.faulty_line import HAPPENS, Fault, FaultyLine
from tests.http_billing.served import TOKEN, OnItsClock, ReferenceServer, http_billing
from tests.outside_billing import (
    QUICK_FAULTS,
    RENEWS_ON,
    TRIES,
    DeskContract,
    FaultsContract,
    OverABadLine,
    together,
    until_done,
)
from tests.outside_billing import faults as some_faults
from tests.storage.test_billing_properties import ACCOUNTS, live_through, steps

pytestmark = pytest.mark.stack

PATIENCE = 0.15
COMMANDS: dict[str, tuple[str, Command]] = {
    "credit": ("A-1001", GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500))),
    "discount": ("A-1001", ApplyDiscount("S-1001", 20, 3, a_note("discount"))),
    "pause": ("A-1001", PauseSubscription("S-1001", RENEWS_ON, add_months(RENEWS_ON, 2))),
    "skip": ("A-1001", SkipDelivery("S-1001", days_from_now(6), a_note("skip"))),
    "resume": ("A-1007", ResumeSubscription("S-1007")),
    "plan": ("A-1001", ChangePlan("S-1001", "duo", a_note("downgrade"))),
    "trial": ("A-1015", ExtendTrial("S-1015", 14)),
    "undo": ("A-1014", UndoCancellation("S-1014")),
    "order": ("A-1010", CancelOrder("O-5001")),
    "return": ("A-1011", RequestReturn("O-5002")),
    "cancel": ("A-1001", cancels()),
    "cancel_at_once_with_refund": (
        "A-1004",
        CancelSubscription("S-1004", True, NOW, refund_last_charge=True),
    ),
}


class TestFaultsOverHttp(FaultsContract):
    """What holds for every billing system outside."""


class TestTheDeskOverHttp(DeskContract):
    """What holds for every billing system outside."""


@pytest.fixture(scope="module")
def outcomes(running: ReferenceServer) -> dict[str, AccountHistory]:
    """What each command leads to in the books themselves."""
    told = {}
    for name, (account, command) in COMMANDS.items():
        running.begin_anew()
        told[name] = running.books.execute(account, command, key="direct", now=NOW)
    return told


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, TRIES])
@pytest.mark.parametrize("fault", Fault)
def test_a_fault_at_any_command_changes_nothing_about_its_outcome(
    fault, times, outcomes, server, journal, line
):
    """All commands where it is quick; what a fault does to one of them it does to all."""
    is_quick = times == TRIES and fault in QUICK_FAULTS
    for name in COMMANDS if is_quick else ("credit", "cancel"):
        account, command = COMMANDS[name]
        server.begin_anew()
        with writing(journal) as connection:
            connection.execute(sa.delete(billing_journal))
        billing = OnItsClock(http_billing(line.url, journal, timeout_seconds=PATIENCE), server)
        before = line.changes
        line.spoil(fault, at=0, times=times)
        told = until_done(Customer(billing, account), command, "the key", line)
        line.mend()
        assert line.changes - before > 1, "the premise: it was spoilt and asked for again"
        assert told == outcomes[name], name
        assert server.carried_out() == 1, name


def test_a_system_that_cannot_be_reached_at_all_did_nothing_and_keeps_nothing(journal):
    nowhere = http_billing("http://127.0.0.1:9", journal)
    for ask in (
        lambda: nowhere.history("A-1001", now=NOW),
        lambda: nowhere.execute("A-1001", cancels(), key="k", now=NOW),
    ):
        with pytest.raises(BillingUnavailable) as raised:
            ask()
        assert not raised.value.may_have_happened
    assert SqlBillingJournal(journal).of_account("A-1001") == ()


def test_what_broke_off_is_finished_before_anything_else_is_done(over_line, line, server):
    maya = Customer(over_line, "A-1001")
    discount = ApplyDiscount("S-1001", 20, 3, a_note("discount"))
    line.spoil(Fault.CUT_BEFORE, at=0, times=TRIES)
    with pytest.raises(BillingUnavailable):
        maya.does(discount, key="broken")
    line.mend()
    assert maya.seen().subscriptions[0].discount is None, "the premise"
    told = maya.does(GrantCredit(Money(100)), key="next")
    assert (told.subscriptions[0].discount.percent, told.credit) == (20, Money(100))
    assert maya.does(discount, key="broken") == told
    assert server.carried_out() == 2


@pytest.mark.parametrize("fault", [Fault.CUT_BEFORE, Fault.CUT_AFTER])
def test_what_became_impossible_meanwhile_is_told_as_what_it_is(over_line, line, server, fault):
    """A pause breaks off, and somebody ends the subscription in the billing system itself."""
    maya = Customer(over_line, "A-1001")
    pause = PauseSubscription("S-1001", RENEWS_ON, add_months(RENEWS_ON, 1))
    line.spoil(fault, at=0, times=TRIES)
    with pytest.raises(BillingUnavailable) as raised:
        maya.does(pause, key="k")
    assert raised.value.may_have_happened
    line.mend()
    server.books.execute("A-1001", cancels(at_once=True), key="by hand", now=NOW)
    if fault in HAPPENS:
        assert maya.does(pause, key="k").subscriptions[0].canceled_at == NOW
    else:
        with pytest.raises(NotPossible, match=r"refused it: .*ended on"):
            maya.does(pause, key="k")


def test_a_refused_command_leaves_no_trace(billing, journal, server):
    maya = Customer(billing, "A-1001")
    with pytest.raises(NotPossible, match="The billing system refused it"):
        maya.does(ChangePlan("S-1001", "gold", a_note("downgrade")), key="k")
    assert SqlBillingJournal(journal).of_account("A-1001") == ()
    assert (maya.seen().concessions, server.carried_out()) == ((), 0)


def test_a_key_that_another_desk_used_for_something_else_is_refused(billing, server):
    """Two desks with journals of their own: the billing system is the one that knows."""
    server.books.execute("A-1001", GrantCredit(Money(1)), key="k", now=NOW)
    with pytest.raises(NotPossible, match="used for another command"):
        billing.execute("A-1001", GrantCredit(Money(2)), key="k", now=NOW)
    assert billing.history("A-1001", now=NOW).credit == Money(1)


def test_several_gateways_that_finish_a_late_exit_give_money_back_once(
    over_line, line, server, journal
):
    maya = Customer(over_line, "A-1001")
    maya.does(GrantCredit(Money(1000)))
    line.spoil(Fault.CUT_BEFORE, at=0, times=TRIES)
    with pytest.raises(BillingUnavailable):
        maya.does(cancels(), key="exit")
    line.mend()
    assert charges(maya.seen(in_days(14)), since=RENEWS_ON) == [7900], "the premise"
    gateways = [http_billing(server.url, journal) for _ in range(5)]

    def finish(number: int) -> Any:
        return gateways[number].execute("A-1001", cancels(), key="exit", now=in_days(14))

    told = together(finish, times=5)
    assert [t.subscriptions[0].canceled_at.date() for t in told] == [RENEWS_ON] * 5
    assert (told[0].credit, sum(charges(told[0], since=RENEWS_ON))) == (Money(1000), 0)
    assert server.carried_out() == 2


# Clocks


@pytest.mark.parametrize("hours", [-26, -2, 2, 26])
def test_a_clock_that_goes_wrong_neither_loses_an_exit_nor_charges_after_it(billing, server, hours):
    server.ahead = timedelta(hours=hours)
    maya = Customer(billing, "A-1001")
    with capture_logs() as logs:
        told = maya.does(cancels()).subscriptions[0]
    assert told.cancels_on == RENEWS_ON
    [seconds] = {log["ahead_seconds"] for log in logs if log["event"] == "billing_clock_differs"}
    assert seconds == hours * 3600
    later = maya.seen(in_days(60))
    assert charges(later, since=RENEWS_ON) == []
    assert later.subscriptions[0].canceled_at.date() == RENEWS_ON


@pytest.mark.parametrize(("hours", "at_hour"), [(-2, 1), (2, -3)])
def test_an_exit_heard_late_counts_in_the_time_of_whose_books_it_is_for(
    over_line, line, server, hours, at_hour
):
    """By the system's clock it was said an hour before the renewal, whatever ours showed."""
    server.ahead = timedelta(hours=hours)
    midnight = at(RENEWS_ON).replace(hour=0, minute=0)
    said_at = midnight + timedelta(hours=at_hour)
    assert said_at + server.ahead == midnight - timedelta(hours=1), "the premise"
    maya = Customer(over_line, "A-1001")
    line.spoil(Fault.CUT_BEFORE, at=0, times=TRIES)
    with pytest.raises(BillingUnavailable):
        maya.does(cancels(said_at=said_at), key="k", now=said_at)
    line.mend()
    told = maya.does(cancels(said_at=said_at), key="k", now=said_at + timedelta(days=2))
    assert told.subscriptions[0].canceled_at.date() == RENEWS_ON
    assert sum(charges(told, since=RENEWS_ON)) == 0


@pytest.mark.parametrize("seconds", [-20, 0, 20])
def test_clocks_that_are_nearly_alike_leave_the_instant_as_it_was_said(billing, server, seconds):
    server.ahead = timedelta(seconds=seconds)
    assert abs(server.ahead) < SAME_CLOCK
    said_at = NOW - timedelta(minutes=10)
    maya = Customer(billing, "A-1001")
    told = maya.does(cancels(at_once=True, said_at=said_at)).subscriptions[0]
    assert told.canceled_at == said_at


# Whatever happens


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(account=st.sampled_from(ACCOUNTS), todo=steps, faults=some_faults)
def test_no_charge_after_the_end_and_no_charge_twice_whatever_happens(
    account: str,
    todo: Any,
    faults: Any,
    server: ReferenceServer,
    journal: Any,
    line: FaultyLine,
):
    """R15 over HTTP; the invariants are those of the embedded billing's property test."""
    server.begin_anew()
    with writing(journal) as connection:
        connection.execute(sa.delete(billing_journal))
    billing = OnItsClock(http_billing(line.url, journal), server)
    live_through(OverABadLine(billing, line, list(faults)), account, todo)


# As the product is put together


def test_the_composed_desk_speaks_to_the_companys_own_system(tmp_path, server):
    ours = with_secrets(
        from_environment(
            {
                "DESK_STATE_FOLDER": str(tmp_path / "state"),
                "DESK_BILLING": "http",
                "DESK_BILLING_URL": f"{server.url}/",
                "DESK_BILLING_TOKEN": TOKEN,
            }
        )
    )
    bootstrap.prepare(ours)
    at_work = bootstrap.desk(ours)
    assert at_work.billing.capabilities.system == "larder-books"
    assert at_work.billing.history("A-1001", now=NOW).customer.name == "Maya"
    assert {plan.code for plan in bootstrap.rules(ours).billing.catalogue()} >= {"duo"}
    assert bootstrap.demo_customers(ours) == ()
    assert bootstrap.take_stripe_event(ours) is None
