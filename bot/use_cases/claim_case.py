"""Take a waiting conversation: exactly one of those who try gets it."""

from __future__ import annotations

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.holder import Holder
from bot.conversations.routing import in_turn_for
from bot.errors import AlreadyTaken, NotPossible
from bot.retention.say import Say
from bot.use_cases.agent_desk import AgentDesk, spoken, take
from bot.use_cases.ports import Worded

log = structlog.get_logger()


def claim_case(conversation: str, *, agent: AgentOnDuty, desk: AgentDesk) -> bool:
    """Make the agent the holder; False when they hold it already.

    Raises:
        ConversationNotFound: it was never handed to people.
        AlreadyTaken: another agent holds it.
        AtCapacity: the agent holds as many as they may.
        NotPossible: it does not wait any more.
    """
    hold, name = desk.views.hold(conversation)
    if hold.holder is Holder.AGENT and hold.agent != agent.id:
        # Most who are too late need not wait for the database's one writer to learn it.
        raise AlreadyTaken(name)
    joined = agent_joined(agent, conversation, desk)
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        uow.agents.beat(agent, status=None, viewing=conversation, replying=False, now=now)
        is_new = take(conversation, agent, joined, uow=uow, now=now)
        uow.commit()
    if is_new:
        desk.switchboard.wake(conversation)
        log.info("case_claimed", conversation=conversation, agent=agent.id)
    return is_new


def claim_next(*, agent: AgentOnDuty, desk: AgentDesk) -> str | None:
    """Take the conversation whose turn it is for this agent; None when there is none.

    Raises:
        AtCapacity: the agent holds as many as they may.
    """
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        uow.agents.beat(agent, status=None, viewing=None, replying=False, now=now)
        agents, waiting = uow.agents.all(), uow.cases.waiting()
        uow.commit()
    in_turn = in_turn_for(agent.id, waiting, agents, now=now, patience=desk.patience)
    for conversation in in_turn:
        try:
            claim_case(conversation, agent=agent, desk=desk)
        except (AlreadyTaken, NotPossible):
            continue  # a colleague was quicker; the next one is as good
        return conversation
    return None


def agent_joined(agent: AgentOnDuty, conversation: str, desk: AgentDesk) -> Worded:
    """Tell the customer whom they talk to now."""
    return spoken(Say("utter_agent_joined", {"name": agent.name}), conversation, desk)
