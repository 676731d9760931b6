"""What the desk asked an outside billing system for, and which of its events were taken."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

billing_journal = sa.Table(
    "billing_journal",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(255), nullable=False, unique=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("command", sa.JSON, nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("effective_at", Instant),
    sa.Column("revoked", sa.JSON, nullable=False),
    sa.Column("done_at", Instant),
    sa.Column("revoked_at", Instant),
    sa.Index("ix_billing_journal_account", "account", "number"),
)

billing_events = sa.Table(
    "billing_events",
    metadata,
    sa.Column("event", sa.String(255), primary_key=True),
    sa.Column("taken_at", Instant, nullable=False),
)
