"""What every billing system outside must do over a line that fails, as tests and their tools.

A subclass gives the fixtures: `line`, a way to the system that can be spoilt, `over_line`, the
billing at its end with little patience, `billing` without it, and `another_desk`, a billing that
shares the first one's database and is used by somebody else. All hold the demo company as of NOW.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from bot.errors import BillingUnavailable, NotPossible
from bot.money import Money
from bot.retention.account import AccountHistory, SubscriptionStatus
from bot.retention.commands import ApplyDiscount, Command, GrantCredit
from bot.use_cases.make_move import Desk
from bot.use_cases.waiting_cancellations import settle_cancellations
from tests.billing_contract import Customer, a_note, cancels, charges, in_days
from tests.factories import NOW, days_from_now
from tests.faulty_line import HAPPENS, Fault, FaultyLine
from tests.use_cases.talk import SetClock, Talk, a_desk

TRIES = 3
RENEWS_ON = days_from_now(12)

# The slow ones only make the client wait; what they do to an answer the others do as well.
QUICK_FAULTS = [f for f in Fault if f not in (Fault.SLOW, Fault.LOST_SLOWLY)]
faults = st.lists(
    st.tuples(st.none() | st.sampled_from(QUICK_FAULTS), st.integers(0, 3), st.sampled_from([1, 3]))
)


def until_done(customer: Customer, command: Command, key: str, line: FaultyLine) -> AccountHistory:
    """Ask as the desk does: what did not come back is asked for again under its own key."""
    try:
        return customer.does(command, key=key)
    except BillingUnavailable:
        line.mend()
        return customer.does(command, key=key)


def together(work: Callable[[int], Any], *, times: int) -> list[Any]:
    """Run in threads at once and return what each returned."""
    results: list[Any] = [None] * times
    start = threading.Barrier(times)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = work(number)
        except BaseException as error:  # noqa: BLE001  it is what is asserted on
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@dataclass
class OverABadLine:
    """Asks as the desk does, over a line whose faults come from a list."""

    billing: Any
    line: FaultyLine
    faults: list[tuple[Fault | None, int, int]]

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        return self.billing.history(account, now=now)

    def execute(self, account: str, command: Command, *, key: str, now: datetime) -> Any:
        fault, at, times = self.faults.pop() if self.faults else (None, 0, 0)
        if fault:
            self.line.spoil(fault, at=at, times=times)
        try:
            return self.billing.execute(account, command, key=key, now=now)
        except BillingUnavailable:
            self.line.mend()
            return self.billing.execute(account, command, key=key, now=now)
        finally:
            self.line.mend()


class FaultsContract:
    """Nothing is done twice, nothing is lost, and nobody is told what is not certain."""

    @pytest.mark.parametrize("fault", Fault)
    def test_whether_it_may_have_happened_is_told_rightly(self, over_line, line, fault):
        """A customer is told "nothing was changed" only where that is certain."""
        maya = Customer(over_line, "A-1001")
        line.spoil(fault, at=0, times=TRIES)
        with pytest.raises(BillingUnavailable) as raised:
            maya.does(GrantCredit(Money(1500)), key="k")
        if fault in HAPPENS:
            assert raised.value.may_have_happened
        assert (fault is Fault.BUSY) == (not raised.value.may_have_happened)
        line.mend()
        assert maya.seen().credit == Money(1500 if fault in HAPPENS else 0)

    def test_an_exit_goes_ahead_of_what_stays_broken(self, over_line, line):
        maya = Customer(over_line, "A-1001")
        line.spoil(Fault.CUT_BEFORE, at=0, times=TRIES * 2)
        with pytest.raises(BillingUnavailable):
            maya.does(GrantCredit(Money(100)), key="broken")
        told = maya.does(cancels(), key="exit")
        assert told.subscriptions[0].cancels_on == RENEWS_ON
        line.mend()
        assert maya.does(GrantCredit(Money(100)), key="broken").credit == Money(100)

    @pytest.mark.parametrize("fault", [Fault.CUT_AFTER, Fault.CUT_BEFORE])
    def test_days_later_it_is_still_done_once(self, over_line, line, fault):
        maya = Customer(over_line, "A-1001")
        line.spoil(fault, at=0, times=TRIES)
        with pytest.raises(BillingUnavailable):
            maya.does(GrantCredit(Money(1500)), key="k")
        line.mend()
        for days in (3, 5):
            told = maya.does(GrantCredit(Money(1500)), key="k", now=in_days(days))
            assert told.credit == Money(1500)

    def test_what_is_done_and_cannot_be_read_afterwards_is_not_told_as_nothing(
        self, over_line, line
    ):
        maya = Customer(over_line, "A-1001")
        line.cut_after_a_change()
        with pytest.raises(BillingUnavailable) as raised:
            maya.does(GrantCredit(Money(1500)), key="k")
        assert raised.value.may_have_happened
        line.mend()
        assert maya.seen().credit == Money(1500), "the premise"
        assert maya.does(GrantCredit(Money(1500)), key="k").credit == Money(1500)

    def test_many_at_once_with_one_key_do_it_once(self, billing):
        command = GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500))
        billing.history("A-1001", now=NOW)
        told = together(lambda _n: billing.execute("A-1001", command, key="k", now=NOW), times=6)
        assert [history.credit for history in told] == [Money(1500)] * 6
        assert len(told[0].concessions) == 1

    def test_of_two_discounts_asked_for_at_once_one_is_given(self, billing, another_desk):
        """Two desks that share a database, and a customer who talks to both."""
        billing.history("A-1001", now=NOW)

        def apply(number: int) -> Any:
            desk = (billing, another_desk)[number % 2]
            command = ApplyDiscount("S-1001", 20, 3, a_note("discount"))
            try:
                return desk.execute("A-1001", command, key=f"k{number}", now=NOW)
            except NotPossible as error:
                return error

        results = together(apply, times=4)
        refused = [str(one) for one in results if not isinstance(one, AccountHistory)]
        assert len(refused) == len(results) - 1
        assert all("runs until" in one for one in refused), refused
        assert len(billing.history("A-1001", now=NOW).concessions) == 1


class DeskContract:
    """The whole desk on a billing system outside: an outage in the middle, and what waits."""

    @pytest.fixture
    def clock(self) -> SetClock:
        return SetClock()

    @pytest.fixture
    def desk(self, tmp_path: Path, over_line: Any, clock: SetClock) -> Desk:
        return replace(a_desk(tmp_path), billing=over_line, clock=clock)

    def test_a_customer_leaves_comes_back_and_leaves_for_good(self, desk):
        maya = Talk(desk, "A-1001").open()
        assert maya.presses("utter_button_cancel") == ["utter_left_at_period_end"]
        assert maya.history.subscriptions[0].cancels_on == RENEWS_ON
        assert maya.presses("utter_button_undo") == ["utter_terms_undo"]
        assert maya.presses("utter_button_confirm") == ["utter_undone"]
        assert maya.history.subscriptions[0].cancels_on is None

    def test_an_offer_is_made_accepted_and_carried_out_there(self, desk):
        maya = Talk(desk, "A-1001").open()
        maya.says("request_cancellation", cancellation_reason="unused")
        assert maya.offer, "the premise"
        kind = maya.offer["kind"]
        maya.presses("utter_button_accept")
        assert maya.presses("utter_button_confirm") == [f"utter_done_{kind}"]
        [given] = maya.history.concessions
        assert given.kind.value == kind

    def test_a_cancellation_in_an_outage_counts_from_when_it_was_said(self, desk, line, clock):
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

    @pytest.mark.parametrize(
        "fault", [Fault.CUT_AFTER, Fault.GARBAGE, Fault.SLOW, Fault.ERROR_PAGE]
    )
    def test_what_was_agreed_in_an_outage_is_done_once_and_said_so(self, desk, line, fault):
        maya = Talk(desk, "A-1001").open()
        maya.says("request_pause", "two months", duration="P2M")
        line.spoil(fault, at=0, times=3)
        assert maya.presses("utter_button_confirm") == ["utter_will_be_done"]
        line.mend()
        assert settle(desk) == 1
        assert maya.history.subscriptions[0].pause.starts_on == RENEWS_ON
        assert settle(desk) == 0

    def test_when_nothing_got_there_nothing_was_changed_and_nothing_waits(self, desk, line):
        maya = Talk(desk, "A-1001").open()
        maya.says("request_pause", "two months", duration="P2M")
        line.spoil(Fault.BUSY, at=0, times=3)
        assert maya.presses("utter_button_confirm") == ["utter_try_later"]
        line.mend()
        assert settle(desk) == 0
        assert maya.history.subscriptions[0].pause is None

    def test_an_agreed_pause_that_broke_off_does_not_outlive_a_cancellation(self, desk, line):
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


def settle(desk: Desk) -> int:
    return settle_cancellations(
        unit_of_work=desk.unit_of_work, billing=desk.billing, clock=desk.clock
    )
