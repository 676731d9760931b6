"""Lines of the monthly budgets. Why: offers set their cost aside, so that none goes beyond."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_lines",
        sa.Column("offer", sa.String(length=128), nullable=False),
        sa.Column("policy", sa.String(length=128), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("granted_by", sa.String(length=64), nullable=True),
        sa.Column("cools_down", sa.Boolean(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("set_aside_at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("agreed_at", Instant(), nullable=True),
        sa.CheckConstraint("cost_minor > 0", name=op.f("ck_budget_lines_costs_something")),
        sa.PrimaryKeyConstraint("offer", "policy", name=op.f("pk_budget_lines")),
    )
    op.create_index("ix_budget_lines_month", "budget_lines", ["month"], unique=False)
    op.create_index("ix_budget_lines_account", "budget_lines", ["account"], unique=False)


def downgrade() -> None:
    op.drop_table("budget_lines")
