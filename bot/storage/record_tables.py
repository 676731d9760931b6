"""What is only ever added to: the chain of records, and the revisions of policies in use."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

records = sa.Table(
    "records",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("account", sa.String(64)),
    sa.Column("payload", sa.JSON(none_as_null=True)),
    sa.Column("salt", sa.String(32)),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("link", sa.String(64), nullable=False),
    sa.Index("ix_records_account", "account", "number"),
)

policy_revisions = sa.Table(
    "policy_revisions",
    metadata,
    sa.Column("policy", sa.String(128), primary_key=True),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Column("in_use_since", Instant, nullable=False),
)
