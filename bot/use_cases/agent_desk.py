"""Everything the agents' use cases need, and what they all do: announce, check, record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.conversations.agent import AgentOnDuty, Assignment, Patience
from bot.conversations.canned import CannedReply
from bot.conversations.case import Targets
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.message import Message, QuickReply, Sender
from bot.errors import AlreadyTaken, AtCapacity, NotHolder, NotPossible
from bot.people.audit import AuditEntry
from bot.retention.say import Say
from bot.use_cases.agent_ports import AgentUnitOfWork, AgentViews
from bot.use_cases.answers import offered_buttons
from bot.use_cases.guard_answers import Guarded
from bot.use_cases.make_move import Desk
from bot.use_cases.ports import Clock, Worded
from bot.use_cases.switchboard import Switchboard


@dataclass(frozen=True)
class AgentDesk:
    """`switchboard` is the one that serves the customers, `rules` what its moves are made by."""

    switchboard: Switchboard
    unit_of_work: Callable[[], AgentUnitOfWork]
    views: AgentViews
    rules: Desk
    canned: tuple[CannedReply, ...] = ()
    patience: Patience = field(default_factory=Patience)
    targets: Targets = field(default_factory=Targets)
    assignment: Assignment = Assignment.MANUAL

    @property
    def clock(self) -> Clock:
        return self.switchboard.clock


def spoken(say: Say, conversation: str, desk: AgentDesk) -> Worded:
    """Word what the desk itself tells the customer; the guard has the last look at it too.

    Call it before the transaction: the guard may read the account.
    """
    switchboard, now = desk.switchboard, desk.clock.now()
    worded = switchboard.wording.render(say)
    found = switchboard.guard.breaches(
        conversation, [worded], sender=Sender.SYSTEM, asked_at=now, now=now
    )
    [safe] = Guarded((worded,), found, Sender.SYSTEM).safe(switchboard.wording)
    return safe


def append(
    worded: Worded,
    to: Conversation,
    *,
    uow: AgentUnitOfWork,
    now: datetime,
    agent: AgentOnDuty | None = None,
    client_message_id: str | None = None,
) -> tuple[Conversation, Message]:
    """Add a message to a locked conversation, of the agent or, without one, of the system.

    Returns the conversation, which the caller saves.
    """
    to = to.next_message()
    stage = uow.dialogues.get(to.id)[0].get("awaiting")
    offered = offered_buttons(worded, to.id, to.last_seq, stage)
    message = Message(
        conversation=to.id,
        seq=to.last_seq,
        sender=Sender.AGENT if agent else Sender.SYSTEM,
        text=worded.text,
        at=now,
        buttons=tuple(QuickReply(button.id, button.title) for button in offered),
        offer=worded.offer,
        receipt=worded.receipt,
        client_message_id=client_message_id,
        sender_name=agent.name if agent else None,
    )
    uow.conversations.add_message(message, offered)
    return to, message


def held_by(agent: AgentOnDuty, conversation: str, uow: AgentUnitOfWork) -> Conversation:
    """Lock the conversation and return it, if the agent holds it.

    Raises:
        ConversationNotFound: there is none, or it was never handed to people.
        NotHolder: somebody else holds it, or nobody.
    """
    found = uow.conversations.locked(conversation)
    require_holder(agent, found, uow)
    return found


def require_holder(agent: AgentOnDuty, found: Conversation, uow: AgentUnitOfWork) -> None:
    """Raises as `held_by` does, for a conversation that is locked already."""
    if found.hold.holder is not Holder.AGENT or found.hold.agent != agent.id:
        uow.cases.get(found.id)  # nobody learns of a conversation that is none of theirs
        raise NotHolder


def take(
    conversation: str, agent: AgentOnDuty, joined: Worded, *, uow: AgentUnitOfWork, now: datetime
) -> bool:
    """Make the agent the holder and tell the customer; False when they hold it already.

    One conditional update decides who gets it. The agent's row is locked first, so that two claims
    of one agent at the same instant cannot both find room for one more.

    Raises:
        AlreadyTaken, AtCapacity, NotPossible: see `claim_case`.
    """
    uow.agents.locked(agent.id)
    case = uow.cases.get(conversation)
    cause = f"claim:{agent.id}"
    if not uow.cases.claim(conversation, agent.id, capacity=agent.capacity, cause=cause, now=now):
        _say_why_not(conversation, agent, uow)
        return False
    uow.cases.save(case.taken(agent.id, now))
    found, _message = append(joined, uow.conversations.locked(conversation), uow=uow, now=now)
    uow.conversations.save(found, now=now)
    record_act("conversation_taken", agent.id, conversation, uow=uow, now=now)
    return True


def _say_why_not(conversation: str, agent: AgentOnDuty, uow: AgentUnitOfWork) -> None:
    """Return when the agent holds the conversation already, else raise why they cannot."""
    hold = uow.conversations.get(conversation).hold
    if hold.holder is Holder.AGENT:
        if hold.agent == agent.id:
            return
        raise AlreadyTaken(uow.agents.name_of(hold.agent))
    if hold.holder is Holder.QUEUE:
        raise AtCapacity(agent.name, agent.capacity)
    raise NotPossible("This conversation does not wait for a person any more. Take another one.")


def record_act(
    kind: str,
    agent: str,
    conversation: str,
    *,
    uow: AgentUnitOfWork,
    now: datetime,
    **details: Any,
) -> None:
    """Note in the audit what an agent did; never anybody's words."""
    uow.audit.add(AuditEntry(kind, agent, conversation, details), now=now)
