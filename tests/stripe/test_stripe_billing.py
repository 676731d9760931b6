"""What is Stripe's own beside the contract: how its objects are read, and what is left undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import AccountNotFound, BillingUnavailable, SetupError
from bot.integrations.stripe_client import StripeClient
from bot.integrations.stripe_reading import moment
from bot.money import Money
from bot.retention.account import SubscriptionStatus
from bot.retention.calendar import add_months
from bot.retention.capabilities import Capability
from bot.retention.commands import (
    ApplyDiscount,
    CancelOrder,
    CancelSubscription,
    ChangeFrequency,
    ChangePlan,
    ExchangeOrder,
    GrantCredit,
    PauseSubscription,
    RefundInvoice,
    RequestReturn,
    ReturnForCredit,
    SkipDelivery,
    UndoCancellation,
)
from tests.billing_contract import Customer, a_note, at, cancels, charges, in_days
from tests.factories import NOW, TODAY, days_from_now
from tests.stripe.served import AS_IT_COMES, StripeServer, served, stripe_billing

pytestmark = pytest.mark.slow

RENEWS_ON = days_from_now(12)


@pytest.fixture
def maya(billing: Any) -> Customer:
    return Customer(billing, "A-1001")


# What it declares


def test_what_stripe_does_not_declare_it_refuses_and_nothing_is_left_behind(billing, maya):
    lacking = set(Capability) - billing.capabilities.declared
    assert lacking == {
        Capability.PAUSE_TO_ANY_DAY,
        Capability.SKIP,
        Capability.CHANGE_INTERVAL,
        Capability.CHANGE_FREQUENCY,
        Capability.ORDERS,
    }
    until = RENEWS_ON + timedelta(days=40)
    maya.cannot(PauseSubscription("S-1001", RENEWS_ON, until), "whole billing periods")
    maya.cannot(ChangePlan("S-1001", "family_annual"), "bill at once")
    for command in (
        SkipDelivery("S-1001", days_from_now(6)),
        ChangeFrequency("S-1001", 2),
        CancelOrder("O-1"),
        RequestReturn("O-1"),
        ReturnForCredit("O-1", Money(1)),
        ExchangeOrder("O-1", "Pan"),
    ):
        maya.cannot(command, f"nothing that does {type(command).__name__}")


# How it is read


def test_the_profile_comes_from_the_address(billing):
    told = [Customer(billing, a).seen().customer.jurisdiction for a in ("A-1001", "A-1005")]
    assert told == ["US-CO", "DE"]


@pytest.mark.parametrize(
    ("address", "metadata", "told"),
    [
        ({"country": "US"}, {}, None),
        ({"country": "US", "state": "California"}, {}, None),
        ({"country": "us", "state": "ca"}, {}, "US-CA"),
        ({"country": "US", "state": "CA"}, {"jurisdiction": "US-MN"}, "US-MN"),
    ],
)
def test_an_address_that_says_too_little_gets_the_strictest_profile(
    billing, maya, address, metadata, told
):
    change = {"address": address, "metadata": metadata}
    billing.server.ask(f"/v1/customers/{billing.ids['A-1001']}", change)
    assert maya.seen().customer.jurisdiction == told


def test_an_unpaid_invoice_is_overdue_after_its_day_and_its_subscription_goes_on(billing):
    ruth = Customer(billing, "A-1009")
    [overdue] = [i for i in ruth.seen().invoices if i.status == "overdue"]
    assert ((TODAY - overdue.due_on).days, overdue.amount) == (11, Money(8900))
    assert ruth.subscription().status is SubscriptionStatus.ACTIVE


def test_a_pause_set_elsewhere_is_told_and_one_without_an_end_promises_nothing(billing, maya):
    subscription = f"/v1/subscriptions/{billing.ids['S-1001']}"
    ends_at = int(at(RENEWS_ON).timestamp()) + 40 * 24 * 3600
    paused = {"behavior": "void", "resumes_at": ends_at}
    billing.server.ask(subscription, {"pause_collection": paused})
    told = maya.subscription()
    assert (told.status, told.pause.resumes_on) == (
        SubscriptionStatus.PAUSED,
        add_months(RENEWS_ON, 2),
    )
    billing.server.ask(subscription, {"pause_collection": {"behavior": "void"}})
    told = maya.subscription()
    assert (told.status, told.pause, told.renews_on) == (SubscriptionStatus.PAUSED, None, None)
    assert maya.does(cancels()).subscriptions[0].canceled_at == NOW


def test_a_discount_for_good_is_told_as_the_price(billing, maya):
    coupon = {"id": "friends", "percent_off": 50, "duration": "forever"}
    billing.server.ask("/v1/coupons", coupon)
    subscription = f"/v1/subscriptions/{billing.ids['S-1001']}"
    billing.server.ask(subscription, {"discounts": [{"coupon": "friends"}]})
    told = maya.subscription()
    assert (told.price, told.discount) == (Money(4450), None)
    assert charges(maya.seen(at(RENEWS_ON)), since=RENEWS_ON) == [4450]


def test_a_rhythm_the_desk_has_no_words_for_is_refused_and_not_guessed(billing, maya):
    product = billing.server.get("/v1/products")["data"][0]["id"]
    weekly = {"id": "weekly", "amount": 900, "currency": "usd", "interval": "week"}
    billing.server.ask("/v1/plans", {**weekly, "product": product})
    billing.billing._plans = (0.0, ())
    assert "weekly" not in {plan.code for plan in billing.catalogue()}
    billing.server.ask(
        "/v1/subscriptions",
        {
            "customer": billing.ids["A-1001"],
            "items": [{"plan": "weekly"}],
            "test_period": [int(NOW.timestamp()), int(NOW.timestamp()) + 7 * 24 * 3600],
        },
    )
    with pytest.raises(BillingUnavailable, match="billed every 1 week"):
        maya.seen()


def test_plans_that_do_not_say_how_big_they_are_are_ordered_by_price(billing):
    for code in ("light", "solo", "duo", "family", "family_annual"):
        billing.server.ask(f"/v1/plans/{code}", {"metadata": {"desk_size": 0}})
    billing.billing._plans = (0.0, ())
    months = [p for p in billing.catalogue() if p.interval == "month"]
    assert [p.code for p in months] == ["light", "solo", "duo", "family"]
    assert [p.size for p in months] == sorted({p.size for p in months})


def test_a_plan_may_have_a_code_of_its_own(billing, maya):
    billing.server.ask("/v1/plans/duo", {"metadata": {"desk_code": "for_two"}})
    billing.billing._plans = (0.0, ())
    told = maya.does(ChangePlan("S-1001", "for_two")).subscriptions[0]
    assert told.pending_change.plan == "for_two"
    assert charges(maya.seen(at(RENEWS_ON)), since=RENEWS_ON) == [5900]


def test_a_deleted_customer_and_one_of_another_shape_are_no_accounts(billing):
    for account in ("cus_unknown", "A-1"):
        with pytest.raises(AccountNotFound):
            billing.history(account, now=NOW)


def test_stripe_without_a_key_is_refused_at_the_start():
    with pytest.raises(SetupError, match="DESK_STRIPE_KEY"):
        StripeClient("https://stripe.example", key="", timeout_seconds=1)


def test_a_key_that_stripe_refuses_is_told_as_such(server, journal, billing):
    client = StripeClient(server.url, key="nonsense", timeout_seconds=5)
    with pytest.raises(BillingUnavailable, match="check DESK_STRIPE_KEY") as raised:
        client.get("/v1/customers")
    assert not raised.value.may_have_happened


# Taking back


def test_cancelling_takes_back_what_it_names_and_nothing_else(maya):
    """The contract's test of the same name, without the boxes that Stripe does not know."""
    for command in (
        ChangePlan("S-1001", "duo", a_note("downgrade")),
        ApplyDiscount("S-1001", 20, 3, a_note("discount")),
        PauseSubscription("S-1001", RENEWS_ON, add_months(RENEWS_ON, 1), a_note("pause")),
        GrantCredit(Money(1500), "S-1001", a_note("credit", value=1500)),
        GrantCredit(Money(3000), "S-1001", a_note("credit", policy="a_remedy@1")),
    ):
        maya.does(command)
    named = [c.id for c in maya.seen().concessions if c.policy != "a_remedy@1"]
    told = maya.does(cancels(revoke=(*named, "C-unknown")))
    [left] = told.subscriptions
    assert (left.cancels_on, left.plan) == (RENEWS_ON, "family")
    assert (left.pending_change, left.discount, left.pause) == (None, None, None)
    assert told.credit == Money(3000)
    assert [c.policy for c in told.concessions if c.revoked_at is None] == ["a_remedy@1"]
    undone = maya.does(UndoCancellation("S-1001")).subscriptions[0]
    assert (undone.pending_change, undone.discount, undone.pause) == (None, None, None)
    assert charges(maya.seen(at(RENEWS_ON)), since=RENEWS_ON) == [5900]


def test_the_last_agreed_plan_is_the_one_change_that_is_told(maya):
    maya.does(ChangePlan("S-1001", "duo"))
    told = maya.does(ChangePlan("S-1001", "solo")).subscriptions[0]
    assert (told.plan, told.price) == ("family", Money(8900))
    assert (told.pending_change.plan, told.pending_change.price) == ("solo", Money(3900))
    [change] = maya.seen(at(RENEWS_ON)).plan_changes
    assert (change.to_plan, change.changed_on) == ("solo", RENEWS_ON)


@pytest.mark.parametrize("cycles", [1, 2, 3, 12])
@pytest.mark.parametrize("in_hours", [0, 11.5 * 24, 12 * 24 - 10])
def test_a_discount_holds_for_exactly_its_charges_whenever_it_is_agreed(maya, cycles, in_hours):
    """Stripe counts a coupon's months from its use; the desk counts charges."""
    now = NOW + timedelta(hours=in_hours)
    maya.does(ApplyDiscount("S-1001", 20, cycles), now=now)
    after = maya.seen(at(add_months(RENEWS_ON, cycles + 1)))
    assert charges(after, since=RENEWS_ON) == [7120] * cycles + [8900] * 2


@pytest.mark.parametrize("days", [1, 20, 45, 200])
def test_nothing_is_charged_after_the_end(billing, maya, days):
    """R15: whichever way it ends, and however late Stripe hears of it."""
    tom, zoe = Customer(billing, "A-1004"), Customer(billing, "A-1015")
    heard = in_days(days)
    for customer in (maya, tom, zoe):
        name = customer.subscription(heard).id
        told = customer.does(CancelSubscription(name, True, NOW), now=heard)
        assert told.subscriptions[0].canceled_at == NOW
    for customer in (maya, tom, zoe):
        later = customer.seen(in_days(days + 400))
        assert sum(charges(later, since=days_from_now(1))) == 0


# localstripe as it comes


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StripeServer]:
    log = tmp_path_factory.mktemp("plain") / "localstripe.log"
    with served("-c", AS_IT_COMES, log=log) as running:
        yield running


@pytest.fixture
def somebody(plain: StripeServer) -> dict[str, str]:
    """A customer with a card and a subscription, made by localstripe and nobody else."""
    product = plain.ask("/v1/products", {"name": "Larder", "type": "service"})["id"]
    plan = {"amount": 8900, "currency": "eur", "interval": "month", "product": product}
    made = plain.ask("/v1/plans", {**plan, "nickname": "Family"})["id"]
    card = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    method = plain.ask("/v1/payment_methods", {"type": "card", "card": card})["id"]
    settings = {"default_payment_method": method}
    customer = plain.ask(
        "/v1/customers",
        {
            "name": "Maya",
            "email": "maya@larder.example",
            "payment_method": method,
            "invoice_settings": settings,
        },
    )["id"]
    subscription = plain.ask(
        "/v1/subscriptions", {"customer": customer, "items": [{"plan": made}]}
    )["id"]
    return {"customer": customer, "subscription": subscription, "plan": made}


def now_of(plain: StripeServer, somebody: dict[str, str]) -> Any:
    made = plain.get(f"/v1/subscriptions/{somebody['subscription']}")
    return moment(made["created"]) + timedelta(seconds=5)


def test_plain_localstripe_is_read_cancelled_undone_and_refunded(plain, somebody, journal):
    billing, now = stripe_billing(plain.url, journal), now_of(plain, somebody)
    customer, subscription = somebody["customer"], somebody["subscription"]
    told = billing.history(customer, now=now)
    assert (told.customer.name, told.lifetime_value) == ("Maya", Money(8900, "EUR"))
    [own] = told.subscriptions
    assert (own.id, own.plan, own.price) == (subscription, somebody["plan"], Money(8900, "EUR"))
    assert billing.account_of_email("Maya@larder.example ") == customer

    ends = CancelSubscription(subscription, False, now)
    [leaving] = billing.execute(customer, ends, key=f"{customer}-1", now=now).subscriptions
    assert (leaving.is_leaving, leaving.cancels_on) == (True, own.renews_on)
    undo = UndoCancellation(subscription)
    [back] = billing.execute(customer, undo, key=f"{customer}-2", now=now).subscriptions
    assert back == own

    invoice = told.invoices[0].id
    part = RefundInvoice(invoice, Money(900, "EUR"))
    told = billing.execute(customer, part, key=f"{customer}-3", now=now)
    assert (told.invoices[0].refunded, told.lifetime_value) == (
        Money(900, "EUR"),
        Money(8000, "EUR"),
    )

    at_once = CancelSubscription(subscription, True, now, refund_last_charge=True)
    told = billing.execute(customer, at_once, key=f"{customer}-4", now=now)
    assert told.subscriptions[0].status is SubscriptionStatus.CANCELED
    assert (told.invoices[0].status, told.lifetime_value) == ("refunded", Money(0, "EUR"))
