"""Leave a ticket for people who are not there now, and have it go wherever tickets go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversations.ticket_text import call_lines, ticket_text
from bot.retention.dialogue import LeaveTicket, Situation, Step
from bot.use_cases.hand_over import summary_of
from bot.use_cases.ports import UnitOfWork
from bot.use_cases.staffing import call_time
from bot.use_cases.ticket_ports import ADD, OPEN, TicketText


def leave_ticket(
    uow: UnitOfWork,
    step: Step,
    wish: LeaveTicket,
    situation: Situation,
    *,
    cause: str,
    words: str,
    places: Sequence[str],
) -> None:
    """Leave it, or add the promised call to the one there is; inside the caller's transaction."""
    conversation, now = situation.conversation, situation.now
    call = _call(wish, situation)
    summary = summary_of(uow, step, situation, reason=wish.reason, words=words)
    is_new = uow.tickets.leave(
        conversation,
        ticket=wish.id,
        reason=wish.reason,
        contact=wish.contact,
        summary={**summary, **call},
        cause=cause,
        now=now,
    )
    if wish.call:
        uow.tickets.plan_call(wish.id, conversation, wish.call)
    if is_new:
        text = ticket_text(wish.id, wish.contact, summary, call=call.get("call_back"))
        told = TicketText(wish.id, text, tuple(places))
        uow.tickets.send_out(wish.id, conversation, OPEN, told, now=now)
    elif wish.call:
        text = "\n".join(call_lines(call["call_back"]))
        told = TicketText(f"{wish.id}/{cause}", text)
        uow.tickets.send_out(wish.id, conversation, ADD, told, now=now)


def _call(wish: LeaveTicket, situation: Situation) -> Mapping[str, Any]:
    if wish.call is None:
        return {}
    window, staffing = wish.call.window, situation.staffing
    return {
        "call_back": {
            "phone": wish.call.phone,
            "from": window.begins.isoformat(),
            "until": window.ends.isoformat(),
            "window": call_time(window, staffing.hours if staffing else None),
        }
    }
