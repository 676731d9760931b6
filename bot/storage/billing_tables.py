"""The embedded billing system's tables; amounts are in the account's smallest currency unit.

Every row names its account, so that an account's books are read by one key and without joins.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata


def _account(**options: Any) -> Any:
    return sa.Column(
        "account", sa.String, sa.ForeignKey("accounts.number"), nullable=False, **options
    )


def _subscription(*, nullable: bool = False, **options: Any) -> Any:
    return sa.Column(
        "subscription", sa.String, sa.ForeignKey("subscriptions.id"), nullable=nullable, **options
    )


def _concession() -> Any:
    return sa.Column("concession", sa.String, sa.ForeignKey("concessions.id"))


def _minor(name: str, **options: Any) -> Any:
    return sa.Column(name, sa.BigInteger, nullable=False, **options)


def _never_negative(*names: str) -> Any:
    return sa.CheckConstraint(" AND ".join(f"{name} >= 0" for name in names), name="not_negative")


def _one_of(column: str, *values: str) -> Any:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"known_{column}")


plans = sa.Table(
    "plans",
    metadata,
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    _minor("price_minor"),
    sa.Column("currency", sa.String, nullable=False),
    sa.Column("interval", sa.String, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("advertised", sa.Boolean, nullable=False),
    sa.Column("boxes_per_cycle", sa.Integer, nullable=False),
    _one_of("interval", "month", "year"),
)

shop_items = sa.Table(
    "shop_items",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    _minor("price_minor"),
    sa.Column("currency", sa.String, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("number", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    # In lower case: an address proves who somebody is, however they type it.
    sa.Column("email", sa.String, nullable=False, unique=True),
    sa.Column("jurisdiction", sa.String),
    sa.Column("currency", sa.String, nullable=False),
    sa.Column("households", sa.Integer, nullable=False),
    # What was paid so far, less refunds; older payments than the invoices kept here count too.
    _minor("lifetime_minor"),
    # False: the means of payment fails, so that invoices stay open until they are paid by hand.
    sa.Column("pays_automatically", sa.Boolean, nullable=False),
    # The next number for a row of this account: invoices, concessions and what hangs on them.
    sa.Column("next_number", sa.Integer, nullable=False),
)

concessions = sa.Table(
    "concessions",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("policy", sa.String, nullable=False),
    sa.Column("subscription", sa.String),
    sa.Column("granted_at", Instant, nullable=False),
    _minor("value_minor"),
    sa.Column("revoked_at", Instant),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    sa.Column("plan", sa.String, sa.ForeignKey("plans.code"), nullable=False),
    sa.Column("nickname", sa.String),
    sa.Column("status", sa.String, nullable=False),
    _minor("price_minor"),
    sa.Column("interval", sa.String, nullable=False),
    sa.Column("started_on", sa.Date, nullable=False),
    # Renewals are whole months from here, so that a 31st does not become a 28th for ever.
    sa.Column("anchor_on", sa.Date, nullable=False),
    sa.Column("period_starts_on", sa.Date, nullable=False),
    sa.Column("renews_on", sa.Date),
    sa.Column("trial_ends_on", sa.Date),
    sa.Column("cancels_on", sa.Date),
    sa.Column("canceled_at", Instant),
    sa.Column("every_weeks", sa.Integer, nullable=False),
    # The next day of the delivery rhythm that has not been booked, skipped or not.
    sa.Column("next_box_on", sa.Date),
    _one_of("status", "trialing", "active", "paused", "canceled"),
    _one_of("interval", "month", "year"),
    _never_negative("price_minor"),
    # R15 rests on this: what has ended has no next charge.
    sa.CheckConstraint(
        "status <> 'canceled' OR (renews_on IS NULL AND canceled_at IS NOT NULL)",
        name="ended_never_renews",
    ),
)

plan_changes = sa.Table(
    "plan_changes",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    _subscription(),
    sa.Column("from_plan", sa.String, nullable=False),
    sa.Column("to_plan", sa.String, sa.ForeignKey("plans.code"), nullable=False),
    _minor("price_minor"),
    # Pending while neither is set.
    sa.Column("changed_on", sa.Date),
    sa.Column("dropped_at", Instant),
    _concession(),
)

discounts = sa.Table(
    "discounts",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    _subscription(),
    sa.Column("percent", sa.Integer, nullable=False),
    sa.Column("cycles", sa.Integer, nullable=False),
    # The first day without it, as it was agreed; a later pause moves it.
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("cycles_used", sa.Integer, nullable=False),
    sa.Column("ended_at", Instant),
    _concession(),
    sa.CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
    sa.CheckConstraint("cycles_used BETWEEN 0 AND cycles", name="cycles"),
)

pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    _subscription(),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("resumes_on", sa.Date, nullable=False),
    sa.Column("ended_at", Instant),
    _concession(),
    sa.CheckConstraint("starts_on <= resumes_on", name="half_open"),
)

boxes = sa.Table(
    "boxes",
    metadata,
    _account(index=True),
    _subscription(primary_key=True),
    sa.Column("dispatch_on", sa.Date, primary_key=True),
    sa.Column("due_on", sa.Date, nullable=False),
    # When it came, or is expected; late when that is after `due_on`.
    sa.Column("arrives_on", sa.Date, nullable=False),
    sa.Column("skipped", sa.Boolean, nullable=False),
    sa.Column("cooked", sa.Boolean, nullable=False),
    _concession(),
)

orders = sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    sa.Column("item", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    _minor("price_minor"),
    _minor("refund_minor"),
    _minor("refund_due_minor"),
    # How the goods' way back is settled: refund, credit or exchange; none while it is not asked.
    sa.Column("settlement", sa.String),
    sa.Column("exchange_item", sa.String),
    sa.Column("ordered_on", sa.Date, nullable=False),
    sa.Column("dispatched_on", sa.Date),
    sa.Column("delivered_on", sa.Date),
    _one_of(
        "status",
        "paid",
        "dispatched",
        "delivered",
        "canceled",
        "return_requested",
        "returned",
        "exchange_requested",
        "exchanged",
    ),
    sa.CheckConstraint(
        "refund_minor + refund_due_minor <= price_minor", name="refund_within_price"
    ),
    _never_negative("price_minor", "refund_minor", "refund_due_minor"),
)

invoices = sa.Table(
    "invoices",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    _subscription(nullable=True),
    # list price - discount - credit = amount, which is what the customer is charged.
    _minor("list_minor"),
    _minor("discount_minor"),
    _minor("credit_minor"),
    _minor("amount_minor"),
    _minor("refunded_minor"),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("paid_on", sa.Date),
    _one_of("status", "open", "paid", "refunded", "void"),
    _never_negative("amount_minor", "refunded_minor", "credit_minor", "discount_minor"),
    sa.CheckConstraint(
        "amount_minor = list_minor - discount_minor - credit_minor", name="amount_adds_up"
    ),
    sa.CheckConstraint("refunded_minor <= amount_minor", name="refund_within_amount"),
    # One charge for one period, whoever books it.
    sa.UniqueConstraint("subscription", "issued_on"),
)

credit_entries = sa.Table(
    "credit_entries",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    # Above zero is granted, below zero used up; the balance is the sum.
    _minor("amount_minor"),
    sa.Column("why", sa.String, nullable=False),
    sa.Column("booked_at", Instant, nullable=False),
    sa.Column("invoice", sa.String),
    _concession(),
)

tickets = sa.Table(
    "support_tickets",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    _account(index=True),
    sa.Column("subject", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    _one_of("status", "open", "closed"),
)

incidents = sa.Table(
    "incidents",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("opened_on", sa.Date, nullable=False),
    sa.Column("expected_fix_on", sa.Date),
    _one_of("status", "open", "resolved"),
)

incident_accounts = sa.Table(
    "incident_accounts",
    metadata,
    sa.Column("incident", sa.String, sa.ForeignKey("incidents.id"), primary_key=True),
    _account(primary_key=True, index=True),
)

billing_commands = sa.Table(
    "billing_commands",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    _account(index=True),
    sa.Column("command", sa.String, nullable=False),
    # What was asked, without when: a retried request may carry another time of asking.
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("executed_at", Instant, nullable=False),
)
