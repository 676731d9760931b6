"""What concessions take from the monthly budgets, and for which account they were."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

budget_lines = sa.Table(
    "budget_lines",
    metadata,
    sa.Column("offer", sa.String(128), primary_key=True),
    sa.Column("policy", sa.String(128), primary_key=True),
    # None once the person was erased: what was spent stays spent.
    sa.Column("account", sa.String(64)),
    # The person who made the offer; None: the assistant.
    sa.Column("granted_by", sa.String(64)),
    sa.Column("cools_down", sa.Boolean, nullable=False),
    # The first day of the month in which it counts.
    sa.Column("month", sa.Date, nullable=False),
    sa.Column("cost_minor", sa.BigInteger, nullable=False),
    sa.Column("set_aside_at", Instant, nullable=False),
    # It counts until then, or for good once it was agreed; one of the two is set.
    sa.Column("until", Instant),
    sa.Column("agreed_at", Instant),
    sa.CheckConstraint("cost_minor > 0", name="costs_something"),
    sa.Index("ix_budget_lines_month", "month"),
    sa.Index("ix_budget_lines_account", "account"),
)
