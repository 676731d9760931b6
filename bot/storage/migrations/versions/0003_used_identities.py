"""Identities taken. Why: who copies a signed identity must not be able to use it a second time."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_identities",
        sa.Column("jti", sa.String(length=100), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("jti", name=op.f("pk_used_identities")),
    )
    op.create_index(
        "ix_used_identities_expires_at", "used_identities", ["expires_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_used_identities_expires_at", table_name="used_identities")
    op.drop_table("used_identities")
