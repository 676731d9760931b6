"""Show the canned replies that fit a customer, with their facts filled in."""

from __future__ import annotations

from bot.conversations.agent import AgentOnDuty
from bot.errors import AccountNotFound, BillingUnavailable
from bot.retention.account import AccountHistory
from bot.retention.calendar import write_day
from bot.retention.figures import per_interval, price_now, subscription_name
from bot.retention.offer import charged_next_on
from bot.use_cases.agent_desk import AgentDesk


def show_canned_replies(
    conversation: str, *, agent: AgentOnDuty, desk: AgentDesk
) -> list[dict[str, str]]:
    """Return every reply whose facts are known here, in the order of the file.

    Raises:
        ConversationNotFound: it was never handed to people.
    """
    one, _agents = desk.views.open_case(conversation)
    facts = {"agent_name": agent.name, "company": desk.rules.terms.company}
    if one.case.customer_name:
        facts["customer_name"] = one.case.customer_name
    history = history_or_none(one.conversation.account, desk)
    if history is not None:
        facts |= _facts_of(history)
    filled = ((reply, reply.filled(facts)) for reply in desk.canned)
    return [
        {"id": reply.id, "title": reply.title, "keys": reply.keys, "text": text}
        for reply, text in filled
        if text is not None
    ]


def history_or_none(account: str | None, desk: AgentDesk) -> AccountHistory | None:
    """Return the account's history; None for a visitor, or while billing does not answer."""
    if account is None:
        return None
    try:
        return desk.switchboard.billing.history(account, now=desk.clock.now())
    except (BillingUnavailable, AccountNotFound):
        return None


def _facts_of(history: AccountHistory) -> dict[str, str]:
    """Facts of the plan only where there is one: which of several is meant, nobody knows here."""
    facts = {"customer_name": history.customer.name}
    if history.credit.minor > 0:
        facts["credit"] = str(history.credit)
    live = [s for s in history.subscriptions if s.is_live]
    if len(live) != 1:
        return facts
    [subscription] = live
    facts["plan"] = subscription_name(subscription)
    facts["price"] = per_interval(price_now(subscription), subscription.interval)
    charged_on = charged_next_on(subscription)
    if charged_on is not None and subscription.cancels_on is None:
        facts["next_charge"] = write_day(charged_on)
    if subscription.cancels_on is not None:
        facts["cancels_on"] = write_day(subscription.cancels_on)
    return facts
