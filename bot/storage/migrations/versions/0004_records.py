"""Records and policy revisions. Why: what was decided must be provable later, word for word."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "records",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_records")),
    )
    op.create_index("ix_records_account", "records", ["account", "number"], unique=False)
    op.create_table(
        "policy_revisions",
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("in_use_since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("policy", name=op.f("pk_policy_revisions")),
    )


def downgrade() -> None:
    op.drop_table("policy_revisions")
    op.drop_index("ix_records_account", table_name="records")
    op.drop_table("records")
