"""Find the work that waits: after a start, and for every turn whose next try has come."""

from __future__ import annotations

from bot.use_cases.ports import DueTurn
from bot.use_cases.switchboard import Switchboard


def pending_turns(*, switchboard: Switchboard) -> tuple[DueTurn, ...]:
    """Return the lanes whose oldest waiting turn is due and that no worker holds, oldest first."""
    return switchboard.views.due_turns(now=switchboard.clock.now())
