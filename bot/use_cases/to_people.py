"""Bring a conversation to people, as a step decided: to the queue, into a ticket, or back again."""

from __future__ import annotations

from typing import Protocol

from bot.errors import StaleDialogue
from bot.retention.dialogue import Situation, Step
from bot.use_cases.check_in_ports import SITE
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
    _check_ins(uow, step, situation)
    if step.hand_back:
        uow.tickets.hand_back(situation.conversation, cause=cause, now=situation.now)


def _check_ins(uow: UnitOfWork, step: Step, situation: Situation) -> None:
    now = situation.now
    # Told in another conversation meanwhile: decided again, it is not told here.
    if step.check_in and not uow.check_ins.told(step.check_in, SITE, now=now):
        raise StaleDialogue(situation.conversation)
    if step.check_ins_off:
        account = situation.account.account
        uow.check_ins.switch(account, is_on=False, way="chat", now=now)
