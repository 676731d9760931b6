"""Open a conversation, or come back to one, and greet."""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.message import Message
from bot.conversations.turn import Lane
from bot.errors import BillingUnavailable, ConversationNotFound
from bot.use_cases.events import OPENED, add_event
from bot.use_cases.ports import DeskUnitOfWork
from bot.use_cases.run_turn import run_turn
from bot.use_cases.switchboard import Switchboard

log = structlog.get_logger()


@dataclass(frozen=True)
class Opened:
    """`is_new` False: an earlier conversation goes on. Messages are the whole transcript."""

    conversation: str
    is_new: bool
    account: str | None
    customer_name: str | None
    holder: Holder
    last_seq: int
    messages: tuple[Message, ...]
    agent_name: str | None = None


def open_conversation(
    *,
    account: str | None,
    earlier: str | None = None,
    resume: bool = True,
    resume_closed: bool = False,
    switchboard: Switchboard,
) -> Opened:
    """Return a conversation that belongs to `account` (None: a visitor), greeted.

    Args:
        account: the account the website vouches for.
        earlier: the conversation of a valid token the client still had. An anonymous one is
            bound to `account`; one of another account is left alone.
        resume: go on with `earlier`, or else with the account's newest conversation that is open.
        resume_closed: without `earlier`, a closed conversation of the account will do as well.

    Raises:
        AccountNotFound: the website vouches for an account the billing system does not have.
    """
    _customer_name(account, switchboard)  # an unknown account is refused before anything is stored
    now, owner = switchboard.clock.now(), switchboard.ids.owner()
    with switchboard.unit_of_work() as uow:
        found = _earlier(account, earlier, resume_closed, uow) if resume else None
        conversation = found or Conversation(
            switchboard.ids.conversation(), opened_at=now, heard_at=now, account=account
        )
        if found is None:
            uow.conversations.add(conversation)
            greeted = add_event(conversation, OPENED, uow=uow, now=now)
            # Another worker that is quicker would let us answer without the greeting.
            until = now + switchboard.limits.lease
            uow.turns.take_lease(conversation.id, Lane.TALK, owner, now=now, until=until)
        else:
            greeted = found.heard(cause="resumed", now=now)
        uow.conversations.save(replace(greeted, account=greeted.account or account), now=now)
        uow.commit()
    if found is None:
        # The greeting needs no assistant, so it is there before the first byte of the answer.
        run_turn(conversation.id, switchboard=switchboard, held_by=owner)
    log.info("conversation_opened", conversation=conversation.id, is_new=found is None)
    return _opened(conversation.id, is_new=found is None, switchboard=switchboard)


def _earlier(
    account: str | None, earlier: str | None, resume_closed: bool, uow: DeskUnitOfWork
) -> Conversation | None:
    found = _of_token(earlier, uow)
    if found is not None and (found.account is None or found.account == account or account is None):
        return found
    if account is None:
        return None
    newest = uow.conversations.newest_of(account, closed_too=resume_closed)
    return uow.conversations.locked(newest) if newest else None


def _of_token(earlier: str | None, uow: DeskUnitOfWork) -> Conversation | None:
    try:
        return uow.conversations.locked(earlier) if earlier else None
    except ConversationNotFound:
        return None


def _customer_name(account: str | None, switchboard: Switchboard) -> str | None:
    if account is None:
        return None
    try:
        return switchboard.billing.history(account, now=switchboard.clock.now()).customer.name
    except BillingUnavailable:
        return None


def _opened(conversation: str, *, is_new: bool, switchboard: Switchboard) -> Opened:
    updates = switchboard.views.updates(conversation, after=0)
    return Opened(
        conversation=conversation,
        is_new=is_new,
        account=updates.account,
        customer_name=_customer_name(updates.account, switchboard),
        holder=updates.holder,
        last_seq=updates.last_seq,
        messages=updates.messages,
        agent_name=updates.agent_name,
    )
