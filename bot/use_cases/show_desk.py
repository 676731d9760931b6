"""Show the desk: what waits, who holds what, and who is here."""

from __future__ import annotations

from typing import Any

from bot.conversations.agent import AgentOnDuty
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.desk_views import SharedState, case_view, shared_state, state_view


def show_desk(*, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return the whole state as this agent sees it."""
    return state_view(read_desk(desk=desk), agent=agent, desk=desk)


def read_desk(*, desk: AgentDesk, before: SharedState | None = None) -> SharedState:
    """Read the state once for everybody who watches it; `before` is the one read last."""
    return shared_state(desk.views.board(), desk=desk, before=before)


def show_case_line(conversation: str, *, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return one case as the queue lists it, whoever holds it now.

    Raises:
        ConversationNotFound: it was never handed to people.
    """
    one, agents = desk.views.open_case(conversation)
    return case_view(one, agents, agent=agent, desk=desk, now=desk.clock.now())
