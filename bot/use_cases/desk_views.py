"""What the desk shows, in the shapes of its interface, and what changed between two moments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations.agent import AgentOnDuty, Presence, Status
from bot.conversations.message import Message, iso_instant
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.agent_ports import Board, OpenCase

PREVIEW_CHARACTERS = 160
# Who was here longer ago than this is not shown any more.
SHOWN_SECONDS = 24 * 3600


@dataclass(frozen=True)
class SharedState:
    """What everybody at the desk sees alike, worked out once for all of them.

    `cases` are in order, each beside how much of it is unread by whom; `viewers` of a case are
    everybody, oneself included.
    """

    at: datetime
    cases: tuple[tuple[OpenCase, dict[str, Any]], ...]
    agents: tuple[dict[str, Any], ...]
    everybody: Mapping[str, dict[str, Any]]
    settings: dict[str, Any]


def shared_state(board: Board, *, desk: AgentDesk) -> SharedState:
    """Return the board in the shapes of the interface, as far as it is the same for all."""
    now = desk.clock.now()
    everybody = {p.agent.id: agent_view(p, desk, now) for p in board.agents}
    shown = [p.agent.id for p in board.agents if (now - p.beat_at).total_seconds() < SHOWN_SECONDS]
    cases = sorted(board.cases, key=lambda one: one.case.place)
    return SharedState(
        at=now,
        cases=tuple((one, _common(one, board.agents, desk, now)) for one in cases),
        agents=tuple(
            sorted((everybody[id_] for id_ in shown), key=lambda view: (view["name"], view["id"]))
        ),
        everybody=everybody,
        settings={
            "assignment": desk.assignment.value,
            "beat_seconds": int(desk.patience.beat.total_seconds()),
            "away_seconds": int(desk.patience.away_after.total_seconds()),
            "first_reply_seconds": int(desk.targets.first_reply.total_seconds()),
            "reply_seconds": int(desk.targets.reply.total_seconds()),
        },
    )


def state_view(shared: SharedState, *, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return everything this agent sees of the desk."""
    me = shared.everybody.get(agent.id) or agent_view(
        Presence(agent, Status.OFF, shared.at), desk, shared.at
    )
    return {
        "me": me,
        "cases": [_personal(one, view, agent) for one, view in shared.cases],
        "agents": list(shared.agents),
        "settings": shared.settings,
    }


def agent_view(presence: Presence, desk: AgentDesk, now: datetime) -> dict[str, Any]:
    agent = presence.agent
    return {
        "id": agent.id,
        "name": agent.name,
        "team": agent.team or "",
        "skills": sorted(agent.skills),
        "status": presence.status_at(now, desk.patience).value,
        "holding": presence.holding,
        "capacity": agent.capacity,
    }


def case_view(
    one: OpenCase,
    agents: Iterable[Presence],
    *,
    agent: AgentOnDuty,
    desk: AgentDesk,
    now: datetime,
) -> dict[str, Any]:
    """Return one case as this agent sees it in the queue."""
    return _personal(one, _common(one, tuple(agents), desk, now), agent)


def _personal(one: OpenCase, view: dict[str, Any], agent: AgentOnDuty) -> dict[str, Any]:
    return {
        **view,
        "unread": one.unread.get(agent.id, one.customer_messages),
        "viewers": [viewer for viewer in view["viewers"] if viewer["id"] != agent.id],
    }


def _common(
    one: OpenCase, agents: tuple[Presence, ...], desk: AgentDesk, now: datetime
) -> dict[str, Any]:
    case, conversation, hold = one.case, one.conversation, one.conversation.hold
    due_at = case.due_at(one.unanswered_since, desk.targets)
    return {
        "conversation": case.conversation,
        "holder": hold.holder.value,
        "version": hold.version,
        "agent": _named(hold.agent, agents),
        "account": conversation.account,
        "customer_name": case.customer_name,
        "reason": case.reason,
        "cancellation_reason": case.cancellation_reason,
        "wants": case.wants,
        "skill": case.skill,
        "value_minor": case.value_minor,
        "currency": case.currency,
        "team": case.team,
        "for_agent": case.for_agent,
        "came_back": case.came_back,
        "waiting_since": iso_instant(case.place[1]),
        "held_since": _instant(case.held_since),
        "last_message": _preview(one.last_message),
        "unanswered_since": _instant(one.unanswered_since),
        "due_at": _instant(due_at),
        "outcome": case.outcome,
        "customer_left": conversation.left_at is not None,
        "viewers": [
            {
                "id": p.agent.id,
                "name": p.agent.name,
                "replying": p.is_replying(now, desk.patience),
            }
            for p in agents
            if p.viewing == case.conversation and p.shows(case.conversation, now, desk.patience)
        ],
    }


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the frames that lead from one state to the next, as the live feed sends them."""
    frames = [
        *_changed("case", "conversation", before["cases"], after["cases"]),
        *_changed("agent", "id", before["agents"], after["agents"]),
    ]
    for part in ("me", "settings"):
        if before[part] != after[part]:
            frames.append({"type": part, part: after[part]})
    return frames


def _changed(
    kind: str, key: str, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    known = {one[key]: one for one in before}
    frames = [{"type": kind, kind: one} for one in after if known.get(one[key]) != one]
    left = known.keys() - {one[key] for one in after}
    return [*frames, *({"type": f"{kind}_gone", key: gone} for gone in sorted(left))]


def _named(agent: str | None, agents: Iterable[Presence]) -> dict[str, Any] | None:
    if agent is None:
        return None
    name = next((p.agent.name for p in agents if p.agent.id == agent), agent)
    return {"id": agent, "name": name}


def _preview(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text[:PREVIEW_CHARACTERS],
        "at": iso_instant(message.at),
    }


def _instant(at: datetime | None) -> str | None:
    return iso_instant(at) if at else None
