"""What the desk shows, in the shapes of its interface, and what changed between two moments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from bot.conversations.agent import AgentOnDuty, Presence, Status
from bot.conversations.holder import Holder
from bot.conversations.message import Message, iso_instant
from bot.retention.call_backs import CallBack
from bot.retention.desk_hours import DeskHours
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.agent_ports import Board, OpenCase
from bot.use_cases.staffing import call_time

PREVIEW_CHARACTERS = 160
# Who was here longer ago than this is not shown any more.
SHOWN_SECONDS = 24 * 3600


# A case beside its view, as far as that is the same for all.
Seen = tuple[OpenCase, dict[str, Any]]


@dataclass(frozen=True, eq=False)
class SharedState:
    """What everybody at the desk sees alike, worked out once for all of them.

    `cases` are in order; `viewers` of a case are everybody, oneself included. A later state has
    the same objects where nothing changed.
    """

    at: datetime
    cases: tuple[Seen, ...]
    agents: tuple[dict[str, Any], ...]
    everybody: Mapping[str, dict[str, Any]]
    settings: dict[str, Any]

    @cached_property
    def by_conversation(self) -> dict[str, Seen]:
        return {one.case.conversation: (one, view) for one, view in self.cases}


def shared_state(
    board: Board, *, desk: AgentDesk, before: SharedState | None = None
) -> SharedState:
    """Return the board in the shapes of the interface, as far as it is the same for all.

    What did not change since `before` is taken over from there, which is quick to see for many.
    """
    now = desk.clock.now()
    known = before.by_conversation if before else {}
    people = _People.of(board.agents, desk, now)

    def seen(one: OpenCase) -> Seen:
        old, view = known.get(one.case.conversation, (None, {}))
        one = old if old == one and old is not None else one
        if one is old and people.are_in(view):
            return one, view
        return one, _common(one, people, desk)

    everybody = {p.agent.id: agent_view(p, desk, now) for p in board.agents}
    shown = [p.agent.id for p in board.agents if (now - p.beat_at).total_seconds() < SHOWN_SECONDS]
    return SharedState(
        at=now,
        cases=tuple(seen(one) for one in sorted(board.cases, key=lambda one: one.case.place)),
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
    return {
        "me": _me(shared, agent, desk),
        "cases": [_personal(one, view, agent) for one, view in shared.cases],
        "agents": list(shared.agents),
        "settings": shared.settings,
    }


def _me(shared: SharedState, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    seen = shared.everybody.get(agent.id) or _unseen(agent, desk, shared.at)
    return _with_rights(seen, agent)


def _with_rights(view: dict[str, Any], agent: AgentOnDuty) -> dict[str, Any]:
    """Add what the agent's roles allow at this moment, which presence does not keep."""
    return {**view, "leads": agent.leads}


def _unseen(agent: AgentOnDuty, desk: AgentDesk, now: datetime) -> dict[str, Any]:
    return agent_view(Presence(agent, Status.OFF, now), desk, now)


def me_view(agents: Iterable[Presence], *, agent: AgentOnDuty, desk: AgentDesk) -> dict[str, Any]:
    """Return the agent among those on duty, or as one who never was."""
    now = desk.clock.now()
    mine = next((presence for presence in agents if presence.agent.id == agent.id), None)
    seen = agent_view(mine, desk, now) if mine else _unseen(agent, desk, now)
    return _with_rights(seen, agent)


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
    return _personal(one, _common(one, _People.of(agents, desk, now), desk), agent)


def _personal(one: OpenCase, view: dict[str, Any], agent: AgentOnDuty) -> dict[str, Any]:
    return {
        **view,
        "unread": _unread(one, agent),
        "viewers": [viewer for viewer in view["viewers"] if viewer["id"] != agent.id],
    }


def _unread(one: OpenCase, agent: AgentOnDuty) -> int:
    return one.unread.get(agent.id, one.customer_messages)


@dataclass(frozen=True)
class _People:
    """The agents as a case's view shows them: names by id, viewers by conversation."""

    names: Mapping[str, str]
    viewers: Mapping[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, agents: Iterable[Presence], desk: AgentDesk, now: datetime) -> _People:
        names, viewers = {}, defaultdict[str, list[dict[str, Any]]](list)
        for p in agents:
            names[p.agent.id] = p.agent.name
            if p.viewing is not None and p.shows(p.viewing, now, desk.patience):
                replying = p.is_replying(now, desk.patience)
                viewer = {"id": p.agent.id, "name": p.agent.name, "replying": replying}
                viewers[p.viewing].append(viewer)
        return cls(names, viewers)

    def are_in(self, view: Mapping[str, Any]) -> bool:
        """Whether the view shows them as they are now."""
        agent = view["agent"] and view["agent"]["id"]
        return bool(
            view["agent"] == self.named(agent)
            and view["viewers"] == self.viewers.get(view["conversation"], [])
        )

    def named(self, agent: str | None) -> dict[str, Any] | None:
        return None if agent is None else {"id": agent, "name": self.names.get(agent, agent)}


def _common(one: OpenCase, people: _People, desk: AgentDesk) -> dict[str, Any]:
    case, conversation, hold = one.case, one.conversation, one.conversation.hold
    # Whoever left a ticket was told that nobody is there: minutes count for those who wait here.
    is_ticket = hold.holder is Holder.TICKET
    due_at = None if is_ticket else case.due_at(one.unanswered_since, desk.targets)
    return {
        "conversation": case.conversation,
        "holder": hold.holder.value,
        "version": hold.version,
        "agent": people.named(hold.agent),
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
        "call_back": _call_back(one.call, desk.rules.people.hours),
        "viewers": people.viewers.get(case.conversation, []),
    }


def changes(
    before: SharedState, after: SharedState, *, agent: AgentOnDuty, desk: AgentDesk
) -> list[dict[str, Any]]:
    """Return the frames that lead this agent from one state to the next, for the live feed."""
    frames = [
        *_changed_cases(before, after, agent),
        *_gone("case", "conversation", before.by_conversation, after.by_conversation),
        *_changed_agents(before, after),
    ]
    me = _me(after, agent, desk)
    if me != _me(before, agent, desk):
        frames.append({"type": "me", "me": me})
    if after.settings != before.settings:
        frames.append({"type": "settings", "settings": after.settings})
    return frames


def _changed_cases(
    before: SharedState, after: SharedState, agent: AgentOnDuty
) -> Iterator[dict[str, Any]]:
    for old, new in _changed_for_some(before, after):
        mine = _personal(*new, agent)
        if old is None or mine != _personal(*old, agent):
            yield {"type": "case", "case": mine}


@lru_cache(maxsize=4)
def _changed_for_some(
    before: SharedState, after: SharedState
) -> tuple[tuple[Seen | None, Seen], ...]:
    """Return the cases that changed for anybody: all who watch ask the same in the same moment."""
    pairs = ((before.by_conversation.get(new[0].case.conversation), new) for new in after.cases)
    return tuple(
        (old, new)
        for old, new in pairs
        if old is None or old[0] is not new[0] or old[1] is not new[1]
    )


def _changed_agents(before: SharedState, after: SharedState) -> Iterator[dict[str, Any]]:
    known = {view["id"]: view for view in before.agents}
    here = {view["id"]: view for view in after.agents}
    yield from (
        {"type": "agent", "agent": here[id_]} for id_ in here if known.get(id_) != here[id_]
    )
    yield from _gone("agent", "id", known, here)


def _gone(
    kind: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    yield from (
        {"type": f"{kind}_gone", key: gone} for gone in sorted(before.keys() - after.keys())
    )


def _preview(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "seq": message.seq,
        "from": message.sender.value,
        "text": message.text[:PREVIEW_CHARACTERS],
        "at": iso_instant(message.at),
    }


def _call_back(call: CallBack | None, hours: DeskHours | None) -> dict[str, Any] | None:
    if call is None:
        return None
    return {
        "phone": call.phone,
        "from": iso_instant(call.window.begins),
        "until": iso_instant(call.window.ends),
        "window": call_time(call.window, hours),
    }


def _instant(at: datetime | None) -> str | None:
    return iso_instant(at) if at else None
