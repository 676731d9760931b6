"""The embedded billing system. Why: accounts, money and deliveries need one durable truth."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("lifetime_minor", sa.BigInteger(), nullable=False),
        sa.Column("pays_automatically", sa.Boolean(), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("expected_fix_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'resolved')", name=op.f("ck_incidents_known_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "plans",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("advertised", sa.Boolean(), nullable=False),
        sa.Column("boxes_per_cycle", sa.Integer(), nullable=False),
        sa.CheckConstraint("interval IN ('month', 'year')", name=op.f("ck_plans_known_interval")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_plans")),
    )
    op.create_table(
        "shop_items",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shop_items")),
    )
    op.create_table(
        "billing_commands",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("executed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_billing_commands_account")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_billing_commands")),
    )
    op.create_index(
        op.f("ix_billing_commands_account"), "billing_commands", ["account"], unique=False
    )
    op.create_table(
        "concessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=True),
        sa.Column("granted_at", Instant(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_concessions_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concessions")),
    )
    op.create_index(op.f("ix_concessions_account"), "concessions", ["account"], unique=False)
    op.create_table(
        "incident_accounts",
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_incident_accounts_account")
        ),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.id"], name=op.f("fk_incident_accounts_incident")
        ),
        sa.PrimaryKeyConstraint("incident", "account", name=op.f("pk_incident_accounts")),
    )
    op.create_index(
        op.f("ix_incident_accounts_account"), "incident_accounts", ["account"], unique=False
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_due_minor", sa.BigInteger(), nullable=False),
        sa.Column("settlement", sa.String(), nullable=True),
        sa.Column("exchange_item", sa.String(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("dispatched_on", sa.Date(), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('paid', 'dispatched', 'delivered', 'canceled', 'return_requested', "
            "'returned', 'exchange_requested', 'exchanged')",
            name=op.f("ck_orders_known_status"),
        ),
        sa.CheckConstraint(
            "price_minor >= 0 AND refund_minor >= 0 AND refund_due_minor >= 0",
            name=op.f("ck_orders_not_negative"),
        ),
        sa.CheckConstraint(
            "refund_minor + refund_due_minor <= price_minor",
            name=op.f("ck_orders_refund_within_price"),
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_orders_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_account"), "orders", ["account"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("nickname", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("interval", sa.String(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=False),
        sa.Column("renews_on", sa.Date(), nullable=True),
        sa.Column("trial_ends_on", sa.Date(), nullable=True),
        sa.Column("cancels_on", sa.Date(), nullable=True),
        sa.Column("canceled_at", Instant(), nullable=True),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("next_box_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "interval IN ('month', 'year')", name=op.f("ck_subscriptions_known_interval")
        ),
        sa.CheckConstraint(
            "status <> 'canceled' OR (renews_on IS NULL AND canceled_at IS NOT NULL)",
            name=op.f("ck_subscriptions_ended_never_renews"),
        ),
        sa.CheckConstraint(
            "status IN ('trialing', 'active', 'paused', 'canceled')",
            name=op.f("ck_subscriptions_known_status"),
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_subscriptions_not_negative")),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_subscriptions_account")
        ),
        sa.ForeignKeyConstraint(["plan"], ["plans.code"], name=op.f("fk_subscriptions_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index(op.f("ix_subscriptions_account"), "subscriptions", ["account"], unique=False)
    op.create_table(
        "support_tickets",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'closed')", name=op.f("ck_support_tickets_known_status")
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_support_tickets_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_tickets")),
    )
    op.create_index(
        op.f("ix_support_tickets_account"), "support_tickets", ["account"], unique=False
    )
    op.create_table(
        "boxes",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("dispatch_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("cooked", sa.Boolean(), nullable=False),
        sa.Column("concession", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_boxes_account")),
        sa.ForeignKeyConstraint(
            ["concession"], ["concessions.id"], name=op.f("fk_boxes_concession")
        ),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_boxes_subscription")
        ),
        sa.PrimaryKeyConstraint("subscription", "dispatch_on", name=op.f("pk_boxes")),
    )
    op.create_index(op.f("ix_boxes_account"), "boxes", ["account"], unique=False)
    op.create_table(
        "credit_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("booked_at", Instant(), nullable=False),
        sa.Column("invoice", sa.String(), nullable=True),
        sa.Column("concession", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_credit_entries_account")
        ),
        sa.ForeignKeyConstraint(
            ["concession"], ["concessions.id"], name=op.f("fk_credit_entries_concession")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entries")),
    )
    op.create_index(op.f("ix_credit_entries_account"), "credit_entries", ["account"], unique=False)
    op.create_table(
        "discounts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("cycles", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cycles_used", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("concession", sa.String(), nullable=True),
        sa.CheckConstraint("cycles_used BETWEEN 0 AND cycles", name=op.f("ck_discounts_cycles")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_discounts_percent")),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_discounts_account")
        ),
        sa.ForeignKeyConstraint(
            ["concession"], ["concessions.id"], name=op.f("fk_discounts_concession")
        ),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_discounts_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discounts")),
    )
    op.create_index(op.f("ix_discounts_account"), "discounts", ["account"], unique=False)
    op.create_table(
        "invoices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=True),
        sa.Column("list_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'paid', 'refunded', 'void')", name=op.f("ck_invoices_known_status")
        ),
        sa.CheckConstraint(
            "amount_minor = list_minor - discount_minor - credit_minor",
            name=op.f("ck_invoices_amount_adds_up"),
        ),
        sa.CheckConstraint(
            "amount_minor >= 0 AND refunded_minor >= 0 AND credit_minor >= 0 "
            "AND discount_minor >= 0",
            name=op.f("ck_invoices_not_negative"),
        ),
        sa.CheckConstraint(
            "refunded_minor <= amount_minor", name=op.f("ck_invoices_refund_within_amount")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_invoices_account")),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_invoices_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint(
            "subscription", "issued_on", name=op.f("uq_invoices_subscription_issued_on")
        ),
    )
    op.create_index(op.f("ix_invoices_account"), "invoices", ["account"], unique=False)
    op.create_table(
        "pauses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("resumes_on", sa.Date(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("concession", sa.String(), nullable=True),
        sa.CheckConstraint("starts_on <= resumes_on", name=op.f("ck_pauses_half_open")),
        sa.ForeignKeyConstraint(["account"], ["accounts.number"], name=op.f("fk_pauses_account")),
        sa.ForeignKeyConstraint(
            ["concession"], ["concessions.id"], name=op.f("fk_pauses_concession")
        ),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_pauses_subscription")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pauses")),
    )
    op.create_index(op.f("ix_pauses_account"), "pauses", ["account"], unique=False)
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("from_plan", sa.String(), nullable=False),
        sa.Column("to_plan", sa.String(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("dropped_at", Instant(), nullable=True),
        sa.Column("concession", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.number"], name=op.f("fk_plan_changes_account")
        ),
        sa.ForeignKeyConstraint(
            ["concession"], ["concessions.id"], name=op.f("fk_plan_changes_concession")
        ),
        sa.ForeignKeyConstraint(
            ["subscription"], ["subscriptions.id"], name=op.f("fk_plan_changes_subscription")
        ),
        sa.ForeignKeyConstraint(["to_plan"], ["plans.code"], name=op.f("fk_plan_changes_to_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
    op.create_index(op.f("ix_plan_changes_account"), "plan_changes", ["account"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_changes_account"), table_name="plan_changes")
    op.drop_table("plan_changes")
    op.drop_index(op.f("ix_pauses_account"), table_name="pauses")
    op.drop_table("pauses")
    op.drop_index(op.f("ix_invoices_account"), table_name="invoices")
    op.drop_table("invoices")
    op.drop_index(op.f("ix_discounts_account"), table_name="discounts")
    op.drop_table("discounts")
    op.drop_index(op.f("ix_credit_entries_account"), table_name="credit_entries")
    op.drop_table("credit_entries")
    op.drop_index(op.f("ix_boxes_account"), table_name="boxes")
    op.drop_table("boxes")
    op.drop_index(op.f("ix_support_tickets_account"), table_name="support_tickets")
    op.drop_table("support_tickets")
    op.drop_index(op.f("ix_subscriptions_account"), table_name="subscriptions")
    op.drop_table("subscriptions")
    op.drop_index(op.f("ix_orders_account"), table_name="orders")
    op.drop_table("orders")
    op.drop_index(op.f("ix_incident_accounts_account"), table_name="incident_accounts")
    op.drop_table("incident_accounts")
    op.drop_index(op.f("ix_concessions_account"), table_name="concessions")
    op.drop_table("concessions")
    op.drop_index(op.f("ix_billing_commands_account"), table_name="billing_commands")
    op.drop_table("billing_commands")
    op.drop_table("shop_items")
    op.drop_table("plans")
    op.drop_table("incidents")
    op.drop_table("accounts")
