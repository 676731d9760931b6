"""Who is there for customers now: the desk hours, the people at the desk, and the queue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.retention.calendar import write_instant
from bot.retention.check_ins import CheckIn, Contacts, to_show
from bot.retention.desk_hours import DeskHours, Shift, write_shift
from bot.retention.dialogue import Situation
from bot.retention.waiting import QueueNow, Staffing
from bot.use_cases.ports import Presence, WaitingRoom


@dataclass(frozen=True)
class People:
    """What is asked about people; without `hours` nothing is said of when they are there.

    `ticket_places` names where tickets go outside, beside the desk's own list.
    """

    hours: DeskHours | None = None
    presence: Presence | None = None
    waiting_room: WaitingRoom | None = None
    ticket_places: tuple[str, ...] = ()

    def staffing(self, now: datetime) -> Staffing | None:
        if self.hours is None:
            return None
        return Staffing(
            self.hours,
            self.presence.anybody_here(now=now) if self.presence else None,
            self.waiting_room.queue_now(now=now) if self.waiting_room else QueueNow(),
        )

    def known(
        self,
        situation: Situation,
        ticket: str | None,
        held_by_agent: bool,
        contacts: Contacts | None,
    ) -> Situation:
        """Return the situation with what is known about people, and what waits to be told."""
        return replace(
            situation,
            staffing=self.staffing(situation.now),
            ticket=ticket,
            held_by_agent=held_by_agent,
            check_in=_waiting(situation, contacts),
        )


def call_time(window: Shift, hours: DeskHours | None) -> str:
    """Write when a call was promised, as the customer was told: by the desk's clock, named."""
    if hours is None:
        return f"{write_instant(window.begins)} to {write_instant(window.ends)}"
    return write_shift(window, hours)


def _waiting(situation: Situation, contacts: Contacts | None) -> CheckIn | None:
    if contacts is None or situation.history is None:
        return None
    held_out = situation.in_holdout
    return to_show(situation.history, contacts, situation.now, in_holdout=held_out)
