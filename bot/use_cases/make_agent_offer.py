"""Let an agent make an offer with one press: the same policies, guard and billing as always."""

from __future__ import annotations

import structlog

from bot.conversations.agent import AgentOnDuty
from bot.conversations.holder import Holder
from bot.conversations.message import checked_client_id, message_id
from bot.errors import HeldBack, MessageIdReused, NotHolder
from bot.retention.agent_offers import OFFER_BY_AGENT, offer_by_agent
from bot.retention.authority import Grantor
from bot.use_cases.agent_desk import AgentDesk, record_act
from bot.use_cases.answers import ask_nothing
from bot.use_cases.make_move import Said, make_move
from bot.use_cases.post_agent_message import Sent, checked, first_sent, store

log = structlog.get_logger()


def make_agent_offer(
    conversation: str,
    *,
    agent: AgentOnDuty,
    client_message_id: str,
    policy: str,
    about: str | None = None,
    reason: str | None = None,
    customer_asked: bool = False,
    desk: AgentDesk,
) -> Sent:
    """Put the policy's offer to the customer; what they accept is carried out as ever.

    Args:
        policy: the policy as cited, `name@revision`.
        about: the subscription meant, where the case is not about one already.
        reason: why the customer wants to leave, where nobody has noted it yet.
        customer_asked: they asked what else there is, which allows one offer more (R2).

    Raises:
        ConversationNotFound, NotHolder: see `require_holder`.
        MessageIdReused: this id came before with something else.
        NotPossible: the offer may not be made; the message says why.
        HeldBack: the guard found a fault in the finished message; it was not sent.
        StaleDialogue: the conversation moved meanwhile; look again.
        BillingUnavailable: the account cannot be read now.
    """
    sent_as = checked_client_id(client_message_id)
    first = _first(conversation, agent, sent_as, policy, desk)
    if first is not None:
        return first
    entities = (
        ("policy", policy),
        *((name, value) for name, value in (("about", about),) if value),
        *((("cancellation_reason", reason),) if reason else ()),
        *((("customer_asked", "true"),) if customer_asked else ()),
    )
    name = message_id(conversation, f"offer-{sent_as}")
    reply = make_move(
        Said(conversation, name, "", OFFER_BY_AGENT, entities),
        desk=desk.rules,
        take=offer_by_agent,
        grantor=Grantor(agent.level, agent.id),
    )
    [say] = reply.says
    now = desk.clock.now()
    try:
        worded = checked(
            conversation, desk.switchboard.wording.render(say), agent=agent, desk=desk, now=now
        )
    except HeldBack:
        _withdraw(conversation, desk)
        raise
    with desk.unit_of_work() as uow:
        sent = store(conversation, worded, sent_as, agent=agent, uow=uow, now=now)
        if not sent.is_repeat:
            record_act("offer_made", agent.id, conversation, uow=uow, now=now, policy=policy)
        uow.commit()
    desk.switchboard.wake(conversation)
    log.info("offer_made", conversation=conversation, agent=agent.id, policy=policy)
    return sent


def _first(
    conversation: str, agent: AgentOnDuty, client_message_id: str, policy: str, desk: AgentDesk
) -> Sent | None:
    with desk.unit_of_work() as uow:
        first = first_sent(conversation, agent, client_message_id, None, uow)
        if first is not None:
            if (first.message.offer or {}).get("policy") != policy:
                raise MessageIdReused
            return first
        hold = uow.conversations.get(conversation).hold
        if hold.holder is not Holder.AGENT or hold.agent != agent.id:
            raise NotHolder
    return None


def _withdraw(conversation: str, desk: AgentDesk) -> None:
    """Nobody saw the offer, so that no yes can be one to it."""
    with desk.unit_of_work() as uow:
        ask_nothing(conversation, uow)
        uow.commit()
