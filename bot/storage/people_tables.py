"""The staff: who works here, what they sign in with, and what is noted about what they did."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("team", sa.String(40), nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("disabled_at", Instant),
    sa.Column("password_hash", sa.String(200)),
    sa.Column("second_factor", sa.LargeBinary),
    sa.Column("last_step", sa.BigInteger, nullable=False),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("person", sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("used_at", Instant),
)

invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("person", sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("expires_at", Instant, nullable=False),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("person", sa.ForeignKey("people.id"), nullable=False),
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("last_seen_at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant, nullable=False),
    sa.Column("client", sa.String(200), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Index("ix_staff_sessions_person", "person"),
    sa.Index("ix_staff_sessions_created_at", "created_at"),
)

tries = sa.Table(
    "tries",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Index("ix_tries_last_at", "last_at"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person", sa.String(40)),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("salt", sa.String(32), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("link", sa.String(64), nullable=False),
    sa.Index("ix_audit_person", "person", "number"),
)
