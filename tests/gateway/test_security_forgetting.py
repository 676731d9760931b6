"""What has had its time is gone from the database, and nothing goes before: security case 33.

Conversations and records have no end of their own: they go when somebody erases the person.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from bot.people import slowing
from bot.people.role import Role
from bot.storage.billing_journal import SqlBillingEvents
from bot.storage.identity_tables import used_identities
from bot.storage.journal_tables import billing_events
from bot.storage.people_tables import staff_sessions, tries
from bot.storage.used_identities import SqlUsedIdentities
from tests.gateway.stack import Stack
from tests.gateway.staff_browser import a_browser, signed_in
from tests.receptions import a_person

SECOND = timedelta(seconds=1)


@pytest.fixture
def stack(stack: Stack) -> Stack:
    stack.clock.stop()
    return stack


def rows(stack: Stack, table: sa.Table) -> int:
    with stack.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_33_a_session_of_the_staff_is_kept_as_long_as_it_may_last(stack: Stack) -> None:
    signed_in(stack, Role.AGENT, email="kim@larder.example")
    began = rows(stack, staff_sessions)
    stack.clock.ahead += stack.reception.limits.absolute
    signed_in(stack, Role.AGENT, email="ada@larder.example")
    assert rows(stack, staff_sessions) == 2 * began
    stack.clock.ahead += SECOND
    signed_in(stack, Role.AGENT, email="eve@larder.example")
    assert rows(stack, staff_sessions) == 2 * began


def test_33_tries_are_forgotten_when_they_slow_nobody_any_more(stack: Stack) -> None:
    person = a_person(stack.reception, Role.AGENT)
    a_browser(stack).sign_in(person.email, "a wrong password")
    counted = rows(stack, tries)
    assert counted >= 1
    stack.clock.ahead += slowing.CODE.forgotten_after + SECOND
    a_browser(stack).sign_in("nobody@larder.example", "a wrong password")
    with stack.engine.connect() as connection:
        oldest = connection.execute(sa.select(sa.func.min(tries.c.last_at))).scalar_one()
    assert oldest == stack.clock.now()


def test_33_a_used_identity_is_kept_until_it_would_be_refused_anyway(stack: Stack) -> None:
    used, now = SqlUsedIdentities(stack.engine), stack.clock.now()
    until = now + timedelta(minutes=5)
    assert used.take("first", expires_at=until, now=now)
    assert not used.take("first", expires_at=until, now=until)
    assert used.take("second", expires_at=until + SECOND, now=until)
    assert rows(stack, used_identities) == 2
    assert used.take("third", expires_at=until + 2 * SECOND, now=until + SECOND)
    assert rows(stack, used_identities) == 2


def test_33_an_event_of_the_billing_system_is_kept_for_as_long_as_it_may_come_again(
    stack: Stack,
) -> None:
    events, now = SqlBillingEvents(stack.engine), stack.clock.now()
    first = uuid4().hex
    assert events.take(first, now=now)
    assert not events.take(first, now=now + timedelta(days=3))
    assert events.take(uuid4().hex, now=now + timedelta(days=400))
    assert rows(stack, billing_events) == 1
