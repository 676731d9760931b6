"""Answers to the desk's questions, each from one moment of the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.agent import Presence
from bot.conversations.holder import Hold, Holder
from bot.conversations.message import iso_instant
from bot.conversations.note import Note
from bot.errors import ConversationNotFound
from bot.storage import agent_tables as tables
from bot.storage import desk_tables
from bot.storage.agent_rows import presences, read_note
from bot.storage.conversation_rows import read_conversation, read_messages
from bot.storage.open_cases import CaseQuestions, labelled_case
from bot.storage.read_models import SqlViews, updates_in
from bot.storage.repositories import SqlDialogues
from bot.use_cases.agent_ports import Board, CaseFile, Found, Hit, OpenCase
from bot.use_cases.updates import Updates

a, k, n, s = tables.agents, tables.cases, tables.case_notes, tables.surveys
c, m = desk_tables.conversations, desk_tables.messages
_WITH_PEOPLE = c.c.holder.in_([Holder.QUEUE.value, Holder.AGENT.value, Holder.TICKET.value])
_NOTES_AFTER = (
    sa.select(n)
    .where(n.c.conversation == sa.bindparam("here"), n.c.number > sa.bindparam("after"))
    .order_by(n.c.number)
)
_ALL_OPEN = CaseQuestions(_WITH_PEOPLE)
_SOME_OPEN = CaseQuestions(_WITH_PEOPLE, c.c.id.in_(sa.bindparam("some", expanding=True)))
_ONE = CaseQuestions(c.c.id == sa.bindparam("here"))
_LIKE_SIGNS = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class SqlAgentViews(SqlViews):
    """Fits the port `AgentViews`."""

    def board(self, only: Collection[str] | None = None) -> Board:
        with self._moment() as connection:
            if only is None:
                return Board(_ALL_OPEN.answers(connection), presences(connection))
            cases = _SOME_OPEN.answers(connection, some=sorted(only)) if only else ()
            return Board(cases, presences(connection))

    def on_duty(self) -> tuple[Presence, ...]:
        with self._moment() as connection:
            return presences(connection)

    def hold(self, conversation: str) -> tuple[Hold, str | None]:
        query = sa.select(c, a.c.name.label("agent_name")).outerjoin(a, a.c.id == c.c.agent)
        with self._moment() as connection:
            row = connection.execute(query.where(c.c.id == conversation)).one_or_none()
        if row is None:
            raise ConversationNotFound
        return read_conversation(row).hold, row.agent_name

    def open_case(self, conversation: str) -> tuple[OpenCase, tuple[Presence, ...]]:
        with self._moment() as connection:
            return _one_case(connection, conversation), presences(connection)

    def case_file(self, conversation: str) -> CaseFile:
        with self._moment() as connection:
            open_case = _one_case(connection, conversation)
            dialogue, _version = SqlDialogues(connection).get(conversation)
            return CaseFile(
                open_case=open_case,
                agents=presences(connection),
                messages=read_messages(connection, conversation),
                notes=_notes(connection, conversation, after=0),
                holds=_holds(connection, conversation),
                receipts=_receipts(connection, conversation),
                dropped=_dropped(connection, conversation),
                survey=_survey(connection, conversation),
                escalation=_escalation(connection, conversation),
                dialogue=dialogue,
            )

    def news(
        self, conversation: str, *, after: int, after_note: int
    ) -> tuple[Updates, tuple[Note, ...]]:
        with self._moment() as connection:
            found = updates_in(connection, conversation, after=after)
            return found, _notes(connection, conversation, after=after_note)

    def search(self, words: str, *, before: datetime | None, most: int) -> tuple[Found, ...]:
        """LIKE takes the words as they are; on PostgreSQL without regard to case beyond ASCII."""
        pattern = f"%{words.translate(_LIKE_SIGNS)}%"
        said = m.c.text.ilike(pattern, escape="\\")
        noted = n.c.text.ilike(pattern, escape="\\")
        query = (
            sa.select(c, *(column.label(f"case_{column.name}") for column in k.columns))
            .join(k, k.c.conversation == c.c.id)
            .where(
                sa.or_(
                    sa.exists().where(m.c.conversation == c.c.id, said),
                    sa.exists().where(n.c.conversation == c.c.id, noted),
                    c.c.account.ilike(pattern, escape="\\"),
                    k.c.customer_name.ilike(pattern, escape="\\"),
                )
            )
        )
        if before is not None:
            query = query.where(c.c.opened_at < before)
        query = query.order_by(c.c.opened_at.desc(), c.c.id).limit(most)
        with self._moment() as connection:
            return tuple(
                Found(
                    read_conversation(row),
                    labelled_case(row),
                    _hits(connection, row.id, said=said, noted=noted),
                )
                for row in connection.execute(query).all()
            )


def _one_case(connection: Any, conversation: str) -> OpenCase:
    found = _ONE.answers(connection, here=conversation)
    if not found:
        raise ConversationNotFound
    return found[0]


def _notes(connection: Any, conversation: str, *, after: int) -> tuple[Note, ...]:
    rows = connection.execute(_NOTES_AFTER, {"here": conversation, "after": after})
    return tuple(read_note(row) for row in rows)


def _holds(connection: Any, conversation: str) -> tuple[dict[str, Any], ...]:
    h = desk_tables.holds
    query = sa.select(h).where(h.c.conversation == conversation).order_by(h.c.version)
    return tuple(
        {
            "version": row.version,
            "holder": row.holder,
            "agent": row.agent,
            "at": iso_instant(row.at),
        }
        for row in connection.execute(query)
    )


def _receipts(connection: Any, conversation: str) -> tuple[dict[str, Any], ...]:
    t = desk_tables.receipts
    query = sa.select(t.c.receipt).where(t.c.conversation == conversation).order_by(t.c.id)
    found = connection.execute(query).scalars()
    return tuple(sorted(found, key=lambda receipt: str(receipt["at"])))


def _dropped(connection: Any, conversation: str) -> tuple[dict[str, Any], ...]:
    d = desk_tables.dropped_answers
    query = sa.select(d).where(d.c.conversation == conversation)
    return tuple(
        {"text": row.answer["text"], "at": iso_instant(row.at)}
        for row in connection.execute(query.order_by(d.c.at, d.c.turn, d.c.position))
    )


def _survey(connection: Any, conversation: str) -> dict[str, Any] | None:
    query = sa.select(s).where(s.c.conversation == conversation, s.c.rating.is_not(None))
    row = connection.execute(query.order_by(s.c.version.desc())).first()
    return {"rating": row.rating, "at": iso_instant(row.answered_at)} if row else None


def _escalation(connection: Any, conversation: str) -> dict[str, Any] | None:
    e = desk_tables.escalations
    query = sa.select(e.c.summary).where(e.c.conversation == conversation).order_by(e.c.id.desc())
    summary: dict[str, Any] | None = connection.execute(query.limit(1)).scalar()
    return summary


def _hits(connection: Any, conversation: str, *, said: Any, noted: Any) -> tuple[Hit, ...]:
    messages = connection.execute(
        sa.select(m).where(m.c.conversation == conversation, said).order_by(m.c.seq)
    )
    notes = connection.execute(
        sa.select(n).where(n.c.conversation == conversation, noted).order_by(n.c.number)
    )
    return (
        *(Hit(row.seq, row.sender, row.text, row.at) for row in messages),
        *(Hit(row.number, "note", row.text, row.at) for row in notes),
    )
