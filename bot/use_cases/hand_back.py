"""Hand a conversation back to the assistant, which knows where it stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.case import CaseOutcome
from bot.conversations.holder import Holder
from bot.retention import buttons
from bot.retention.say import Say
from bot.use_cases.agent_desk import AgentDesk, append, held_by, record_act, spoken
from bot.use_cases.agent_ports import AgentUnitOfWork
from bot.use_cases.write_note import keep_note

log = structlog.get_logger()

# What was asked before the person came is over. The count of misunderstandings begins anew, or the
# next word that is not understood would bring the customer straight back to a person.
_BEGUN_AFRESH: dict[str, Any] = {
    "awaiting": None,
    "options": [],
    "plea": None,
    "waiting_move": None,
    "misunderstood": 0,
    "person_for": None,
    "waits_for": None,
}


def hand_back(
    conversation: str, *, agent: AgentOnDuty, note: str | None = None, desk: AgentDesk
) -> None:
    """Make the assistant the holder; what it knew, and what was agreed, stays known.

    No survey is asked: the customer is not done.

    Raises:
        ConversationNotFound, NotHolder: see `held_by`.
    """
    back = Say("utter_handed_back", {"name": agent.name}, (buttons.PERSON,))
    told, now = spoken(back, conversation, desk), desk.clock.now()
    with desk.unit_of_work() as uow:
        found = held_by(agent, conversation, uow)
        if note:
            keep_note(conversation, note, f"back:{found.hold.version}", agent, uow=uow, now=now)
        _begin_afresh(conversation, uow)
        hold = found.hold.passed_to(Holder.ASSISTANT, cause=f"back:{agent.id}")
        # The assistant listens from here on, and takes note of silence from here on.
        found = replace(found, hold=hold, heard_at=now, silent_since=None)
        found, _message = append(told, found, uow=uow, now=now)
        uow.conversations.save(found, now=now)
        _close_case(conversation, uow, now)
        record_act("conversation_handed_back", agent.id, conversation, uow=uow, now=now)
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("case_handed_back", conversation=conversation, agent=agent.id)


def _begin_afresh(conversation: str, uow: AgentUnitOfWork) -> None:
    document, version = uow.dialogues.get(conversation)
    if document:
        uow.dialogues.put(conversation, {**document, **_BEGUN_AFRESH}, version=version)


def _close_case(conversation: str, uow: AgentUnitOfWork, now: datetime) -> None:
    uow.cases.save(uow.cases.get(conversation).closed(CaseOutcome.HANDED_BACK, now))
