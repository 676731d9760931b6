"""Rows of conversations, messages and buttons, and the values they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from bot.conversations.button import OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Hold, Holder
from bot.conversations.message import Message, QuickReply, Sender
from bot.storage import desk_tables as tables

m, b = tables.messages, tables.buttons


# Statements that every message asks are made once: to make one takes longer than its answer.
_MESSAGES = sa.select(m).where(m.c.conversation == sa.bindparam("here")).order_by(m.c.seq)
_AFTER = _MESSAGES.where(m.c.seq > sa.bindparam("after"))
_SENT_AS = _MESSAGES.where(m.c.client_message_id == sa.bindparam("sent_as"))
_BUTTONS = (
    sa.select(b.c.seq, b.c.id, b.c.title)
    .where(
        b.c.conversation == sa.bindparam("here"),
        b.c.seq.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(b.c.seq, b.c.position)
)


def read_messages(connection: Any, conversation: str, *conditions: Any) -> tuple[Message, ...]:
    """Return the messages that meet the conditions, in order, with their buttons."""
    rows = connection.execute(_MESSAGES.where(*conditions), {"here": conversation}).all()
    return _with_buttons(connection, conversation, rows)


def messages_after(connection: Any, conversation: str, *, after: int) -> tuple[Message, ...]:
    rows = connection.execute(_AFTER, {"here": conversation, "after": after}).all()
    return _with_buttons(connection, conversation, rows)


def message_sent_as(connection: Any, conversation: str, client_id: str) -> Message | None:
    rows = connection.execute(_SENT_AS, {"here": conversation, "sent_as": client_id}).all()
    found = _with_buttons(connection, conversation, rows)
    return found[0] if found else None


def _with_buttons(connection: Any, conversation: str, rows: Sequence[Any]) -> tuple[Message, ...]:
    shown: dict[int, list[QuickReply]] = {}
    if any(row.sender != Sender.CUSTOMER.value for row in rows):
        span = {"here": conversation, "first": rows[0].seq, "last": rows[-1].seq}
        for row in connection.execute(_BUTTONS, span):
            shown.setdefault(row.seq, []).append(QuickReply(row.id, row.title))
    return tuple(_message(row, tuple(shown.get(row.seq, ()))) for row in rows)


def conversation_row(conversation: Conversation) -> dict[str, Any]:
    return {
        "account": conversation.account,
        "holder": conversation.hold.holder.value,
        "version": conversation.hold.version,
        "cause": conversation.hold.cause,
        "agent": conversation.hold.agent,
        "last_seq": conversation.last_seq,
        "last_turn": conversation.last_turn,
        "heard_at": conversation.heard_at,
        "silent_since": conversation.silent_since,
        "left_at": conversation.left_at,
        "closed_at": conversation.closed_at,
    }


def read_conversation(row: Any) -> Conversation:
    return Conversation(
        id=row.id,
        opened_at=row.opened_at,
        heard_at=row.heard_at,
        account=row.account,
        hold=Hold(Holder(row.holder), row.version, row.cause, row.agent),
        last_seq=row.last_seq,
        last_turn=row.last_turn,
        silent_since=row.silent_since,
        left_at=row.left_at,
        closed_at=row.closed_at,
    )


def _message(row: Any, buttons: tuple[QuickReply, ...]) -> Message:
    return Message(
        conversation=row.conversation,
        seq=row.seq,
        sender=Sender(row.sender),
        text=row.text,
        at=row.at,
        buttons=buttons,
        offer=row.offer,
        receipt=row.receipt,
        client_message_id=row.client_message_id,
        button_id=row.button_id,
        sender_name=row.sender_name,
        turn=row.turn,
        index=row.position,
    )


def message_row(message: Message) -> dict[str, Any]:
    return {
        "conversation": message.conversation,
        "seq": message.seq,
        "sender": message.sender.value,
        "sender_name": message.sender_name,
        "text": message.text,
        "offer": message.offer,
        "offer_id": (message.offer or {}).get("id"),
        "receipt": message.receipt,
        "client_message_id": message.client_message_id,
        "button_id": message.button_id,
        "turn": message.turn,
        "position": message.index,
        "at": message.at,
    }


def button_row(button: OfferedButton, position: int) -> dict[str, Any]:
    return {
        "conversation": button.conversation,
        "seq": button.seq,
        "position": position,
        "id": button.id,
        "title": button.title,
        "intent": button.intent,
        "entities": [list(entity) for entity in button.entities],
        "stage": button.stage,
        "offer_id": button.offer,
        "expires_at": button.expires_at,
        "pressed_seq": button.pressed_seq,
    }


def read_button(row: Any) -> OfferedButton:
    return OfferedButton(
        conversation=row.conversation,
        id=row.id,
        seq=row.seq,
        title=row.title,
        intent=row.intent,
        entities=tuple((name, value) for name, value in row.entities),
        stage=row.stage,
        offer=row.offer_id,
        expires_at=row.expires_at,
        pressed_seq=row.pressed_seq,
    )
