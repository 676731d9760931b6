"""Rows of conversations, messages and buttons, and the values they stand for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.conversations.button import OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Hold, Holder
from bot.conversations.message import Message, QuickReply, Sender
from bot.storage import desk_tables as tables

m, b = tables.messages, tables.buttons


def read_messages(connection: Any, conversation: str, *conditions: Any) -> tuple[Message, ...]:
    """Return the messages that meet the conditions, in order, with their buttons."""
    query = sa.select(m).where(m.c.conversation == conversation, *conditions).order_by(m.c.seq)
    rows = connection.execute(query).all()
    shown: dict[int, list[QuickReply]] = {}
    if any(row.sender != Sender.CUSTOMER.value for row in rows):
        found = connection.execute(
            sa.select(b.c.seq, b.c.id, b.c.title)
            .where(b.c.conversation == conversation, b.c.seq.between(rows[0].seq, rows[-1].seq))
            .order_by(b.c.seq, b.c.position)
        )
        for row in found:
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
