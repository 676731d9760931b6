"""Agents, cases, notes, read marks and surveys as rows; nothing is decided here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.agent import AgentOnDuty, Presence, Status
from bot.conversations.case import Case
from bot.conversations.holder import Holder
from bot.conversations.message import Sender
from bot.conversations.note import Note
from bot.errors import ConversationNotFound
from bot.storage import agent_tables as tables
from bot.storage.agent_rows import (
    case_row,
    holding_of,
    oldest_unanswered,
    presences,
    read_case,
    read_note,
)
from bot.storage.conversation_repository import SqlConversations
from bot.storage.desk_tables import conversations, messages
from bot.storage.repositories import insert_once

a, k, n, r, s = (
    tables.agents,
    tables.cases,
    tables.case_notes,
    tables.read_marks,
    tables.surveys,
)
c, m = conversations, messages
# Statements that every message asks are made once: to make one takes longer than its answer.
_CASE = sa.select(k).where(k.c.conversation == sa.bindparam("here"))
_SAVE_CASE = sa.update(k).where(k.c.conversation == sa.bindparam("here"))
_MOVE_MARK = sa.update(r).where(
    r.c.conversation == sa.bindparam("here"),
    r.c.agent == sa.bindparam("who"),
    r.c.seq < sa.bindparam("up_to"),
)


class SqlAgents:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def beat(
        self,
        agent: AgentOnDuty,
        *,
        status: Status | None,
        viewing: str | None,
        replying: bool,
        now: datetime,
    ) -> None:
        known = {
            "name": agent.name,
            "level": agent.level,
            "team": agent.team,
            "skills": list(agent.skills),
            "capacity": agent.capacity,
            "beat_at": now,
            "viewing": viewing,
            "replying_at": now if replying else None,
        }
        inserted = insert_once(
            self._connection,
            a,
            id=agent.id,
            status=(status or Status.HERE).value,
            **known,
        )
        if not inserted:
            changed = known if status is None else {**known, "status": status.value}
            self._connection.execute(sa.update(a).where(a.c.id == agent.id).values(changed))

    def locked(self, agent: str) -> Presence | None:
        self._connection.execute(
            sa.select(a.c.id).where(a.c.id == agent).with_for_update(key_share=True)
        )
        found = presences(self._connection, a.c.id == agent)
        return found[0] if found else None

    def name_of(self, agent: str | None) -> str | None:
        query = sa.select(a.c.name).where(a.c.id == agent)
        name: str | None = self._connection.execute(query).scalar() if agent else None
        return name

    def all(self) -> tuple[Presence, ...]:
        return presences(self._connection)


class SqlCases:
    def __init__(self, connection: Any, conversations: SqlConversations) -> None:
        self._connection = connection
        self._conversations = conversations

    def get(self, conversation: str) -> Case:
        found = self.find(conversation)
        if found is None:
            raise ConversationNotFound
        return found

    def find(self, conversation: str) -> Case | None:
        row = self._connection.execute(_CASE, {"here": conversation}).one_or_none()
        return read_case(row) if row else None

    def save(self, case: Case) -> None:
        row = case_row(case)
        saved = self._connection.execute(_SAVE_CASE, {**row, "here": case.conversation})
        if not saved.rowcount and not insert_once(self._connection, k, **row):
            self._connection.execute(_SAVE_CASE, {**row, "here": case.conversation})

    def claim(
        self, conversation: str, agent: str, *, capacity: int, cause: str, now: datetime
    ) -> bool:
        claimed = self._connection.execute(
            sa.update(c)
            .where(
                c.c.id == conversation,
                c.c.holder.in_([Holder.QUEUE.value, Holder.TICKET.value]),
                holding_of(agent) < capacity,
            )
            .values(holder=Holder.AGENT.value, agent=agent, version=c.c.version + 1, cause=cause)
        )
        if not claimed.rowcount:
            return False
        self._conversations.keep_hold(self._conversations.get(conversation), now=now)
        return True

    def waiting(self) -> tuple[Case, ...]:
        return self._where(c.c.holder == Holder.QUEUE.value)

    def held_by(self, agent: str) -> tuple[Case, ...]:
        return self._where(c.c.holder == Holder.AGENT.value, c.c.agent == agent)

    def unanswered_since(self, conversation: str) -> datetime | None:
        query = sa.select(sa.type_coerce(oldest_unanswered(conversation), m.c.at.type))
        since: datetime | None = self._connection.execute(query).scalar()
        return since

    def _where(self, *conditions: Any) -> tuple[Case, ...]:
        query = sa.select(k).join(c, c.c.id == k.c.conversation).where(*conditions)
        rows = self._connection.execute(query.order_by(k.c.conversation))
        return tuple(read_case(row) for row in rows)


class SqlNotes:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, note: Note) -> Note:
        newest = sa.select(sa.func.max(n.c.number)).where(n.c.conversation == note.conversation)
        kept = replace(note, number=(self._connection.execute(newest).scalar() or 0) + 1)
        self._connection.execute(
            sa.insert(n).values(
                conversation=kept.conversation,
                number=kept.number,
                author=kept.author,
                author_name=kept.author_name,
                text=kept.text,
                client_message_id=kept.client_message_id,
                at=kept.at,
            )
        )
        return kept

    def sent_as(self, conversation: str, client_message_id: str) -> Note | None:
        query = sa.select(n).where(
            n.c.conversation == conversation, n.c.client_message_id == client_message_id
        )
        row = self._connection.execute(query).one_or_none()
        return read_note(row) if row else None


class SqlReadMarks:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def put(self, conversation: str, agent: str, seq: int) -> None:
        mark = {"here": conversation, "who": agent, "up_to": seq, "seq": seq}
        moved = self._connection.execute(_MOVE_MARK, mark)
        if not moved.rowcount and not insert_once(
            self._connection, r, conversation=conversation, agent=agent, seq=seq
        ):
            self._connection.execute(_MOVE_MARK, mark)

    def unread(self, conversation: str, agent: str) -> int:
        mark = (
            sa.select(sa.func.coalesce(sa.func.max(r.c.seq), 0))
            .where(r.c.conversation == conversation, r.c.agent == agent)
            .scalar_subquery()
        )
        query = (
            sa.select(sa.func.count())
            .select_from(m)
            .where(
                m.c.conversation == conversation,
                m.c.sender == Sender.CUSTOMER.value,
                m.c.seq > mark,
            )
        )
        return int(self._connection.execute(query).scalar())


class SqlSurveys:
    """Fits the port `Surveys`."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, conversation: str, version: int, *, agent: str, now: datetime) -> None:
        insert_once(
            self._connection,
            s,
            conversation=conversation,
            version=version,
            agent=agent,
            asked_at=now,
        )

    def answer(self, conversation: str, rating: int, *, now: datetime) -> bool:
        newest = sa.select(sa.func.max(s.c.version)).where(s.c.conversation == conversation)
        answered = self._connection.execute(
            sa.update(s)
            .where(
                s.c.conversation == conversation,
                s.c.version == newest.scalar_subquery(),
                s.c.rating.is_(None),
            )
            .values(rating=rating, answered_at=now)
        )
        return bool(answered.rowcount)
