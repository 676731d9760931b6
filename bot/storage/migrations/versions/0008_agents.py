"""Agents, cases, notes, read marks and surveys. Why: people take over, and nothing may get lost."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("viewing", sa.String(length=64), nullable=True),
        sa.Column("replying_at", Instant(), nullable=True),
        sa.CheckConstraint("status IN ('here', 'away', 'off')", name=op.f("ck_agents_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
    )
    op.create_table(
        "cases",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("wants", sa.String(length=32), nullable=False),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column("customer_name", sa.String(length=128), nullable=True),
        sa.Column("cancellation_reason", sa.String(length=32), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("for_agent", sa.String(length=64), nullable=True),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("waiting_since", Instant(), nullable=True),
        sa.Column("held_since", Instant(), nullable=True),
        sa.Column("first_reply_at", Instant(), nullable=True),
        sa.Column("last_agent", sa.String(length=64), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        _of_a_conversation("cases"),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_cases")),
    )
    op.create_table(
        "case_notes",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.String(length=128), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("client_message_id", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        _of_a_conversation("case_notes"),
        sa.PrimaryKeyConstraint("conversation", "number", name=op.f("pk_case_notes")),
        sa.UniqueConstraint(
            "conversation",
            "client_message_id",
            name=op.f("uq_case_notes_conversation_client_message_id"),
        ),
    )
    op.create_table(
        "read_marks",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _of_a_conversation("read_marks"),
        sa.PrimaryKeyConstraint("conversation", "agent", name=op.f("pk_read_marks")),
    )
    op.create_table(
        "surveys",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        _of_a_conversation("surveys"),
        sa.PrimaryKeyConstraint("conversation", "version", name=op.f("pk_surveys")),
    )
    _take_over_who_waits_already()


def _take_over_who_waits_already() -> None:
    """Give every conversation that waits for a person now a case, from its newest escalation."""
    waiting = sa.text(
        "INSERT INTO cases"
        " (conversation, opened_at, reason, wants, skill, came_back, waiting_since)"
        " SELECT c.id, e.at, e.reason, 'person', 'general', :no, e.at"
        " FROM conversations c JOIN escalations e ON e.conversation = c.id"
        " WHERE c.holder IN ('queue', 'ticket')"
        " AND e.id = (SELECT max(n.id) FROM escalations n WHERE n.conversation = c.id)"
    )
    op.get_bind().execute(waiting, {"no": False})


def _of_a_conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation"], ["conversations.id"], name=op.f(f"fk_{table}_conversation")
    )


def downgrade() -> None:
    for table in ("surveys", "read_marks", "case_notes", "cases", "agents"):
        op.drop_table(table)
