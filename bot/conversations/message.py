"""A message of the transcript: who said what, with the quick replies that hang on it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from bot.errors import InvalidInput, MessageEmpty, MessageTooLong

MAX_CHARACTERS = 2000
MAX_CLIENT_ID = 64
# Joiners hold emoji and some scripts together; other invisible format characters only mislead.
_JOINERS = {"\u200c", "\u200d"}
_LINE_BREAKS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "}


class Sender(str, Enum):
    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True)
class QuickReply:
    """A button as the customer sees it; what it means stays on the server."""

    id: str
    title: str


@dataclass(frozen=True)
class Message:
    """`seq` counts from 1 without gaps; `receipt` is the id of the receipt it confirms.

    `turn` and `index` tell which turn an answer belongs to; a customer's message has neither.
    """

    conversation: str
    seq: int
    sender: Sender
    text: str
    at: datetime
    buttons: tuple[QuickReply, ...] = ()
    offer: dict[str, Any] | None = None
    receipt: str | None = None
    client_message_id: str | None = None
    button_id: str | None = None
    sender_name: str | None = None
    turn: int | None = None
    index: int | None = None

    @property
    def id(self) -> str:
        return message_id(self.conversation, self.seq)


def message_id(conversation: str, seq: int | str) -> str:
    """Name a message, or an event such as `opened`, across processes."""
    return f"{conversation}:{seq}"


def clean_text(text: str) -> str:
    """Return what a customer typed, without characters that cannot be shown or stored.

    Line breaks and emoji survive; control characters, text-direction tricks and broken code
    points do not.

    Raises:
        MessageEmpty: nothing visible is left.
        MessageTooLong: more than 2,000 characters were sent.
    """
    if len(text) > MAX_CHARACTERS:
        raise MessageTooLong(len(text), MAX_CHARACTERS)
    for written, meant in _LINE_BREAKS.items():
        text = text.replace(written, meant)
    kept = "".join(character for character in text if _is_kept(character)).strip()
    if not any(character not in _JOINERS and not character.isspace() for character in kept):
        raise MessageEmpty
    return kept


def checked_client_id(client_message_id: str) -> str:
    """Return the id unchanged; raise InvalidInput when it is empty, too long or not printable."""
    usable = 0 < len(client_message_id) <= MAX_CLIENT_ID and client_message_id.isprintable()
    if not usable:
        raise InvalidInput(
            f"client_message_id must have 1 to {MAX_CLIENT_ID} printable characters. Send a UUID."
        )
    return client_message_id


def public_message(message: Message, *, receipts_at: str = "/receipts/") -> dict[str, Any]:
    """Return the message as the API sends it; it holds nothing a customer may not see."""
    return {
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text,
        "buttons": [{"id": button.id, "title": button.title} for button in message.buttons],
        "offer": message.offer,
        "at": iso_instant(message.at),
        "client_message_id": message.client_message_id,
        "sender_name": message.sender_name,
        "receipt": {"url": receipts_at + message.receipt} if message.receipt else None,
    }


def iso_instant(at: datetime) -> str:
    """Write an aware instant in UTC, to the millisecond: `2026-11-23T09:30:00.000Z`."""
    return at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_kept(character: str) -> bool:
    if character == "\n" or character in _JOINERS:
        return True
    # Cc control, Cf format, Cs broken surrogate, Cn unassigned, Co private use.
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn"}
