"""The desk's tables: conversations, their messages and turns, and what came of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata


def _conversation(**options: Any) -> Any:
    return sa.Column(
        "conversation", sa.String(64), sa.ForeignKey("conversations.id"), nullable=False, **options
    )


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(64)),
    sa.Column("holder", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("cause", sa.String(128)),
    sa.Column("agent", sa.String(64)),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_turn", sa.Integer, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("heard_at", Instant, nullable=False),
    sa.Column("silent_since", Instant),
    sa.Column("left_at", Instant),
    sa.Column("closed_at", Instant),
    sa.CheckConstraint(
        "holder IN ('assistant', 'queue', 'agent', 'ticket', 'closed')", name="holder"
    ),
    sa.Index("ix_conversations_account", "account", "opened_at"),
    sa.Index("ix_conversations_holder", "holder", "heard_at"),
)

# Who held a conversation when; rows are only added.
holds = sa.Table(
    "holds",
    metadata,
    _conversation(primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.String(16), nullable=False),
    sa.Column("agent", sa.String(64)),
    sa.Column("cause", sa.String(128)),
    sa.Column("at", Instant, nullable=False),
)

messages = sa.Table(
    "messages",
    metadata,
    _conversation(primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sender", sa.String(16), nullable=False),
    sa.Column("sender_name", sa.String(128)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("offer", sa.JSON(none_as_null=True)),
    sa.Column("offer_id", sa.String(64)),
    sa.Column("receipt", sa.String(64)),
    sa.Column("client_message_id", sa.String(64)),
    sa.Column("button_id", sa.String(64)),
    sa.Column("turn", sa.Integer),
    sa.Column("position", sa.Integer),
    sa.Column("at", Instant, nullable=False),
    # A retried request must not say it twice, nor a repeated turn answer twice.
    sa.UniqueConstraint("conversation", "client_message_id", name="uq_messages_client_message_id"),
    sa.UniqueConstraint("conversation", "turn", "position", name="uq_messages_turn"),
    sa.CheckConstraint("sender IN ('customer', 'assistant', 'agent', 'system')", name="sender"),
)

buttons = sa.Table(
    "buttons",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("intent", sa.String(64), nullable=False),
    sa.Column("entities", sa.JSON, nullable=False),
    sa.Column("stage", sa.String(32)),
    sa.Column("offer_id", sa.String(64)),
    sa.Column("expires_at", Instant),
    sa.Column("pressed_seq", sa.Integer),
    sa.ForeignKeyConstraint(
        ["conversation", "seq"],
        ["messages.conversation", "messages.seq"],
        name="fk_buttons_message",
    ),
    # Not unique: the controls keep their ids in every message that offers them.
    sa.Index("ix_buttons_id", "conversation", "id"),
)

turns = sa.Table(
    "turns",
    metadata,
    _conversation(primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("message_id", sa.String(128), nullable=False),
    sa.Column("seq", sa.Integer),
    sa.Column("lane", sa.String(16), nullable=False),
    sa.Column("intent", sa.String(64)),
    sa.Column("entities", sa.JSON, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("next_try_at", Instant),
    sa.Column("told_at", Instant),
    sa.Column("done_at", Instant),
    sa.UniqueConstraint("message_id"),
    sa.Index(
        "ix_turns_waiting",
        "conversation",
        "lane",
        "number",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

turn_leases = sa.Table(
    "turn_leases",
    metadata,
    _conversation(primary_key=True),
    sa.Column("lane", sa.String(16), primary_key=True),
    sa.Column("owner", sa.String(64)),
    sa.Column("expires_at", Instant, nullable=False),
)

dropped_answers = sa.Table(
    "dropped_answers",
    metadata,
    _conversation(primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("answer", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

escalations = sa.Table(
    "escalations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _conversation(),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Column("cause", sa.String(128), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.UniqueConstraint("conversation", "cause"),
)

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    _conversation(),
    sa.Column("account", sa.String(64)),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("summary", sa.JSON, nullable=False),
    sa.Column("cause", sa.String(128), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.UniqueConstraint("conversation", "cause"),
)

dialogues = sa.Table(
    "dialogues",
    metadata,
    _conversation(primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
)

moves = sa.Table(
    "moves",
    metadata,
    _conversation(primary_key=True),
    sa.Column("message_id", sa.String(128), primary_key=True),
    sa.Column("reply", sa.JSON, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

save_attempts = sa.Table(
    "save_attempts",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64)),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("attempt", sa.JSON, nullable=False),
    sa.Index("ix_save_attempts_account", "account", "opened_at"),
)

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("conversation", sa.String(64)),
    sa.Column("receipt", sa.JSON, nullable=False),
)

waiting_cancellations = sa.Table(
    "waiting_cancellations",
    metadata,
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("command", sa.JSON, nullable=False),
    sa.Column("requested_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
)

email_codes = sa.Table(
    "email_codes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _conversation(),
    sa.Column("account", sa.String(64)),
    sa.Column("salt", sa.LargeBinary, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Index("ix_email_codes_conversation", "conversation", "sent_at"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("recipient", sa.String(320), nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
)

# When the desk was emptied for a fresh demo; records from before are history.
resets = sa.Table(
    "resets",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", Instant, nullable=False),
)
