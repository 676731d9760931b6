"""Who is at the desk: the signed-in member of staff, as the agents' use cases know them."""

from __future__ import annotations

from bot.conversations.agent import AgentOnDuty
from bot.people.person import StaffMember
from bot.people.role import Role


def on_duty(staff: StaffMember) -> AgentOnDuty:
    """A manager who is no agent looks on and passes on, and holds nothing."""
    answers = Role.AGENT in staff.roles
    return AgentOnDuty(
        id=staff.person_id,
        name=staff.name,
        level=staff.level.value,
        team=staff.team or None,
        skills=tuple(sorted(staff.skills)),
        capacity=staff.capacity if answers else 0,
        leads=Role.MANAGER in staff.roles,
    )
