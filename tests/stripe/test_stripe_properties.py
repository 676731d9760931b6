"""What holds for every billing system holds for Stripe too, over a line that fails at random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BillingUnavailable
from bot.retention.account import AccountHistory
from bot.retention.commands import Command
from bot.storage.engine import writing
from bot.storage.journal_tables import billing_journal
from tests.faulty_line import Fault, FaultyLine
from tests.storage.test_billing_properties import ACCOUNTS, live_through, steps
from tests.stripe.served import StripeServer, UnderTheDemosNames, with_demo_company

pytestmark = pytest.mark.slow

# The slow ones only make the client wait; what they do to an answer the others do as well.
QUICK_FAULTS = [f for f in Fault if f not in (Fault.SLOW, Fault.LOST_SLOWLY)]
faults = st.lists(
    st.tuples(st.none() | st.sampled_from(QUICK_FAULTS), st.integers(0, 3), st.sampled_from([1, 3]))
)


@dataclass
class OverABadLine:
    """Asks as the desk does: what did not come back is asked for again under its own key."""

    billing: UnderTheDemosNames
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


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(account=st.sampled_from(ACCOUNTS), todo=steps, faults=faults)
def test_no_charge_after_the_end_and_no_charge_twice_whatever_happens(
    account: str,
    todo: Any,
    faults: Any,
    server: StripeServer,
    engine: Any,
    line: FaultyLine,
):
    """R15 on Stripe; the invariants are those of the embedded billing's property test."""
    with writing(engine) as connection:
        connection.execute(sa.delete(billing_journal))
    billing = with_demo_company(server, engine, url=line.url, only=account)
    live_through(OverABadLine(billing, line, list(faults)), account, todo)
