"""A journal for billing systems outside. Why: what was asked half must be finished, and once."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "billing_journal",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("command", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("effective_at", Instant(), nullable=True),
        sa.Column("revoked", sa.JSON(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_billing_journal")),
        sa.UniqueConstraint("key", name=op.f("uq_billing_journal_key")),
    )
    op.create_index(
        "ix_billing_journal_account", "billing_journal", ["account", "number"], unique=False
    )
    op.create_table(
        "billing_events",
        sa.Column("event", sa.String(length=255), nullable=False),
        sa.Column("taken_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_billing_events")),
    )


def downgrade() -> None:
    op.drop_table("billing_events")
    op.drop_index("ix_billing_journal_account", table_name="billing_journal")
    op.drop_table("billing_journal")
