"""Pass a conversation on: to a colleague, to a team, or back to the queue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.conversations.agent import AgentOnDuty, Status
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Hold, Holder
from bot.errors import AgentNotFound, AgentNotHere, AtCapacity, NotHolder
from bot.retention.say import Say
from bot.use_cases.agent_desk import AgentDesk, append, held_by, record_act, spoken
from bot.use_cases.agent_ports import AgentUnitOfWork
from bot.use_cases.ports import Worded
from bot.use_cases.write_note import keep_note

log = structlog.get_logger()


@dataclass(frozen=True)
class To:
    """Whom it goes to; with neither, it goes back to the queue."""

    agent: str | None = None
    team: str | None = None


def pass_case_on(
    conversation: str, *, agent: AgentOnDuty, to: To, note: str | None = None, desk: AgentDesk
) -> None:
    """Change the holder in one transaction, with the note beside it; the customer is told.

    Raises:
        ConversationNotFound, NotHolder: see `held_by`.
        AgentNotFound: nobody of that name was ever on duty.
        AgentNotHere, AtCapacity: the colleague cannot take it now.
    """
    told = _told(conversation, to, desk)
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        # A person before a conversation, always: see `Agents.locked`.
        colleague = _colleague(to.agent, uow, desk, now) if to.agent else None
        found = _held(agent, conversation, uow)
        if note:
            keep_note(conversation, note, f"pass:{found.hold.version}", agent, uow=uow, now=now)
        hold = _passed(found.hold, agent, to)
        found, _message = append(told, replace(found, hold=hold), uow=uow, now=now)
        uow.conversations.save(found, now=now)
        _move_case(found, colleague, to, uow, now)
        record_act(
            "conversation_passed_on",
            agent.id,
            conversation,
            uow=uow,
            now=now,
            to=to.agent,
            team=to.team,
        )
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("case_passed_on", conversation=conversation, agent=agent.id)


def _held(agent: AgentOnDuty, conversation: str, uow: AgentUnitOfWork) -> Conversation:
    """Who leads may pass on what others hold: nobody else can when an agent is stuck."""
    if not agent.leads:
        return held_by(agent, conversation, uow)
    found = uow.conversations.locked(conversation)
    if found.hold.holder is not Holder.AGENT:
        uow.cases.get(conversation)
        raise NotHolder
    return found


def _told(conversation: str, to: To, desk: AgentDesk) -> Worded:
    if to.agent is None:
        return spoken(Say("utter_passed_on"), conversation, desk)
    with desk.unit_of_work() as uow:
        name = uow.agents.name_of(to.agent)
    if name is None:
        raise AgentNotFound
    return spoken(Say("utter_agent_joined", {"name": name}), conversation, desk)


def _colleague(agent: str, uow: AgentUnitOfWork, desk: AgentDesk, now: datetime) -> AgentOnDuty:
    presence = uow.agents.locked(agent)
    if presence is None:
        raise AgentNotFound
    if presence.status_at(now, desk.patience) is not Status.HERE:
        raise AgentNotHere(presence.agent.name)
    if not presence.has_room(now, desk.patience):
        raise AtCapacity(presence.agent.name, presence.agent.capacity)
    return presence.agent


def _passed(hold: Hold, agent: AgentOnDuty, to: To) -> Hold:
    cause = f"transfer:{agent.id}"
    if to.agent:
        return hold.passed_to(Holder.AGENT, cause=cause, agent=to.agent)
    return hold.passed_to(Holder.QUEUE, cause=cause)


def _move_case(
    conversation: Conversation,
    colleague: AgentOnDuty | None,
    to: To,
    uow: AgentUnitOfWork,
    now: datetime,
) -> None:
    case = uow.cases.get(conversation.id)
    if colleague is not None:
        uow.cases.save(case.taken(colleague.id, now))
        return
    since = uow.cases.unanswered_since(conversation.id) or now
    uow.cases.save(case.waits_again(since, team=to.team))
