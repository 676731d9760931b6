"""Put conversations back into the queue whose agent is gone, and tell the customers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.conversations.agent import Presence
from bot.conversations.case import Case
from bot.conversations.holder import Holder
from bot.retention.say import Say
from bot.use_cases.agent_desk import AgentDesk, append, record_act, spoken

log = structlog.get_logger()


def return_cases(*, desk: AgentDesk) -> tuple[str, ...]:
    """Return what agents left behind who gave no sign of life for the set time."""
    now = desk.clock.now()
    return tuple(
        conversation
        for presence in desk.views.on_duty()
        # Only reading, until somebody is gone: this is asked every few seconds.
        if presence.holding and _may_be_gone(presence, now, desk)
        for conversation in return_cases_of(presence.agent.id, desk=desk)
    )


def return_cases_of(agent: str, *, desk: AgentDesk) -> tuple[str, ...]:
    """Return those of this agent's conversations that must not wait for them; see `is_gone`.

    Conversations the agent never answered wait less long than those they talk in.
    """
    with desk.unit_of_work() as uow:
        held = uow.cases.held_by(agent)
    returned = tuple(case.conversation for case in held if _return(case, agent, desk))
    if returned:
        log.warning("cases_returned", agent=agent, count=len(returned))
    return returned


def _return(case: Case, agent: str, desk: AgentDesk) -> bool:
    """Do it if it is still so: the agent may have come back, or passed it on, meanwhile."""
    now, conversation = desk.clock.now(), case.conversation
    with desk.unit_of_work() as uow:
        presence = uow.agents.locked(agent)
    if presence is None or not _is_gone(presence, case, desk):
        return False
    told = spoken(Say("utter_agent_gone", {"name": presence.agent.name}), conversation, desk)
    with desk.unit_of_work() as uow:
        presence = uow.agents.locked(agent)
        found = uow.conversations.locked(conversation)
        holds = found.hold.holder is Holder.AGENT and found.hold.agent == agent
        if presence is None or not holds or not _is_gone(presence, case, desk):
            return False
        since = uow.cases.unanswered_since(conversation) or now
        case = uow.cases.get(conversation)
        uow.cases.save(case.waits_again(since if case.first_reply_at else case.opened_at))
        hold = found.hold.passed_to(Holder.QUEUE, cause=f"gone:{agent}")
        found, _message = append(told, replace(found, hold=hold), uow=uow, now=now)
        uow.conversations.save(found, now=now)
        record_act("conversation_returned", agent, conversation, uow=uow, now=now)
        uow.commit()
    desk.switchboard.wake(conversation)
    return True


def _may_be_gone(presence: Presence, now: datetime, desk: AgentDesk) -> bool:
    return any(
        presence.is_gone(now, desk.patience, has_answered=answered) for answered in (False, True)
    )


def _is_gone(presence: Presence, case: Case, desk: AgentDesk) -> bool:
    has_answered = case.first_reply_at is not None
    return presence.is_gone(desk.clock.now(), desk.patience, has_answered=has_answered)
