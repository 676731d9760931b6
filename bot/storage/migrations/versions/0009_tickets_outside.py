"""Tickets outside. Why: each must reach mailbox, webhook or helpdesk once; replies come back."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_calls",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        *_belongs("ticket_calls"),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_ticket_calls")),
    )
    op.create_table(
        "ticket_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("outside", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.CheckConstraint("kind IN ('open', 'add')", name=op.f("ck_ticket_deliveries_kind")),
        *_belongs("ticket_deliveries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_deliveries_key")),
    )
    op.create_index(
        "ix_ticket_deliveries_ticket",
        "ticket_deliveries",
        ["ticket", "outside", "id"],
        unique=False,
    )
    op.create_table(
        "ticket_links",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("outside", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("looked_at", Instant(), nullable=True),
        *_belongs("ticket_links"),
        sa.PrimaryKeyConstraint("ticket", "outside", name=op.f("pk_ticket_links")),
    )
    op.create_table(
        "ticket_replies",
        sa.Column("ticket", sa.String(length=32), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("outside", sa.String(length=32), nullable=False),
        sa.Column("reply", sa.String(length=128), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        *_belongs("ticket_replies"),
        sa.PrimaryKeyConstraint("outside", "reply", name=op.f("pk_ticket_replies")),
    )


def downgrade() -> None:
    op.drop_table("ticket_replies")
    op.drop_table("ticket_links")
    op.drop_index("ix_ticket_deliveries_ticket", table_name="ticket_deliveries")
    op.drop_table("ticket_deliveries")
    op.drop_table("ticket_calls")


def _belongs(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(["ticket"], ["tickets.id"], name=op.f(f"fk_{table}_ticket")),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name=op.f(f"fk_{table}_conversation")
        ),
    )
