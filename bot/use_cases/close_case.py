"""Close a case with its outcome, and ask the customer one question."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.case import CaseOutcome
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.turn import Lane
from bot.errors import NotPossible
from bot.retention.dialogue import read_dialogue
from bot.retention.records import entries_of
from bot.retention.say import Button, Say
from bot.retention.settling import settled_by_person
from bot.use_cases.agent_desk import AgentDesk, append, held_by, record_act, spoken
from bot.use_cases.agent_ports import AgentUnitOfWork
from bot.use_cases.post_message import RATE_SERVICE

log = structlog.get_logger()

_RATINGS = tuple(
    Button(f"utter_button_rating_{rating}", RATE_SERVICE, (("rating", str(rating)),))
    for rating in (5, 4, 3, 2, 1)
)


def close_case(
    conversation: str,
    *,
    agent: AgentOnDuty,
    outcome: CaseOutcome,
    survey: bool = True,
    desk: AgentDesk,
) -> None:
    """Close the conversation; closing what the agent closed already changes nothing.

    Raises:
        ConversationNotFound, NotHolder: see `held_by`.
        NotPossible: the outcome contradicts the record, or the customer has just written.
    """
    say = (
        Say("utter_survey", {"name": agent.name}, _RATINGS) if survey else Say("utter_case_closed")
    )
    told, now = spoken(say, conversation, desk), desk.clock.now()
    with desk.unit_of_work() as uow:
        if _is_closed_already(conversation, agent, uow):
            return
        found = held_by(agent, conversation, uow)
        if uow.turns.oldest_waiting(conversation, Lane.TALK) is not None:
            raise NotPossible("The customer has just written. Read it before you close.")
        _settle(found, outcome, uow, now)
        found, _message = append(told, found, uow=uow, now=now)
        found = found.closed(cause=f"close:{agent.id}", now=now)
        uow.conversations.save(found, now=now)
        uow.cases.save(uow.cases.get(conversation).closed(outcome, now))
        ticket = uow.tickets.open_in(conversation)
        if ticket is not None:
            # What was left for later is answered now.
            uow.tickets.close(ticket, now=now)
        if survey:
            uow.surveys.ask(conversation, found.hold.version, agent=agent.id, now=now)
        record_act(
            "conversation_closed", agent.id, conversation, uow=uow, now=now, outcome=outcome.value
        )
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("case_closed", conversation=conversation, agent=agent.id, outcome=outcome.value)


def _is_closed_already(conversation: str, agent: AgentOnDuty, uow: AgentUnitOfWork) -> bool:
    case, hold = uow.cases.get(conversation), uow.conversations.get(conversation).hold
    return hold.holder is Holder.CLOSED and case.last_agent == agent.id


def _settle(
    conversation: Conversation, outcome: CaseOutcome, uow: AgentUnitOfWork, now: datetime
) -> None:
    """Let the dialogue and its save attempt end with the case."""
    document, version = uow.dialogues.get(conversation.id)
    has_begun = "attempt" in document
    before = read_dialogue(document if has_begun else {})
    after = settled_by_person(before, outcome.value, now=now)
    if has_begun:
        uow.dialogues.put(conversation.id, {**document, **after.to_document()}, version=version)
    if after.attempt is None or after.attempt == before.attempt:
        return
    was = before.attempt.to_document() if before.attempt else None
    uow.save_attempts.put(after.attempt.to_document())
    entries = entries_of(was, after.attempt.to_document())
    if entries:
        uow.records.add(entries, account=after.attempt.account, now=now)
