"""Show the desk: what waits, who holds what, and who is here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.conversations.agent import AgentOnDuty
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.desk_views import SharedState, case_view, me_view, shared_state, state_view


def show_desk(*, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return the whole state as this agent sees it."""
    return state_view(read_desk(desk=desk), agent=agent, desk=desk)


def show_me(*, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return this agent as everybody at the desk sees them, without reading all the cases."""
    return me_view(desk.views.on_duty(), agent=agent, desk=desk)


def read_desk(
    *,
    desk: AgentDesk,
    before: SharedState | None = None,
    changed: frozenset[str] | None = None,
) -> SharedState:
    """Read the state once for everybody who watches it.

    Args:
        before: the one read last.
        changed: the only conversations that may be other than they were then; None: any. Who is
            on duty is read in any case.
    """
    only = changed if before is not None else None
    board = desk.views.board(only)
    if before is not None and only is not None:
        kept = (one for one, _view in before.cases if one.case.conversation not in only)
        board = replace(board, cases=(*kept, *board.cases))
    return shared_state(board, desk=desk, before=before)


def show_case_line(conversation: str, *, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return one case as the queue lists it, whoever holds it now.

    Raises:
        ConversationNotFound: it was never handed to people.
    """
    one, agents = desk.views.open_case(conversation)
    return case_view(one, agents, agent=agent, desk=desk, now=desk.clock.now())
