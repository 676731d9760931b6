"""Send what an agent wrote, once, if it holds up against the exit rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.message import Message, Sender, checked_client_id, clean_text
from bot.errors import HeldBack, MessageIdReused
from bot.retention import buttons
from bot.retention.hints import hints_for
from bot.retention.outgoing_guard import Breach
from bot.retention.records import Entry
from bot.use_cases.agent_desk import AgentDesk, append, record_act, require_holder
from bot.use_cases.agent_ports import AgentUnitOfWork
from bot.use_cases.ports import Worded

log = structlog.get_logger()

# What leaving brings about may be said, with the exit beside it (R4).
_EXIT_IS_MISSING = "R4"


@dataclass(frozen=True)
class Sent:
    """`is_repeat`: nothing new was stored, this is the first result again."""

    message: Message
    last_seq: int
    is_repeat: bool = False


def post_agent_message(
    conversation: str,
    *,
    agent: AgentOnDuty,
    client_message_id: str,
    text: str,
    desk: AgentDesk,
) -> Sent:
    """Store the agent's message for the customer.

    Raises:
        ConversationNotFound, NotHolder: see `require_holder`.
        MessageEmpty, MessageTooLong, InvalidInput: nothing was stored.
        MessageIdReused: this id came before with another body, or from somebody else.
        HeldBack: it breaks a rule; the agent is told which, and nobody's words are recorded.
    """
    words, sent_as = clean_text(text), checked_client_id(client_message_id)
    now = desk.clock.now()
    worded, found = _judged(conversation, Worded(words), desk, now)
    if found:
        # What went out before is told again, whatever would be thought of it today.
        with desk.unit_of_work() as uow:
            first = first_sent(conversation, agent, sent_as, words, uow)
        if first is not None:
            return first
        raise _held_back(conversation, worded, found, agent=agent, desk=desk, now=now)
    with desk.unit_of_work() as uow:
        sent = store(conversation, worded, sent_as, agent=agent, uow=uow, now=now)
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("agent_message_posted", message_id=sent.message.id, is_repeat=sent.is_repeat)
    return sent


def first_sent(
    conversation: str,
    agent: AgentOnDuty,
    client_message_id: str,
    text: str | None,
    uow: AgentUnitOfWork,
) -> Sent | None:
    """Return the first result under this id; `text` None: any words of this agent will do."""
    uow.cases.get(conversation)
    first = uow.conversations.message_sent_as(conversation, client_message_id)
    if first is None:
        return None
    by_agent = first.sender is Sender.AGENT and first.sender_name == agent.name
    if not by_agent or (text is not None and first.text != text):
        raise MessageIdReused
    return Sent(first, uow.conversations.get(conversation).last_seq, is_repeat=True)


def checked(
    conversation: str, worded: Worded, *, agent: AgentOnDuty, desk: AgentDesk, now: datetime
) -> Worded:
    """Return what may go out: as it was, or with the cancel control beside it.

    Raises:
        HeldBack: it breaks a rule.
    """
    worded, found = _judged(conversation, worded, desk, now)
    if found:
        raise _held_back(conversation, worded, found, agent=agent, desk=desk, now=now)
    return worded


def store(
    conversation: str,
    worded: Worded,
    client_message_id: str,
    *,
    agent: AgentOnDuty,
    uow: AgentUnitOfWork,
    now: datetime,
) -> Sent:
    """Add the message, inside the caller's transaction, if the agent still holds it."""
    found = uow.conversations.locked(conversation)
    # Even if the agent has passed it on since: their message is there.
    first = first_sent(conversation, agent, client_message_id, worded.text, uow)
    if first is not None:
        return first
    require_holder(agent, found, uow)
    found, message = append(
        worded, found, uow=uow, now=now, agent=agent, client_message_id=client_message_id
    )
    uow.conversations.save(found, now=now)
    uow.cases.save(uow.cases.get(conversation).answered(now))
    uow.read_marks.put(conversation, agent.id, message.seq)
    record_act("customer_answered", agent.id, conversation, uow=uow, now=now, seq=message.seq)
    return Sent(message, found.last_seq)


def _judged(
    conversation: str, worded: Worded, desk: AgentDesk, now: datetime
) -> tuple[Worded, tuple[Breach, ...]]:
    """Return what would go out, beside the rules it breaks."""
    found = _breaches(conversation, worded, desk, now)
    if found and {breach.rule for breach in found} == {_EXIT_IS_MISSING}:
        worded = Worded(worded.text, (*worded.buttons, buttons.CANCEL), worded.offer)
        found = _breaches(conversation, worded, desk, now)
    return worded, found


def _breaches(
    conversation: str, worded: Worded, desk: AgentDesk, now: datetime
) -> tuple[Breach, ...]:
    guard = desk.switchboard.guard
    [found] = guard.breaches(conversation, [worded], sender=Sender.AGENT, asked_at=now, now=now)
    return found


def _held_back(
    conversation: str,
    worded: Worded,
    found: Sequence[Breach],
    *,
    agent: AgentOnDuty,
    desk: AgentDesk,
    now: datetime,
) -> HeldBack:
    """Record that it was held back, and return what tells the agent why."""
    rules = tuple(dict.fromkeys(breach.rule for breach in found))
    payload = {
        "conversation": conversation,
        "from": Sender.AGENT.value,
        "agent": agent.id,
        "rules": list(rules),
        "what": [breach.what for breach in found],
    }
    with desk.unit_of_work() as uow:
        account = uow.identities.account(conversation)
        uow.records.add([Entry("held_back", payload)], account=account, now=now)
        uow.commit()
    for rule in rules:
        desk.switchboard.count_breach(rule)
        log.warning("agent_message_held_back", rule=rule, conversation=conversation)
    return HeldBack(hints_for(found, worded.text))
