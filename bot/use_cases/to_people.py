"""Bring a conversation to people, as a step decided: to the queue, into a ticket, or back again."""

from __future__ import annotations

from typing import Protocol

from bot.retention.dialogue import Situation, Step
from bot.use_cases.hand_over import hand_over
from bot.use_cases.leave_ticket import leave_ticket
from bot.use_cases.ports import UnitOfWork
from bot.use_cases.staffing import People


class Words(Protocol):
    """What the customer said, and the message it was said with."""

    @property
    def message_id(self) -> str: ...
    @property
    def text(self) -> str: ...


def to_people(
    uow: UnitOfWork, step: Step, situation: Situation, said: Words, people: People
) -> None:
    """Do what the step says about people; inside the caller's transaction."""
    cause, words, places = said.message_id, said.text, people.ticket_places
    if step.escalate:
        hand_over(uow, step, situation, cause=cause, words=words)
    if step.ticket:
        leave_ticket(uow, step, step.ticket, situation, cause=cause, words=words, places=places)
    if step.hand_back:
        uow.tickets.hand_back(situation.conversation, cause=cause, now=situation.now)
