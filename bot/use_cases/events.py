"""Turns that no message of the customer began: opening, silence, leaving."""

from __future__ import annotations

from datetime import datetime

from bot.conversations.conversation import Conversation
from bot.conversations.message import message_id
from bot.conversations.turn import Lane, Turn
from bot.use_cases.ports import DeskUnitOfWork

OPENED = "conversation_opened"
SILENT = "customer_silent"
CLOSED = "conversation_closed"


def add_event(
    conversation: Conversation, intent: str, *, uow: DeskUnitOfWork, now: datetime
) -> Conversation:
    """Add a turn for what happened; return the conversation, which the caller saves."""
    conversation = conversation.next_turn()
    uow.turns.add(
        Turn(
            conversation=conversation.id,
            number=conversation.last_turn,
            message_id=message_id(conversation.id, f"{intent}-{conversation.last_turn}"),
            lane=Lane.TALK,
            asked_at=now,
            text="",
            intent=intent,
        )
    )
    return conversation
