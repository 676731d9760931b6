"""Put answers into the transcript, with the buttons they offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from bot.conversations.button import CANCEL, PERSON, OfferedButton
from bot.conversations.message import Message, QuickReply, Sender
from bot.conversations.turn import Turn
from bot.retention import buttons
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Button
from bot.use_cases.ports import DeskUnitOfWork, Worded

CONTROL_OF_INTENT = {PRESS_CANCEL: CANCEL, PRESS_PERSON: PERSON}
INTENT_OF_CONTROL = {CANCEL: PRESS_CANCEL, PERSON: PRESS_PERSON}
CONTROL_TITLES = {CANCEL: buttons.CANCEL.title, PERSON: buttons.PERSON.title}
# The notice that an answer takes long comes before the answer, whose messages count from 0.
NOTICE_INDEX = -1


def store_answers(
    turn: Turn,
    answers: Sequence[Worded],
    *,
    sender: Sender,
    now: datetime,
    uow: DeskUnitOfWork,
    first_index: int = 0,
) -> None:
    """Append the answers to the conversation, which the caller has locked."""
    if not answers:
        return  # an agent answers, or somebody will
    stage = uow.dialogues.get(turn.conversation)[0].get("awaiting")
    conversation = uow.conversations.locked(turn.conversation)
    for index, worded in enumerate(answers, first_index):
        conversation = conversation.next_message()
        offered = offered_buttons(worded, turn.conversation, conversation.last_seq, stage)
        message = Message(
            conversation=turn.conversation,
            seq=conversation.last_seq,
            sender=sender,
            text=worded.text,
            at=now,
            buttons=tuple(QuickReply(button.id, button.title) for button in offered),
            offer=worded.offer,
            receipt=worded.receipt,
            turn=turn.number,
            index=index,
        )
        uow.conversations.add_message(message, offered)
    uow.conversations.save(conversation, now=now)


def offered_buttons(
    worded: Worded, conversation: str, seq: int, stage: str | None
) -> tuple[OfferedButton, ...]:
    """Return a message's buttons as the server keeps them."""
    return tuple(
        _offered(button, position, conversation, seq, worded, stage)
        for position, button in enumerate(worded.buttons, 1)
    )


def ask_nothing(conversation: str, uow: DeskUnitOfWork) -> None:
    """End whatever the dialogue had asked: the next words are no answer to it."""
    document, version = uow.dialogues.get(conversation)
    if document:
        asks_nothing = {**document, "awaiting": None, "options": []}
        uow.dialogues.put(conversation, asks_nothing, version=version)


def _offered(
    button: Button, position: int, conversation: str, seq: int, worded: Worded, stage: str | None
) -> OfferedButton:
    offer = worded.offer or {}
    return OfferedButton(
        conversation=conversation,
        id=CONTROL_OF_INTENT.get(button.intent, f"b{seq}-{position}"),
        seq=seq,
        title=button.title,
        intent=button.intent,
        entities=button.entities,
        stage=stage,
        offer=offer.get("id"),
        expires_at=_instant(offer.get("expires_at")),
    )


def _instant(text: Any) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
