"""Leave a private note beside a conversation, for colleagues only."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import checked_client_id, clean_text
from bot.conversations.note import Note
from bot.errors import MessageIdReused
from bot.use_cases.agent_desk import AgentDesk, record_act
from bot.use_cases.agent_ports import AgentUnitOfWork

log = structlog.get_logger()


def write_note(
    conversation: str,
    *,
    agent: AgentOnDuty,
    client_message_id: str,
    text: str,
    desk: AgentDesk,
) -> Note:
    """Keep the note once, however often it is sent.

    Raises:
        ConversationNotFound: it was never handed to people.
        MessageEmpty, MessageTooLong, InvalidInput: nothing was kept.
        MessageIdReused: this id came before with another text, or from somebody else.
    """
    words, now = clean_text(text), desk.clock.now()
    with desk.unit_of_work() as uow:
        uow.conversations.locked(conversation)
        uow.cases.get(conversation)
        note = keep_note(
            conversation, words, checked_client_id(client_message_id), agent, uow=uow, now=now
        )
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("note_kept", conversation=conversation, number=note.number)
    return note


def keep_note(
    conversation: str,
    text: str,
    client_message_id: str,
    agent: AgentOnDuty,
    *,
    uow: AgentUnitOfWork,
    now: datetime,
) -> Note:
    """Keep a note inside the caller's transaction, which has locked the conversation."""
    first = uow.notes.sent_as(conversation, client_message_id)
    if first is not None:
        if (first.text, first.author) != (text, agent.id):
            raise MessageIdReused
        return first
    note = Note(conversation, agent.id, agent.name, clean_text(text), client_message_id, now)
    record_act("note_written", agent.id, conversation, uow=uow, now=now)
    return uow.notes.add(note)
