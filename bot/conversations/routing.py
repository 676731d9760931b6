"""Routing: which waiting case goes to which agent, by waiting time, skill and load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversations.agent import Patience, Presence, Status
from bot.conversations.case import Case, Skill


def assignments(
    waiting: Iterable[Case], agents: Sequence[Presence], *, now: datetime, patience: Patience
) -> tuple[tuple[str, str], ...]:
    """Return (conversation, agent) pairs, the case that waits longest first.

    A case goes to whom it was passed on to, or to the agent the customer knows; else to somebody
    with its skill, and among those to the least busy. A skill that nobody here has asks for
    anybody: waiting for a specialist who is not here helps no customer.
    """
    staff = {presence.agent.id: presence for presence in agents}
    pairs = []
    for case in sorted(waiting, key=lambda one: one.place):
        chosen = _best(case, tuple(staff.values()), now, patience)
        if chosen is not None:
            pairs.append((case.conversation, chosen.agent.id))
            staff[chosen.agent.id] = replace(chosen, holding=chosen.holding + 1)
    return tuple(pairs)


def in_turn_for(
    agent: str,
    waiting: Iterable[Case],
    agents: Sequence[Presence],
    *,
    now: datetime,
    patience: Patience,
) -> tuple[str, ...]:
    """Return the conversations this agent should take, the most urgent first.

    What was passed on to somebody else who is here is theirs; what asks for a skill that somebody
    else here has comes after what fits.
    """
    here = [p for p in agents if p.status_at(now, patience) is Status.HERE]
    me = next((presence for presence in agents if presence.agent.id == agent), None)
    if me is None:
        return ()
    staff = [*(p for p in here if p.agent.id != agent), me]
    mine = [case for case in waiting if _may_get(case, me, staff)]
    mine.sort(key=lambda case: (not _fits(case, me, staff), case.place))
    return tuple(case.conversation for case in mine)


def _best(
    case: Case, staff: Sequence[Presence], now: datetime, patience: Patience
) -> Presence | None:
    here = [p for p in staff if p.status_at(now, patience) is Status.HERE]
    free = [
        p
        for p in here
        if p.has_room(now, patience) and _may_get(case, p, here) and _fits(case, p, here)
    ]
    return min(free, key=lambda p: _preference(case, p), default=None)


def _preference(case: Case, presence: Presence) -> tuple[bool, bool, float, int, str]:
    agent = presence.agent
    known = agent.id in (case.for_agent, case.last_agent)
    load = presence.holding / agent.capacity
    return (not known, case.skill not in agent.skills, load, presence.holding, agent.id)


def _may_get(case: Case, presence: Presence, here: Sequence[Presence]) -> bool:
    """Whom a case was passed on to gets it, as long as they are here."""
    agent = presence.agent
    if case.for_agent is not None and any(p.agent.id == case.for_agent for p in here):
        return agent.id == case.for_agent
    if case.team is not None and any(p.agent.team == case.team for p in here):
        return agent.team == case.team
    return True


def _fits(case: Case, presence: Presence, here: Sequence[Presence]) -> bool:
    if _has_skill(case, presence) or presence.agent.id == case.for_agent:
        return True
    return not any(_has_skill(case, other) for other in here)


def _has_skill(case: Case, presence: Presence) -> bool:
    skills = presence.agent.skills
    return not skills or case.skill in skills or case.skill == Skill.GENERAL.value
