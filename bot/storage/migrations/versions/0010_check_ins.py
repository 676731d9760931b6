"""Check-ins. Why: nobody may be told of one thing twice, nor more often than they want."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("raised_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_ins")),
    )
    op.create_index("ix_check_ins_account", "check_ins", ["account"], unique=False)
    op.create_table(
        "check_ins_told",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("way IN ('site', 'mail')", name=op.f("ck_check_ins_told_way")),
        sa.ForeignKeyConstraint(["key"], ["check_ins.key"], name=op.f("fk_check_ins_told_key")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_check_ins_told")),
    )
    op.create_index("ix_check_ins_told_account", "check_ins_told", ["account"], unique=False)
    op.create_table(
        "check_in_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_switches")),
    )
    op.create_index("ix_check_in_switches_account", "check_in_switches", ["account"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_check_in_switches_account", table_name="check_in_switches")
    op.drop_table("check_in_switches")
    op.drop_index("ix_check_ins_told_account", table_name="check_ins_told")
    op.drop_table("check_ins_told")
    op.drop_index("ix_check_ins_account", table_name="check_ins")
    op.drop_table("check_ins")
