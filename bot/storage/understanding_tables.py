"""The tables of what was understood of the customers' words, and what trainers say of it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage.schema import Instant, metadata

# Holds no words: the parts say where they stand in the turn's text.
understandings = sa.Table(
    "understandings",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("intent", sa.String(64), nullable=False),
    sa.Column("confidence", sa.Float, nullable=False),
    sa.Column("ranking", sa.JSON, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("nearness", sa.Float),
    sa.Column("language", sa.String(8)),
    sa.Column("model", sa.String(128)),
    sa.Column("at", Instant, nullable=False),
    sa.ForeignKeyConstraint(
        ["conversation", "turn"],
        ["turns.conversation", "turns.number"],
        name="fk_understandings_turn",
    ),
    sa.Index("ix_understandings_at", "at"),
)

# What each trainer decided about a message. Only one can be the first to have decided.
judgements = sa.Table(
    "judgements",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("trainer", sa.String(64), primary_key=True),
    sa.Column("trainer_name", sa.String(128), nullable=False),
    sa.Column("place", sa.Integer),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("intents", sa.JSON, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("change", sa.Integer),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint(
        "verdict IN ('confirmed', 'corrected', 'split', 'out_of_scope', 'skipped')", name="verdict"
    ),
    sa.ForeignKeyConstraint(
        ["conversation", "turn"],
        ["understandings.conversation", "understandings.turn"],
        name="fk_judgements_understanding",
    ),
    sa.UniqueConstraint("conversation", "turn", "place", name="uq_judgements_place"),
)
