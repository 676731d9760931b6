"""Which signed identities were taken already."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

used_identities = sa.Table(
    "used_identities",
    metadata,
    sa.Column("jti", sa.String(100), primary_key=True),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Index("ix_used_identities_expires_at", "expires_at"),
)
