"""Remember how far an agent has read."""

from __future__ import annotations

from bot.conversations.agent import AgentOnDuty
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.beat import at_the_desk


def mark_read(conversation: str, *, agent: AgentOnDuty, seq: int, desk: AgentDesk) -> int:
    """Mark what came up to `seq` as read; return how many of the customer's messages are not.

    Raises:
        ConversationNotFound: it was never handed to people.
    """
    with desk.unit_of_work() as uow:
        uow.cases.get(conversation)
        newest = uow.conversations.get(conversation).last_seq
        uow.read_marks.put(conversation, agent.id, min(seq, newest))
        unread = uow.read_marks.unread(conversation, agent.id)
        uow.commit()
    desk.switchboard.wake(at_the_desk(conversation))
    return unread
