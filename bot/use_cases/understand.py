"""Understand one message by itself, as the assistant would, without a conversation around it."""

from __future__ import annotations

from datetime import date

from bot.understanding.engine import Engine
from bot.understanding.parsed import Parsed


def understand(text: str, *, engine: Engine, today: date) -> Parsed:
    """Return what one line of text means; the line's own end and edges say nothing."""
    return engine.parse(text.strip(), today=today)
