"""What holds for every billing system holds for Stripe too, over a line that fails at random."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.storage.engine import writing
from bot.storage.journal_tables import billing_journal
from tests.faulty_line import FaultyLine
from tests.outside_billing import OverABadLine
from tests.outside_billing import faults as some_faults
from tests.storage.test_billing_properties import ACCOUNTS, live_through, steps
from tests.stripe.served import StripeServer, with_demo_company

pytestmark = pytest.mark.slow


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(account=st.sampled_from(ACCOUNTS), todo=steps, faults=some_faults)
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
