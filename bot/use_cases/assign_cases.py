"""Give waiting conversations to agents, where the desk is set to do so."""

from __future__ import annotations

from contextlib import suppress

import structlog

from bot.conversations.agent import AgentOnDuty, Assignment
from bot.conversations.holder import Holder
from bot.conversations.routing import assignments
from bot.errors import Refused
from bot.use_cases.agent_desk import AgentDesk, take
from bot.use_cases.claim_case import agent_joined

log = structlog.get_logger()


def assign_cases(*, desk: AgentDesk) -> tuple[tuple[str, str], ...]:
    """Assign what waits by waiting time, skill and load; return (conversation, agent) pairs.

    Somebody may be quicker, or leave: then that case is looked at again the next time.
    """
    if desk.assignment is not Assignment.AUTOMATIC:
        return ()
    board, now = desk.views.board(), desk.clock.now()
    queue = Holder.QUEUE
    waiting = [one.case for one in board.cases if one.conversation.hold.holder is queue]
    staff = {presence.agent.id: presence.agent for presence in board.agents}
    pairs = assignments(waiting, board.agents, now=now, patience=desk.patience)
    assigned = tuple(pair for pair in pairs if _assign(pair[0], staff[pair[1]], desk))
    if assigned:
        log.info("cases_assigned", count=len(assigned))
    return assigned


def _assign(conversation: str, agent: AgentOnDuty, desk: AgentDesk) -> bool:
    joined, now = agent_joined(agent, conversation, desk), desk.clock.now()
    with suppress(Refused), desk.unit_of_work() as uow:
        presence = uow.agents.locked(agent.id)
        if presence is None or not presence.has_room(now, desk.patience):
            return False
        done = take(conversation, agent, joined, uow=uow, now=now)
        uow.commit()
        desk.switchboard.wake(conversation)
        return done
    return False
