"""Take an agent's sign of life: here, away or gone home, and what is on their screen."""

from __future__ import annotations

from bot.conversations.agent import AgentOnDuty, Status
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.agent_ports import AgentUnitOfWork
from bot.use_cases.return_cases import return_cases_of

# Changes here concern everybody at the desk, and not who follows a conversation.
DESK = "@desk"


def at_the_desk(conversation: str) -> str:
    """Return what to wake when only the desk shows something else of a conversation."""
    return f"{DESK}/{conversation}"


def beat(
    *,
    agent: AgentOnDuty,
    status: Status | None = None,
    viewing: str | None = None,
    replying: bool = False,
    desk: AgentDesk,
) -> None:
    """Note that the agent is there, and how they are; `status` None: as it was.

    Who goes home leaves nobody waiting: what they hold goes back to the queue at once.
    """
    now = desk.clock.now()
    with desk.unit_of_work() as uow:
        seen = viewing if viewing and _is_case(viewing, uow) else None
        uow.agents.beat(
            agent, status=status, viewing=seen, replying=replying and seen is not None, now=now
        )
        uow.commit()
    desk.switchboard.wake(DESK)
    if status is Status.OFF:
        return_cases_of(agent.id, desk=desk)


def _is_case(conversation: str, uow: AgentUnitOfWork) -> bool:
    """Whether it was ever with people; what a page sends is not taken on trust."""
    return uow.cases.find(conversation) is not None
