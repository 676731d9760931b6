"""The agents' tables: who is on duty, their cases, notes, read marks and surveys."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.storage.desk_tables import conversations
from bot.storage.schema import Instant, metadata


def _conversation(**options: Any) -> Any:
    return sa.Column(
        "conversation", sa.String(64), sa.ForeignKey(conversations.c.id), nullable=False, **options
    )


# Who answers customers, as they were when last heard of.
agents = sa.Table(
    "agents",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("level", sa.String(32), nullable=False),
    sa.Column("team", sa.String(64)),
    sa.Column("skills", sa.JSON, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("beat_at", Instant, nullable=False),
    sa.Column("viewing", sa.String(64)),
    sa.Column("replying_at", Instant),
    sa.CheckConstraint("status IN ('here', 'away', 'off')", name="status"),
)

# One row a conversation: its present stay with people, or the last one.
cases = sa.Table(
    "cases",
    metadata,
    _conversation(primary_key=True),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("wants", sa.String(32), nullable=False),
    sa.Column("skill", sa.String(32), nullable=False),
    sa.Column("customer_name", sa.String(128)),
    sa.Column("cancellation_reason", sa.String(32)),
    sa.Column("value_minor", sa.BigInteger),
    sa.Column("currency", sa.String(3)),
    sa.Column("team", sa.String(64)),
    sa.Column("for_agent", sa.String(64)),
    sa.Column("came_back", sa.Boolean, nullable=False),
    sa.Column("waiting_since", Instant),
    sa.Column("held_since", Instant),
    sa.Column("first_reply_at", Instant),
    sa.Column("last_agent", sa.String(64)),
    sa.Column("closed_at", Instant),
    sa.Column("outcome", sa.String(16)),
)

case_notes = sa.Table(
    "case_notes",
    metadata,
    _conversation(primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("author", sa.String(64), nullable=False),
    sa.Column("author_name", sa.String(128), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("client_message_id", sa.String(64), nullable=False),
    sa.Column("at", Instant, nullable=False),
    # A retried request must not note it twice.
    sa.UniqueConstraint("conversation", "client_message_id"),
)

read_marks = sa.Table(
    "read_marks",
    metadata,
    _conversation(primary_key=True),
    sa.Column("agent", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
)

# One question after a case was closed; `version` is the conversation's at that moment.
surveys = sa.Table(
    "surveys",
    metadata,
    _conversation(primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("agent", sa.String(64), nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("rating", sa.Integer),
    sa.Column("answered_at", Instant),
)
