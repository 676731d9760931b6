"""The tables of tickets outside: calls that were promised, what must go out, and what came back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata


def _of_ticket(**options: Any) -> tuple[Any, Any]:
    """Every row names its conversation too, so that a person can be erased by it."""
    return (
        sa.Column("ticket", sa.String(32), sa.ForeignKey("tickets.id"), nullable=False, **options),
        sa.Column("conversation", sa.String(64), sa.ForeignKey("conversations.id"), nullable=False),
    )


ticket_calls = sa.Table(
    "ticket_calls",
    metadata,
    *_of_ticket(primary_key=True),
    sa.Column("phone", sa.String(32), nullable=False),
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant, nullable=False),
)

# What has to reach a system outside, once each: `key` names it there, whatever is tried again.
ticket_deliveries = sa.Table(
    "ticket_deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    *_of_ticket(),
    sa.Column("key", sa.String(160), nullable=False),
    sa.Column("outside", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("done_at", Instant),
    sa.UniqueConstraint("key"),
    sa.CheckConstraint("kind IN ('open', 'add')", name="kind"),
    sa.Index("ix_ticket_deliveries_ticket", "ticket", "outside", "id"),
)

ticket_links = sa.Table(
    "ticket_links",
    metadata,
    *_of_ticket(primary_key=True),
    sa.Column("outside", sa.String(32), primary_key=True),
    sa.Column("reference", sa.String(128), nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("looked_at", Instant),
)

ticket_replies = sa.Table(
    "ticket_replies",
    metadata,
    *_of_ticket(),
    sa.Column("outside", sa.String(32), primary_key=True),
    sa.Column("reply", sa.String(128), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
