"""The tables of check-ins: what was raised, what was told, and who wants none; only added to."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

check_ins = sa.Table(
    "check_ins",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
    sa.Index("ix_check_ins_account", "account"),
)

# One row an occasion, whichever way it was told: that nobody hears of it twice is this key.
check_ins_told = sa.Table(
    "check_ins_told",
    metadata,
    sa.Column("key", sa.String(200), sa.ForeignKey("check_ins.key"), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("way IN ('site', 'mail')", name="way"),
    sa.Index("ix_check_ins_told_account", "account"),
)

check_in_switches = sa.Table(
    "check_in_switches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("way", sa.String(16), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_check_in_switches_account", "account"),
)
