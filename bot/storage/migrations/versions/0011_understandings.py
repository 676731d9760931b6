"""What was understood, and what trainers say of it. Why: they ask which messages teach most."""

import sqlalchemy as sa
from alembic import op

from bot.storage.schema import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    understandings = op.create_table(
        "understandings",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("intent", sa.String(length=64), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("nearness", sa.Float(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("model", sa.String(length=128), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation", "turn"],
            ["turns.conversation", "turns.number"],
            name="fk_understandings_turn",
        ),
        sa.PrimaryKeyConstraint("conversation", "turn", name=op.f("pk_understandings")),
    )
    op.create_index("ix_understandings_at", "understandings", ["at"], unique=False)
    op.create_table(
        "judgements",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("trainer", sa.String(length=64), nullable=False),
        sa.Column("trainer_name", sa.String(length=128), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("intents", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('confirmed', 'corrected', 'split', 'out_of_scope', 'skipped')",
            name=op.f("ck_judgements_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation", "turn"],
            ["understandings.conversation", "understandings.turn"],
            name="fk_judgements_understanding",
        ),
        sa.PrimaryKeyConstraint("conversation", "turn", "trainer", name=op.f("pk_judgements")),
        sa.UniqueConstraint("conversation", "turn", "place", name="uq_judgements_place"),
    )
    _take_over(understandings)
    # It said nothing of buttons that the turn itself does not say.
    op.drop_column("turns", "understood")


def downgrade() -> None:
    op.add_column("turns", sa.Column("understood", sa.JSON(none_as_null=True), nullable=True))
    op.drop_table("judgements")
    op.drop_index("ix_understandings_at", table_name="understandings")
    op.drop_table("understandings")


def _take_over(understandings: sa.Table) -> None:
    turns = sa.table(
        "turns",
        sa.column("conversation"),
        sa.column("number"),
        sa.column("intent"),
        sa.column("done_at", Instant()),
        sa.column("understood", sa.JSON(none_as_null=True)),
    )
    connection = op.get_bind()
    kept = sa.select(turns).where(turns.c.understood.is_not(None), turns.c.intent.is_(None))
    rows = [_row(turn) for turn in connection.execute(kept)]
    if rows:
        op.bulk_insert(understandings, rows)


def _row(turn: sa.engine.Row) -> dict[str, object]:
    told = turn.understood
    return {
        "conversation": turn.conversation,
        "turn": turn.number,
        "intent": told["intent"],
        "confidence": told["confidence"],
        "ranking": [[guess["intent"], guess["confidence"]] for guess in told["ranking"]],
        "reasons": [e["value"] for e in told["entities"] if e["entity"] == "cancellation_reason"],
        "parts": [_part(entity) for entity in told["entities"] if "start" in entity],
        "at": turn.done_at,
    }


def _part(entity: dict[str, object]) -> list[object]:
    is_private = entity["entity"] in ("email", "phone", "code")
    return [
        entity["entity"],
        None if is_private else str(entity["value"]),
        entity["start"],
        entity["end"],
    ]
