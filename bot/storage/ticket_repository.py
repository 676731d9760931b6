"""Tickets as rows: left, added to, on their way out, and answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversations.case import CaseOutcome
from bot.conversations.escalation import escalation_reason
from bot.conversations.holder import Holder
from bot.retention.call_backs import CallBack
from bot.storage import desk_tables as tables
from bot.storage import ticket_tables as outside
from bot.storage.agent_repository import SqlCases
from bot.storage.conversation_repository import SqlConversations
from bot.storage.escalation_repository import SqlEscalations
from bot.storage.repositories import insert_once
from bot.use_cases.ticket_ports import OPEN, Delivery, Link, TicketText

k, d, links = tables.tickets, outside.ticket_deliveries, outside.ticket_links
_OPEN = (
    sa.select(k.c.id)
    .where(k.c.conversation == sa.bindparam("here"), k.c.status == "open")
    .order_by(k.c.created_at.desc())
    .limit(1)
)


class SqlTickets:
    def __init__(
        self,
        connection: Any,
        conversations: SqlConversations,
        cases: SqlCases,
        escalations: SqlEscalations,
    ) -> None:
        self._connection = connection
        self._conversations = conversations
        self._cases = cases
        self._escalations = escalations

    def held_by_agent(self, conversation: str) -> bool:
        return self._conversations.get(conversation).hold.holder is Holder.AGENT

    def open_in(self, conversation: str) -> str | None:
        newest: str | None = self._connection.execute(_OPEN, {"here": conversation}).scalar()
        return newest

    def leave(
        self,
        conversation: str,
        *,
        ticket: str,
        reason: str,
        contact: str,
        summary: dict[str, Any],
        cause: str,
        now: datetime,
    ) -> bool:
        found = self._conversations.locked(conversation)
        hold = found.hold.passed_to_ticket(cause=cause)
        if hold != found.hold:
            self._conversations.save(replace(found, hold=hold), now=now)
            self._escalations.open_case(conversation, escalation_reason(reason), summary, now)
        if found.hold.holder is Holder.AGENT or self.open_in(conversation):
            return False
        return insert_once(
            self._connection,
            k,
            id=ticket,
            conversation=conversation,
            account=found.account,
            reason=escalation_reason(reason).value,
            contact=contact,
            summary=summary,
            cause=cause,
            status="open",
            created_at=now,
        )

    def plan_call(self, ticket: str, conversation: str, call: CallBack) -> None:
        c = outside.ticket_calls
        when = {"phone": call.phone, "from_at": call.window.begins, "until_at": call.window.ends}
        if not insert_once(self._connection, c, ticket=ticket, conversation=conversation, **when):
            self._connection.execute(sa.update(c).where(c.c.ticket == ticket).values(**when))

    def hand_back(self, conversation: str, *, cause: str, now: datetime) -> None:
        found = self._conversations.locked(conversation)
        if found.hold.holder in {Holder.QUEUE, Holder.TICKET}:
            hold = found.hold.passed_to(Holder.ASSISTANT, cause=cause)
            self._conversations.save(replace(found, hold=hold), now=now)
        self._close_case(conversation, CaseOutcome.HANDED_BACK, now)

    def send_out(
        self, ticket: str, conversation: str, kind: str, text: TicketText, *, now: datetime
    ) -> None:
        for place in text.outside if kind == OPEN else self._where_it_is(ticket):
            insert_once(
                self._connection,
                d,
                key=f"{text.key}@{place}",
                ticket=ticket,
                conversation=conversation,
                outside=place,
                kind=kind,
                text=text.text,
                tries=0,
                due_at=now,
                created_at=now,
            )

    def claim(self, *, now: datetime, until: datetime) -> Delivery | None:
        """What was added waits until the ticket itself is there, and for what was added before."""
        earlier = d.alias()
        waits = sa.exists().where(
            earlier.c.ticket == d.c.ticket,
            earlier.c.outside == d.c.outside,
            earlier.c.id < d.c.id,
            earlier.c.done_at.is_(None),
        )
        row = self._connection.execute(
            sa.select(d, k.c.contact, k.c.account, k.c.reason, k.c.summary, links.c.reference)
            .join(k, k.c.id == d.c.ticket)
            .outerjoin(links, sa.and_(links.c.ticket == k.c.id, links.c.outside == d.c.outside))
            .where(d.c.done_at.is_(None), d.c.due_at <= now, k.c.status == "open", sa.not_(waits))
            .order_by(d.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=d)
        ).first()
        if row is None:
            return None
        # Counted before it is sent: whoever dies while sending leaves a try behind, and the next
        # one looks there first.
        self._change(row.id, due_at=until, tries=row.tries + 1)
        return Delivery(
            id=row.id,
            ticket=row.ticket,
            conversation=row.conversation,
            key=row.key,
            outside=row.outside,
            kind=row.kind,
            text=row.text,
            tries=row.tries + 1,
            contact=row.contact,
            account=row.account,
            reason=row.reason,
            summary=row.summary,
            reference=row.reference,
            created_at=row.created_at,
        )

    def delivered(
        self, delivery: Delivery, reference: str, url: str | None, *, now: datetime
    ) -> None:
        self._change(delivery.id, done_at=now)
        if delivery.kind == OPEN:
            insert_once(
                self._connection,
                links,
                ticket=delivery.ticket,
                conversation=delivery.conversation,
                outside=delivery.outside,
                reference=reference,
                url=url,
            )

    def put_off(self, delivery: Delivery, *, until: datetime) -> None:
        self._change(delivery.id, due_at=until)

    def to_look_at(
        self, place: str, *, now: datetime, every: timedelta, most: int
    ) -> tuple[Link, ...]:
        """Return links of open tickets nobody looked at for so long, and note that one does now."""
        rows = self._connection.execute(
            sa.select(links)
            .join(k, k.c.id == links.c.ticket)
            .where(
                links.c.outside == place,
                k.c.status == "open",
                sa.or_(links.c.looked_at.is_(None), links.c.looked_at <= now - every),
            )
            .order_by(links.c.looked_at.is_not(None), links.c.looked_at, links.c.ticket)
            .limit(most)
        ).all()
        for row in rows:
            self._connection.execute(
                sa.update(links)
                .where(links.c.ticket == row.ticket, links.c.outside == place)
                .values(looked_at=now)
            )
        return tuple(Link(r.ticket, r.conversation, r.outside, r.reference) for r in rows)

    def link(self, ticket: str) -> Link | None:
        row = self._connection.execute(
            sa.select(k.c.id, k.c.conversation).where(k.c.id == ticket)
        ).first()
        return Link(row.id, row.conversation, "", row.id) if row else None

    def took_reply(self, link: Link, reply: str, *, seq: int, now: datetime) -> bool:
        return insert_once(
            self._connection,
            outside.ticket_replies,
            outside=link.outside,
            reply=reply,
            ticket=link.ticket,
            conversation=link.conversation,
            seq=seq,
            at=now,
        )

    def reopen_case(self, ticket: str, *, now: datetime) -> None:
        row = self._connection.execute(sa.select(k).where(k.c.id == ticket)).one()
        reason = escalation_reason(row.reason)
        self._escalations.open_case(row.conversation, reason, row.summary, now)

    def close(self, ticket: str, *, now: datetime) -> bool:
        closed = self._connection.execute(
            sa.update(k)
            .where(k.c.id == ticket, k.c.status == "open")
            .values(status="closed", closed_at=now)
        )
        return bool(closed.rowcount)

    def _close_case(self, conversation: str, outcome: CaseOutcome, now: datetime) -> None:
        case = self._cases.find(conversation)
        if case is not None and case.is_open:
            self._cases.save(case.closed(outcome, now))

    def _where_it_is(self, ticket: str) -> tuple[str, ...]:
        query = sa.select(d.c.outside).where(d.c.ticket == ticket, d.c.kind == OPEN)
        return tuple(self._connection.execute(query.order_by(d.c.outside)).scalars())

    def _change(self, delivery: int, **values: Any) -> None:
        self._connection.execute(sa.update(d).where(d.c.id == delivery).values(**values))
