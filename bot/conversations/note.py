"""A private note: what staff tell each other beside a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations.message import iso_instant


@dataclass(frozen=True)
class Note:
    """`number` counts from 1 within the conversation; 0 until it is kept."""

    conversation: str
    author: str
    author_name: str
    text: str
    client_message_id: str
    at: datetime
    number: int = 0


def note_view(note: Note) -> dict[str, Any]:
    """Return the note as the desk sends it."""
    return {
        "number": note.number,
        "author": {"id": note.author, "name": note.author_name},
        "text": note.text,
        "at": iso_instant(note.at),
    }
