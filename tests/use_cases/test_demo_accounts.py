"""The demo company is what its table says, on whatever day it is loaded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.integrations.company_file import load_plans, load_terms
from bot.money import Money
from bot.retention.account import AccountHistory, OrderStatus, SubscriptionStatus
from bot.retention.calendar import add_months, whole_months
from bot.retention.commands import CancelOrder, CancelSubscription, GrantCredit
from bot.settings import ROOT
from bot.storage import billing_tables as t
from bot.storage.demo_books import PLANS
from bot.storage.demo_company import SHOP_ITEMS
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.embedded_billing_records import BillingTerms
from bot.storage.engine import make_engine
from bot.use_cases.load_demo_accounts import load_demo_accounts, reset_demo_accounts
from bot.use_cases.show_account import show_account
from tests.databases import sqlite_template, sqlite_url  # noqa: F401  fixtures
from tests.factories import NOW, TODAY
from tests.fakes import FakeClock

ALL = tuple(f"A-{number}" for number in range(1001, 1017))

# Ends of months, a leap day, the day before it, and days around a new year.
DAYS = [
    date(2026, 3, 10),
    date(2026, 1, 31),
    date(2026, 3, 31),
    date(2027, 2, 28),
    date(2028, 2, 29),
    date(2027, 12, 31),
    date(2028, 1, 1),
    date(2026, 8, 19),
]


@pytest.fixture
def engine(sqlite_url: str):  # noqa: F811
    made = make_engine(sqlite_url)
    yield made
    made.dispose()


class Loaded:
    """The demo company, loaded one morning."""

    def __init__(self, engine: Any, today: date) -> None:
        self.today = today
        self.now = datetime.combine(today, time(9, 30), timezone.utc)
        self.billing = EmbeddedBilling(engine)
        SqlDemoAccounts(engine).load_if_missing(now=self.now)

    def __call__(self, account: str, *, after_days: int = 0) -> AccountHistory:
        return self.billing.history(account, now=self.now + timedelta(days=after_days))

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)


@pytest.fixture(params=DAYS, ids=str)
def demo(request, engine):
    return Loaded(engine, request.param)


def test_the_accounts_are_who_and_where_the_table_says(demo):
    told = {number: demo(number).customer for number in ALL}
    assert {n: (c.name, c.jurisdiction) for n, c in told.items()} == {
        "A-1001": ("Maya", "US-CO"),
        "A-1002": ("Jonas", "US-TX"),
        "A-1003": ("Priya", "US-CA"),
        "A-1004": ("Tom", "US-NY"),
        "A-1005": ("Lena", "DE"),
        "A-1006": ("Sam", "US-WA"),
        "A-1007": ("Ines", "GB"),
        "A-1008": ("Omar", "US-TX"),
        "A-1009": ("Ruth", "US-MN"),
        "A-1010": ("Wei", "US-CO"),
        "A-1011": ("Ada", "US-TX"),
        "A-1012": ("Noor", "US-CO"),
        "A-1013": ("Eve", "US-TX"),
        "A-1014": ("Max", "US-TX"),
        "A-1015": ("Zoe", "US-FL"),
        "A-1016": ("Emil", "AT"),
    }
    assert told["A-1001"].email == "maya@larder.example"


def test_plans_status_and_tenure_are_what_the_table_says(demo):
    held = {
        number: [
            (s.plan, s.status.value, whole_months(s.started_on, demo.today))
            for s in demo(number).subscriptions
        ]
        for number in ALL
    }
    assert held == {
        "A-1001": [("family", "active", 14)],
        "A-1002": [("duo", "active", 5)],
        "A-1003": [("solo", "active", 26)],
        "A-1004": [("family_annual", "active", 24)],
        "A-1005": [("duo", "active", 9)],
        "A-1006": [("family", "active", 31)],
        "A-1007": [("solo", "paused", 18)],
        "A-1008": [("duo", "active", 19), ("light", "active", 11)],
        "A-1009": [("family", "active", 40)],
        "A-1010": [],
        "A-1011": [],
        "A-1012": [("family", "active", 60)],
        "A-1013": [("solo", "active", 2)],
        "A-1014": [("duo", "active", 11)],
        "A-1015": [("duo", "trialing", 0)],
        "A-1016": [("duo", "active", 0)],
    }


def test_the_catalogue_is_the_companys_and_light_is_not_advertised(demo):
    plans = demo("A-1001").catalogue
    assert {(p.code, p.price.minor, p.interval) for p in plans} == {
        ("light", 1900, "month"),
        ("solo", 3900, "month"),
        ("duo", 5900, "month"),
        ("family", 8900, "month"),
        ("family_annual", 89000, "year"),
    }
    assert [p.code for p in plans if not p.advertised] == ["light"]


def test_every_active_subscription_sends_its_next_box_in_six_days(demo):
    live = [s for number in ALL for s in demo(number).subscriptions]
    moving = [s for s in live if s.status is SubscriptionStatus.ACTIVE]
    assert len(moving) == 13
    assert {s.next_dispatch_on for s in moving} == {demo.in_days(6)}


def test_maya_renews_in_twelve_days_and_cooked_nine_of_twelve_boxes(demo):
    maya = demo("A-1001")
    [mine] = maya.subscriptions
    assert (mine.renews_on, mine.price) == (demo.in_days(12), Money(8900))
    assert [b.status for b in maya.boxes] == ["delivered"] * 12
    assert sum(b.cooked for b in maya.boxes) == 9
    assert all(i.status == "paid" for i in maya.invoices)
    assert maya.concessions == ()
    assert mine.discount is None


def test_jonas_skipped_his_last_three_boxes(demo):
    jonas = demo("A-1002")
    assert [b.status for b in jonas.boxes[:4]] == ["skipped"] * 3 + ["delivered"]
    assert len(jonas.subscriptions[0].skipped) == 3


def test_priyas_discount_of_two_months_ago_still_runs(demo):
    priya = demo("A-1003")
    [mine], [concession] = priya.subscriptions, priya.concessions
    assert (concession.kind.value, concession.policy) == ("discount", "price_relief@1")
    assert concession.granted_at.date() == add_months(demo.today, -2)
    assert mine.discount.percent == 20
    assert mine.discount.ends_on > demo.today
    assert [i.amount.minor for i in priya.invoices[:3]] == [3120, 3120, 3900]
    until_it_ends = (mine.discount.ends_on - demo.today).days
    charged = demo("A-1003", after_days=until_it_ends).invoices
    assert [i.amount.minor for i in charged[:3]] == [3900, 3120, 3120]


def test_tom_paid_for_a_year_six_days_ago(demo):
    newest = demo("A-1004").invoices[0]
    assert (newest.amount, newest.status, newest.paid_on) == (
        Money(89000),
        "paid",
        demo.in_days(-6),
    )
    assert demo("A-1004").subscriptions[0].period_starts_on == demo.in_days(-6)


def test_sams_last_two_boxes_were_late_and_the_carriers_incident_is_open(demo):
    sam = demo("A-1006")
    assert [b.late for b in sam.boxes[:3]] == [True, True, False]
    assert sum(b.late for b in sam.boxes) == 2
    assert {b.status for b in sam.boxes} == {"delivered"}
    [incident] = sam.incidents
    assert (incident.status, incident.expected_fix_on) == ("open", demo.in_days(4))
    assert demo("A-1006", after_days=5).incidents[0].expected_fix_on is None
    assert demo("A-1005").incidents == ()


def test_ines_is_paused_and_resumes_in_nine_days(demo):
    [mine] = demo("A-1007").subscriptions
    assert mine.pause.resumes_on == demo.in_days(9)
    assert mine.pause.starts_on < demo.today
    assert mine.next_dispatch_on is None
    assert demo("A-1007", after_days=9).subscriptions[0].status is SubscriptionStatus.ACTIVE


def test_omar_has_one_subscription_for_home_and_one_for_his_mother(demo):
    assert [(s.plan, s.nickname) for s in demo("A-1008").subscriptions] == [
        ("duo", "home"),
        ("light", "mother"),
    ]


def test_ruth_has_one_invoice_overdue_by_eleven_days(demo):
    [overdue] = [i for i in demo("A-1009").invoices if i.status == "overdue"]
    assert (overdue.due_on, overdue.amount) == (demo.in_days(-11), Money(8900))


def test_wei_ordered_a_knife_set_that_has_not_left(demo):
    [order] = demo("A-1010").orders
    assert (order.id, order.item, order.price, order.status) == (
        "O-5001",
        "Knife set",
        Money(12900),
        OrderStatus.PAID,
    )


def test_adas_orders_came_eight_and_forty_five_days_ago(demo):
    told = [(o.id, o.price.minor, o.status.value, o.delivered_on) for o in demo("A-1011").orders]
    assert told == [
        ("O-5002", 7900, "delivered", demo.in_days(-8)),
        ("O-5003", 2900, "delivered", demo.in_days(-45)),
    ]


def test_noor_is_of_high_value_for_three_households(demo):
    noor = demo("A-1012")
    assert noor.households == 3
    assert noor.lifetime_value.minor > 1_000_000
    assert noor.subscriptions[0].price == Money(3 * 8900)
    others = [demo(number).lifetime_value.minor for number in ALL if number != "A-1012"]
    assert max(others) < 1_000_000


def test_max_is_set_to_end_with_his_paid_period(demo):
    [mine] = demo("A-1014").subscriptions
    assert (mine.status, mine.cancels_on) == (SubscriptionStatus.ACTIVE, mine.renews_on)
    days = (mine.cancels_on - demo.today).days
    assert demo("A-1014", after_days=days).subscriptions[0].status is SubscriptionStatus.CANCELED


def test_zoes_trial_ends_in_two_days(demo):
    zoe = demo("A-1015")
    [mine] = zoe.subscriptions
    assert (mine.trial_ends_on, mine.renews_on) == (demo.in_days(2), demo.in_days(2))
    assert zoe.invoices == ()


def test_emil_began_five_days_ago_and_paid_once(demo):
    emil = demo("A-1016")
    [mine], [paid] = emil.subscriptions, emil.invoices
    assert (mine.started_on, mine.period_starts_on) == (demo.in_days(-5), demo.in_days(-5))
    assert (paid.amount, paid.status, paid.paid_on) == (Money(5900), "paid", demo.in_days(-5))


@pytest.mark.parametrize("number", ALL)
def test_what_was_paid_adds_up(engine, number):
    """The lifetime value covers at least the invoices and orders on record."""
    told = Loaded(engine, TODAY)(number)
    paid = sum(i.amount.minor for i in told.invoices if i.status == "paid")
    ordered = sum(o.price.minor for o in told.orders)
    assert told.lifetime_value.minor >= paid + ordered
    if len(told.invoices) < 6:
        assert told.lifetime_value.minor == paid + ordered


def test_loading_again_touches_nothing(engine):
    demo = Loaded(engine, TODAY)
    demo.billing.execute("A-1001", GrantCredit(Money(500)), key="k", now=NOW)
    clock = FakeClock()
    assert load_demo_accounts(demo=SqlDemoAccounts(engine), clock=clock) == ()
    assert demo("A-1001").credit == Money(500)


def test_loading_fills_in_what_is_missing(engine):
    clock = FakeClock()
    assert load_demo_accounts(demo=SqlDemoAccounts(engine), clock=clock) == ALL
    with engine.begin() as connection:
        connection.execute(sa.delete(t.orders).where(t.orders.c.account == "A-1010"))
        connection.execute(sa.delete(t.accounts).where(t.accounts.c.number == "A-1010"))
    assert load_demo_accounts(demo=SqlDemoAccounts(engine), clock=clock) == ("A-1010",)


def test_a_reset_restores_accounts_orders_invoices_and_concessions_as_of_today(engine):
    demo = Loaded(engine, TODAY)
    before = [demo(number) for number in ALL]
    demo.billing.execute("A-1001", CancelSubscription("S-1001", True, NOW, True), key="a", now=NOW)
    demo.billing.execute("A-1010", CancelOrder("O-5001"), key="b", now=NOW)
    demo.billing.execute("A-1002", GrantCredit(Money(500)), key="c", now=NOW)
    demo("A-1003", after_days=50)
    assert [demo(number) for number in ALL] != before
    steps: list[str] = []
    numbers = reset_demo_accounts(
        demo=SqlDemoAccounts(engine),
        clock=FakeClock(),
        before=(lambda: steps.append("conversations closed"),),
    )
    assert (numbers, steps) == (ALL, ["conversations closed"])
    assert [demo(number) for number in ALL] == before


def test_a_reset_on_a_later_day_counts_from_that_day(engine):
    demo = Loaded(engine, TODAY)
    clock = FakeClock(NOW + timedelta(days=100))
    reset_demo_accounts(demo=SqlDemoAccounts(engine), clock=clock)
    [mine] = demo("A-1001", after_days=100).subscriptions
    assert mine.renews_on == TODAY + timedelta(days=112)


def test_a_request_repeated_after_a_reset_is_not_carried_out_again(engine):
    demo = Loaded(engine, TODAY)
    command = GrantCredit(Money(500))
    assert demo.billing.execute("A-1001", command, key="k", now=NOW).credit == Money(500)
    SqlDemoAccounts(engine).reset(now=NOW)
    assert demo.billing.execute("A-1001", command, key="k", now=NOW).credit == Money(0)


def test_other_accounts_survive_a_reset(engine):
    demo = Loaded(engine, TODAY)
    with engine.begin() as connection:
        row = connection.execute(sa.select(t.accounts).limit(1)).mappings().one()
        stranger = {**row, "number": "A-77", "email": "stranger@larder.example"}
        connection.execute(sa.insert(t.accounts).values(stranger))
    SqlDemoAccounts(engine).reset(now=NOW)
    assert demo("A-77").customer.email == "stranger@larder.example"


CONTRACT = {
    "account": "account customer credit_minor subscriptions orders invoices concessions",
    "customer": "name email jurisdiction",
    "subscriptions": "id plan status price_minor currency interval renews_on trial_ends_on "
    "discount pause pending_change cancels_on canceled_at skipped",
    "orders": "id item status price_minor refund_minor refund_due_minor delivered_on",
    "invoices": "id amount_minor status due_on refunded_minor",
    "concessions": "kind policy granted_at value_minor",
}


@pytest.mark.parametrize("number", ALL)
def test_every_account_is_shown_in_the_shape_of_the_contract(engine, number):
    demo = Loaded(engine, TODAY)
    shown = show_account(number, billing=demo.billing, clock=FakeClock())
    parts = {**shown, "account": [shown], "customer": [shown["customer"]]}
    for part, keys in CONTRACT.items():
        rows = parts[part]
        assert all(row.keys() >= set(keys.split()) for row in rows), part


def test_dates_are_iso_instants_utc_and_money_whole(engine):
    demo = Loaded(engine, TODAY)
    shown = show_account("A-1003", billing=demo.billing, clock=FakeClock())
    [mine], [concession] = shown["subscriptions"], shown["concessions"]
    assert mine["discount"] == {"percent": 20, "ends_on": "2026-04-20"}
    assert (mine["price_minor"], mine["renews_on"]) == (3900, "2026-03-20")
    assert concession["granted_at"] == "2026-01-10T10:30:00+00:00"
    assert concession["value_minor"] == 2340


def test_everything_told_of_an_account_comes_from_rows(engine):
    demo = Loaded(engine, TODAY)
    assert demo("A-1006").tickets
    with engine.begin() as connection:
        for table in (t.tickets, t.incident_accounts, t.boxes):
            connection.execute(sa.delete(table).where(table.c.account == "A-1006"))
    told = demo("A-1006")
    assert (told.tickets, told.incidents, told.boxes) == ((), (), ())


def test_the_company_file_and_the_billing_system_agree():
    file = ROOT / "data" / "retention" / "company.yml"
    said, kept = load_terms(file), BillingTerms()
    assert load_plans(file) == tuple(plan.code for plan in PLANS)
    assert set(said.exchange_items) == {item.name for item in SHOP_ITEMS}
    assert said.return_days == kept.return_days
    assert said.skip_notice_days == kept.skip_days_before_dispatch
    assert said.pause_months_at_most == kept.pause_months
    assert said.pause_months_in_a_row_at_most == kept.pause_months_in_a_row
