"""What holds for the embedded billing system whatever customers do, and whenever they do it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bot.errors import NotPossible
from bot.money import Money
from bot.retention import commands as c
from bot.retention.account import AccountHistory, Invoice, Plan, Subscription, SubscriptionStatus
from bot.retention.calendar import add_months
from bot.storage.demo_books import PLANS
from bot.storage.demo_company import SHOP_ITEMS, demo_accounts
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_commands import carry_out
from bot.storage.embedded_billing_history import tell
from bot.storage.embedded_billing_records import BillingTerms
from bot.storage.embedded_billing_time import advance
from bot.storage.engine import make_engine
from tests.databases import postgresql_url, sqlite_template  # noqa: F401  fixtures
from tests.factories import NOW, TODAY

# Monthly and annual, discounted, paused, in trial, leaving, overdue, several at once.
ACCOUNTS = [
    "A-1001",
    "A-1003",
    "A-1004",
    "A-1007",
    "A-1008",
    "A-1009",
    "A-1012",
    "A-1014",
    "A-1015",
]
LONG_AFTER = timedelta(days=800)


class BooksInMemory:
    """The billing system's own rules without a database: fast enough for thousands of days."""

    def __init__(self) -> None:
        self._books = {books.account.number: books for books in demo_accounts(TODAY)}
        for books in self._books.values():
            books.plans = _times(books.account.households)
            books.shop_items = SHOP_ITEMS

    def history(self, account: str, *, now: datetime) -> AccountHistory:
        advance(self._books[account], now, BillingTerms())
        return tell(self._books[account], now=now, terms=BillingTerms())

    def execute(
        self, account: str, command: c.Command, *, key: str, now: datetime
    ) -> AccountHistory:
        books: Books = deepcopy(self._books[account])
        said_at = command.requested_at if isinstance(command, c.CancelSubscription) else now
        advance(books, said_at, BillingTerms())
        carry_out(books, command, now=now, terms=BillingTerms())
        self._books[account] = books
        return self.history(account, now=now)


def _times(households: int) -> tuple[Plan, ...]:
    return tuple(replace(plan, price=plan.price.times(households)) for plan in PLANS)


Build = Callable[[AccountHistory, Subscription, int, datetime], c.Command]

# What customers do, with figures that are often possible and sometimes not; `n` is 0 to 5.
COMMANDS: dict[str, Build] = {
    "cancel": lambda h, s, n, now: c.CancelSubscription(s.id, False, now),
    "cancel_heard_late": lambda h, s, n, now: c.CancelSubscription(
        s.id, n % 2 == 0, now - timedelta(days=17 * n)
    ),
    "cancel_at_once": lambda h, s, n, now: c.CancelSubscription(
        s.id, True, now, refund_last_charge=n > 3
    ),
    "cancel_and_revoke": lambda h, s, n, now: c.CancelSubscription(
        s.id, False, now, revoke=tuple(x.id for x in h.concessions)
    ),
    "undo": lambda h, s, n, now: c.UndoCancellation(s.id),
    "pause": lambda h, s, n, now: c.PauseSubscription(
        s.id, _next(s, now), add_months(_pause_from(s, now), 1 + n % 4), _note("pause")
    ),
    "resume": lambda h, s, n, now: c.ResumeSubscription(s.id),
    "skip": lambda h, s, n, now: c.SkipDelivery(
        s.id, (s.next_dispatch_on or now.date()) + timedelta(days=7 * n), _note("skip")
    ),
    "plan": lambda h, s, n, now: c.ChangePlan(s.id, PLANS[n % len(PLANS)].code, _note("downgrade")),
    "frequency": lambda h, s, n, now: c.ChangeFrequency(s.id, n),
    "discount": lambda h, s, n, now: c.ApplyDiscount(s.id, 20 * n, 1 + n, _note("discount")),
    "credit": lambda h, s, n, now: c.GrantCredit(Money(2500 * n), s.id, _note("credit")),
    "trial": lambda h, s, n, now: c.ExtendTrial(s.id, 7 * n),
    "refund": lambda h, s, n, now: c.RefundInvoice(
        h.invoices[n % len(h.invoices)].id if h.invoices else "I-0", Money(1000 * n)
    ),
}

steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(COMMANDS)), st.integers(0, 5), st.integers(0, 45), st.booleans()
    ),
    max_size=12,
)


def _next(s: Subscription, now: datetime) -> date:
    return s.renews_on or now.date()


def _pause_from(s: Subscription, now: datetime) -> date:
    return s.pause.resumes_on if s.pause else _next(s, now)


def _note(kind: str) -> c.ConcessionNote:
    return c.ConcessionNote(c.ConcessionKind(kind), "a_policy@1", Money(100))


def live_through(billing: Any, account: str, todo: list[tuple[str, int, int, bool]]) -> None:
    """Do one thing after the other, days apart, and check after each what always holds."""
    now, ended = NOW, {}
    begun = billing.history(account, now=now)
    for number, (name, n, days, second) in enumerate(todo):
        now += timedelta(days=days)
        seen = billing.history(account, now=now)
        subscription = seen.subscriptions[-1 if second else 0]
        command = COMMANDS[name](seen, subscription, n, now)
        try:
            told = billing.execute(account, command, key=f"{account}-{number}", now=now)
        except NotPossible:
            told = billing.history(account, now=now)
            assert told == seen, "a refused command changed something"
        check(begun, told, ended, now)
    check(begun, billing.history(account, now=now + LONG_AFTER), ended, now + LONG_AFTER)


def check(
    begun: AccountHistory, told: AccountHistory, ended: dict[str, datetime], now: datetime
) -> None:
    assert told.credit.minor >= 0
    assert told.lifetime_value.minor - begun.lifetime_value.minor == _kept(told) - _kept(begun)
    charged = [(i.subscription, i.issued_on) for i in told.invoices]
    assert len(charged) == len(set(charged)), "one period was charged twice"
    for subscription in told.subscriptions:
        invoices = [i for i in told.invoices if i.subscription == subscription.id]
        if subscription.is_live:
            assert subscription.id not in ended, "what has ended came back"
            assert subscription.renews_on is not None
            assert subscription.renews_on > now.date(), "something due was not booked"
        else:
            check_ended(subscription, invoices)
            assert ended.setdefault(subscription.id, _end(subscription)) == _end(subscription)


def check_ended(subscription: Subscription, invoices: list[Invoice]) -> None:
    """R15: what was charged for the time after the end was given back, to the cent."""
    end = _end(subscription)
    at_midnight = end.time().hour == 0
    after = [
        i
        for i in invoices
        if i.issued_on > end.date() or (at_midnight and i.issued_on == end.date())
    ]
    assert all(i.status == "void" or i.refunded == i.amount for i in after), (end, after)
    assert (subscription.renews_on, subscription.next_dispatch_on) == (None, None)
    assert (subscription.pause, subscription.discount, subscription.pending_change) == (
        None,
        None,
        None,
    )


def _end(subscription: Subscription) -> datetime:
    assert subscription.canceled_at is not None
    return subscription.canceled_at


def _kept(history: AccountHistory) -> int:
    """Return what was paid on the invoices and not given back."""
    paid = [i for i in history.invoices if i.paid_on is not None]
    return sum(i.amount.minor - i.refunded.minor for i in paid)


@settings(max_examples=150, deadline=None)
@given(account=st.sampled_from(ACCOUNTS), todo=steps)
def test_no_charge_after_the_end_and_no_charge_twice_whatever_happens(account, todo):
    live_through(BooksInMemory(), account, todo)


@settings(max_examples=100, deadline=None)
@given(
    account=st.sampled_from(ACCOUNTS),
    todo=steps,
    hours=st.integers(0, 24 * 60),
    at_once=st.booleans(),
)
def test_the_exit_works_in_every_state_at_every_hour(account, todo, hours, at_once):
    """R8: a cancellation is never refused, and it ends with the period at the latest."""
    billing = BooksInMemory()
    live_through_quietly(billing, account, todo)
    now = NOW + timedelta(days=45 * 12, hours=hours)
    before = billing.history(account, now=now)
    for subscription in before.subscriptions:
        command = c.CancelSubscription(subscription.id, at_once, now)
        told = billing.execute(account, command, key=subscription.id, now=now)
        left = told.subscription(subscription.id)
        if left.is_live:
            assert not at_once
            assert left.cancels_on == (subscription.cancels_on or subscription.renews_on)
    later = billing.history(account, now=now + LONG_AFTER)
    assert all(s.status is SubscriptionStatus.CANCELED for s in later.subscriptions)
    assert len(later.invoices) == len(before.invoices)


@settings(max_examples=60, deadline=None)
@given(account=st.sampled_from(ACCOUNTS), todo=steps, days=st.integers(1, 400))
def test_looking_every_day_changes_nothing(account, todo, days):
    watched = BooksInMemory()
    live_through_quietly(watched, account, todo)
    unwatched = deepcopy(watched)
    start = NOW + timedelta(days=45 * 12)
    for day in range(days + 1):
        seen = watched.history(account, now=start + timedelta(days=day))
    assert seen == unwatched.history(account, now=start + timedelta(days=days))


def live_through_quietly(
    billing: BooksInMemory, account: str, todo: list[tuple[str, int, int, bool]]
) -> None:
    now = NOW
    for number, (name, n, days, second) in enumerate(todo):
        now += timedelta(days=days)
        seen = billing.history(account, now=now)
        command = COMMANDS[name](seen, seen.subscriptions[-1 if second else 0], n, now)
        try:
            billing.execute(account, command, key=str(number), now=now)
        except NotPossible:
            continue


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_billing(
    request: pytest.FixtureRequest,
    sqlite_template: Path,  # noqa: F811
    tmp_path: Path,
) -> Iterator[Callable[[], EmbeddedBilling]]:
    """A function that gives the billing system with the demo company as of NOW, anew each time."""
    if request.param == "sqlite":
        shutil.copy(sqlite_template, tmp_path / "desk.db")
        engine = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    else:
        engine = make_engine(request.getfixturevalue("postgresql_url"))

    def fresh() -> EmbeddedBilling:
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM billing_commands")
        SqlDemoAccounts(engine).reset(now=NOW)
        return EmbeddedBilling(engine)

    yield fresh
    engine.dispose()


# Not shrunk: on a database that takes minutes, and the tests above find the small cases.
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(account=st.sampled_from(ACCOUNTS), todo=steps)
# Two subscriptions' boxes of one day, one of them skipped: read back in another order.
@example(account="A-1008", todo=[("skip", 4, 33, True), ("trial", 5, 45, True)])
def test_the_database_keeps_what_the_rules_promise(fresh_billing, account, todo):
    live_through(fresh_billing(), account, todo)
