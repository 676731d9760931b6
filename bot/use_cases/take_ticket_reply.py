"""Take what people answered outside back into the conversation, once each, under their name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.message import MAX_CHARACTERS, Message, Sender, clean_text
from bot.errors import MessageEmpty, NotFound, Unavailable
from bot.retention.records import Entry
from bot.use_cases.ports import DeskUnitOfWork, Worded
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.ticket_ports import AnsweredTickets, Link, OutsideReply, OutsideState

log = structlog.get_logger()

LONGEST_NAME = 60
# How many tickets are asked about in one round, so that a round stays short.
ROUND = 25


@dataclass(frozen=True)
class TicketReply:
    """An answer that a place outside sent by itself; `text` may be empty where it only closes."""

    id: str
    ticket: str
    name: str
    text: str
    closes: bool = False


def take_ticket_reply(reply: TicketReply, *, outside: str, switchboard: Switchboard) -> bool:
    """Take one reply that was sent to us; return False when it was taken before.

    Raises:
        NotFound: there is no such ticket.
    """
    with switchboard.unit_of_work() as uow:
        link = uow.tickets.link(reply.ticket)
    if link is None:
        raise NotFound("There is no such ticket.")
    replies = (OutsideReply(reply.id, reply.name, reply.text),) if reply.text.strip() else ()
    state = OutsideState(replies, reply.closes)
    return _take(replace(link, outside=outside), state, switchboard)


def fetch_ticket_replies(
    place: AnsweredTickets, *, outside: str, every: timedelta, switchboard: Switchboard
) -> int:
    """Ask a place what became of our open tickets; return in how many something was new."""
    now = switchboard.clock.now()
    with switchboard.unit_of_work() as uow:
        links = uow.tickets.to_look_at(outside, now=now, every=every, most=ROUND)
        uow.commit()
    news = 0
    for link in links:
        try:
            news += _take(link, place.state(link.reference), switchboard)
        except Unavailable as error:
            log.warning("ticket_not_read", ticket=link.ticket, outside=outside, error=error.code)
    return news


def _take(link: Link, state: OutsideState, switchboard: Switchboard) -> bool:
    """Store what is new, in one transaction; the customer's page is woken afterwards."""
    now = switchboard.clock.now()
    pressing = {
        reply.id: _breaks_a_rule(link, reply, switchboard, now=now) for reply in state.replies
    }
    with switchboard.unit_of_work() as uow:
        conversation = uow.conversations.locked(link.conversation)
        before = conversation
        for reply in state.replies:
            following = _say(link, reply, conversation, uow, now=now)
            if following != conversation and pressing[reply.id]:
                _report(link, pressing[reply.id], conversation, uow, now=now)
            conversation = following
        closed = state.is_closed and uow.tickets.close(link.ticket, now=now)
        if conversation == before and not closed:
            return False
        uow.conversations.save(conversation, now=now)
        if closed and conversation.hold.holder is Holder.TICKET:
            cause = f"{link.ticket} closed"
            uow.tickets.hand_back(link.conversation, cause=cause, now=now)
        uow.commit()
    switchboard.wake(link.conversation)
    log.info("ticket_answered", ticket=link.ticket, outside=link.outside, closed=closed)
    return True


def _say(
    link: Link,
    reply: OutsideReply,
    conversation: Conversation,
    uow: DeskUnitOfWork,
    *,
    now: datetime,
) -> Conversation:
    """Append the reply unless it came before; a conversation that was closed is open again."""
    try:
        text = clean_text(reply.text[:MAX_CHARACTERS])
    except MessageEmpty:
        return conversation
    following = conversation.next_message()
    if not uow.tickets.took_reply(link, reply.id, seq=following.last_seq, now=now):
        return conversation
    if following.hold.holder is Holder.CLOSED:
        hold = following.hold.passed_to(Holder.TICKET, cause=f"{link.ticket} answered")
        following = replace(following, hold=hold, closed_at=None, left_at=now)
        uow.tickets.reopen_case(link.ticket, now=now)
    uow.conversations.add_message(
        Message(
            conversation=link.conversation,
            seq=following.last_seq,
            sender=Sender.AGENT,
            sender_name=_name(reply.name),
            text=text,
            at=now,
        )
    )
    return following


def _name(name: str) -> str | None:
    kept = " ".join(character for character in name.split() if character.isprintable())
    return kept[:LONGEST_NAME] or None


def _breaks_a_rule(
    link: Link, reply: OutsideReply, switchboard: Switchboard, *, now: datetime
) -> tuple[str, ...]:
    """Name the exit rules that the words break.

    They are shown nevertheless: nobody outside could be asked to say it another way, and a customer
    who waits for an answer must get it. What broke a rule is on record.
    """
    [found] = switchboard.guard.breaches(
        link.conversation,
        [Worded(reply.text)],
        sender=Sender.AGENT,
        asked_at=now,
        now=now,
    )
    return tuple(dict.fromkeys(breach.rule for breach in found))


def _report(
    link: Link,
    rules: tuple[str, ...],
    conversation: Conversation,
    uow: DeskUnitOfWork,
    *,
    now: datetime,
) -> None:
    payload = {
        "conversation": link.conversation,
        "ticket": link.ticket,
        "from": link.outside,
        "rules": list(rules),
    }
    uow.records.add([Entry("outside_reply", payload)], account=conversation.account, now=now)
    log.error("outside_reply_breaks_a_rule", ticket=link.ticket, rules=",".join(rules))
