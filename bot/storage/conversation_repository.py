"""Conversations, messages and buttons as rows; nothing is decided here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.button import OfferedButton
from bot.conversations.conversation import Conversation
from bot.conversations.holder import Holder
from bot.conversations.message import Message, Sender
from bot.conversations.turn import Lane, Turn
from bot.errors import ConversationNotFound
from bot.storage import agent_tables
from bot.storage import desk_tables as tables
from bot.storage.conversation_rows import (
    button_row,
    conversation_row,
    message_row,
    message_sent_as,
    messages_after,
    read_button,
    read_conversation,
    read_messages,
)
from bot.use_cases.ports import Worded

c, m, b = tables.conversations, tables.messages, tables.buttons
# Statements that every message asks are made once: to make one takes longer than its answer.
_CONVERSATION = sa.select(c).where(c.c.id == sa.bindparam("here"))
_LOCKED = _CONVERSATION.with_for_update(key_share=True)
_SAVE = sa.update(c).where(c.c.id == sa.bindparam("here"))
_ADD_MESSAGE = sa.insert(m)
_SENT_SINCE = (
    sa.select(m.c.at)
    .where(
        m.c.conversation == sa.bindparam("here"),
        m.c.sender == Sender.CUSTOMER.value,
        m.c.at > sa.bindparam("since"),
    )
    .order_by(m.c.seq)
)


class SqlConversations:
    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._versions: dict[str, int] = {}

    def add(self, conversation: Conversation) -> None:
        self._connection.execute(
            sa.insert(c).values(
                id=conversation.id,
                opened_at=conversation.opened_at,
                **conversation_row(conversation),
            )
        )
        self.keep_hold(conversation, now=conversation.opened_at)
        self._connection.execute(
            sa.insert(tables.turn_leases),
            [
                {
                    "conversation": conversation.id,
                    "lane": lane.value,
                    "owner": None,
                    "expires_at": conversation.opened_at,
                }
                for lane in Lane
            ],
        )

    def get(self, conversation: str) -> Conversation:
        return self._one(_CONVERSATION, conversation)

    def locked(self, conversation: str) -> Conversation:
        found = self._one(_LOCKED, conversation)
        self._versions[found.id] = found.hold.version
        return found

    def save(self, conversation: Conversation, *, now: datetime) -> None:
        self._connection.execute(_SAVE, {"here": conversation.id, **conversation_row(conversation)})
        if self._versions.get(conversation.id) != conversation.hold.version:
            self.keep_hold(conversation, now=now)

    def newest_of(self, account: str, *, closed_too: bool) -> str | None:
        query = sa.select(c.c.id).where(c.c.account == account).order_by(c.c.opened_at.desc())
        if not closed_too:
            query = query.where(c.c.holder != Holder.CLOSED.value)
        newest: str | None = self._connection.execute(query.limit(1)).scalar()
        return newest

    def add_message(self, message: Message, buttons: tuple[OfferedButton, ...] = ()) -> None:
        self._connection.execute(_ADD_MESSAGE, message_row(message))
        if buttons:
            self._connection.execute(
                sa.insert(b), [button_row(button, n) for n, button in enumerate(buttons)]
            )

    def messages(self, conversation: str, *, after: int = 0) -> tuple[Message, ...]:
        return messages_after(self._connection, conversation, after=after)

    def message_at(self, conversation: str, seq: int) -> Message:
        [message] = read_messages(self._connection, conversation, m.c.seq == seq)
        return message

    def message_sent_as(self, conversation: str, client_message_id: str) -> Message | None:
        return message_sent_as(self._connection, conversation, client_message_id)

    def sent_since(self, conversation: str, since: datetime) -> tuple[datetime, ...]:
        asked = {"here": conversation, "since": since}
        return tuple(self._connection.execute(_SENT_SINCE, asked).scalars())

    def button(self, conversation: str, button_id: str) -> OfferedButton | None:
        row = self._connection.execute(self._buttons(conversation, button_id)).first()
        return read_button(row) if row else None

    def control_title(self, conversation: str, control: str) -> str | None:
        row = self._connection.execute(self._buttons(conversation, control)).first()
        return row.title if row else None

    def newest_offer(self, conversation: str) -> str | None:
        query = (
            sa.select(m.c.offer_id)
            .where(m.c.conversation == conversation, m.c.offer_id.is_not(None))
            .order_by(m.c.seq.desc())
        )
        newest: str | None = self._connection.execute(query.limit(1)).scalar()
        return newest

    def reads_the_same(self, button: OfferedButton) -> bool:
        alike = (
            sa.select(sa.func.max(b.c.seq))
            .where(
                b.c.conversation == button.conversation,
                b.c.stage == button.stage,
                b.c.intent == button.intent,
            )
            .scalar_subquery()
        )
        texts = self._connection.execute(
            sa.select(m.c.text).where(
                m.c.conversation == button.conversation, m.c.seq.in_([button.seq, alike])
            )
        ).scalars()
        return len(set(texts)) == 1

    def press(self, button: OfferedButton, *, seq: int) -> None:
        self._connection.execute(
            sa.update(b)
            .where(b.c.conversation == button.conversation, b.c.id == button.id)
            .values(pressed_seq=seq)
        )

    def drop_answer(self, turn: Turn, index: int, worded: Worded, *, now: datetime) -> None:
        answer = {
            "text": worded.text,
            "buttons": [[x.title, x.intent, [list(e) for e in x.entities]] for x in worded.buttons],
            "offer": worded.offer,
            "receipt": worded.receipt,
        }
        self._connection.execute(
            sa.insert(tables.dropped_answers).values(
                conversation=turn.conversation,
                turn=turn.number,
                position=index,
                answer=answer,
                at=now,
            )
        )

    def close_all(self, *, now: datetime) -> int:
        open_ones = sa.select(c.c.id).where(c.c.holder != Holder.CLOSED.value).order_by(c.c.id)
        ids = tuple(self._connection.execute(open_ones).scalars())
        for conversation in ids:
            self.save(self.locked(conversation).closed(cause="reset", now=now), now=now)
        turns, tickets = tables.turns, tables.tickets
        self._connection.execute(
            sa.update(turns).where(turns.c.state == "waiting").values(state="dropped", done_at=now)
        )
        self._connection.execute(
            sa.update(tickets)
            .where(tickets.c.status == "open")
            .values(status="closed", closed_at=now)
        )
        cases = agent_tables.cases
        self._connection.execute(
            sa.update(cases).where(cases.c.closed_at.is_(None)).values(closed_at=now)
        )
        # What an earlier life asked for must not end a subscription in the next one.
        waiting = tables.waiting_cancellations
        self._connection.execute(
            sa.update(waiting).where(waiting.c.settled_at.is_(None)).values(settled_at=now)
        )
        self._connection.execute(sa.insert(tables.resets).values(at=now))
        return len(ids)

    def _one(self, query: Any, conversation: str) -> Conversation:
        row = self._connection.execute(query, {"here": conversation}).one_or_none()
        if row is None:
            raise ConversationNotFound
        return read_conversation(row)

    def keep_hold(self, conversation: Conversation, *, now: datetime) -> None:
        """Keep who holds it from `now` on; `save` does so by itself."""
        hold = conversation.hold
        self._connection.execute(
            sa.insert(tables.holds).values(
                conversation=conversation.id,
                version=hold.version,
                holder=hold.holder.value,
                agent=hold.agent,
                cause=hold.cause,
                at=now,
            )
        )
        self._versions[conversation.id] = hold.version

    @staticmethod
    def _buttons(conversation: str, button_id: str) -> Any:
        return (
            sa.select(b)
            .where(b.c.conversation == conversation, b.c.id == button_id)
            .order_by(b.c.seq.desc())
            .limit(1)
        )
