"""Answers to trainers' questions, each from one moment of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.annotation.judgement import Judgement
from bot.annotation.teaching import Happened, Next
from bot.conversations.escalation import EscalationReason
from bot.conversations.personal import impersonal
from bot.conversations.understood import Heard
from bot.storage.conversation_rows import read_messages
from bot.storage.customer_names import names_in
from bot.storage.desk_tables import escalations as e
from bot.storage.desk_tables import messages as m
from bot.storage.desk_tables import turns as t
from bot.storage.judgement_repository import read_judgement
from bot.storage.read_models import SqlViews
from bot.storage.understanding_repository import read_understanding
from bot.storage.understanding_tables import judgements as j
from bot.storage.understanding_tables import understandings as u
from bot.use_cases.studio_ports import Line

_HEARD = sa.select(u, t.c.seq, t.c.text).join(
    t, sa.and_(t.c.conversation == u.c.conversation, t.c.number == u.c.turn)
)


class SqlStudioViews(SqlViews):
    """Fits the port `StudioViews`."""

    def heard_in(self, conversation: str) -> tuple[Heard, ...]:
        with self._moment() as connection:
            return _heard_in(connection, conversation)

    def heard_since(self, moment: datetime, *, most: int) -> tuple[Heard, ...]:
        with self._moment() as connection:
            return _heard_since(connection, moment, most)

    def happened_in(self, conversation: str) -> tuple[Happened, ...]:
        with self._moment() as connection:
            return _happened(connection, _heard_in(connection, conversation))

    def happened_since(self, moment: datetime, *, most: int) -> tuple[Happened, ...]:
        with self._moment() as connection:
            return _happened(connection, _heard_since(connection, moment, most))

    def around(self, heard: Heard, *, before: int, after: int) -> tuple[Line, ...]:
        near = m.c.seq.between(heard.seq - before, heard.seq + after)
        with self._moment() as connection:
            messages = read_messages(connection, heard.conversation, near)
            names = names_in(connection, [heard.conversation])[heard.conversation]
        return tuple(
            Line(message.seq, message.sender, impersonal(message.text, names))
            for message in messages
        )


def _happened(connection: Any, found: Sequence[Heard]) -> tuple[Happened, ...]:
    talks = sorted({heard.conversation for heard in found})
    turns, gone = _turns(connection, talks), _not_understood(connection, talks)
    judged = _judgements(connection, talks)
    said = {(heard.conversation, heard.turn): heard for heard in found}
    return tuple(
        Happened(
            heard,
            _next(heard, turns[heard.conversation], said),
            (heard.conversation, heard.turn) in gone,
            tuple(judged[(heard.conversation, heard.turn)]),
        )
        for heard in found
    )


def _heard_in(connection: Any, conversation: str) -> tuple[Heard, ...]:
    query = _HEARD.where(u.c.conversation == conversation).order_by(u.c.turn)
    return _heard(connection, query)


def _heard_since(connection: Any, moment: datetime, most: int) -> tuple[Heard, ...]:
    query = _HEARD.where(u.c.at >= moment).order_by(u.c.at.desc(), u.c.conversation, u.c.turn)
    return _heard(connection, query.limit(most))


def _heard(connection: Any, query: Any) -> tuple[Heard, ...]:
    rows = connection.execute(query).all()
    names = names_in(connection, {row.conversation for row in rows})
    return tuple(
        Heard.of(
            row.text,
            read_understanding(row),
            names=names[row.conversation],
            conversation=row.conversation,
            turn=row.turn,
            seq=row.seq,
            at=row.at,
        )
        for row in rows
    )


def _turns(connection: Any, talks: Sequence[str]) -> dict[str, list[Any]]:
    """Return what the customers did in these conversations, in order."""
    query = (
        sa.select(t.c.conversation, t.c.number, t.c.intent)
        .where(t.c.conversation.in_(talks), t.c.seq.is_not(None))
        .order_by(t.c.number)
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.conversation].append(row)
    return found


def _next(heard: Heard, turns: Iterable[Any], said: Mapping[tuple[str, int], Heard]) -> Next | None:
    following = next((turn for turn in turns if turn.number > heard.turn), None)
    if following is None:
        return None
    return Next(following.intent, said.get((heard.conversation, following.number)))


def _not_understood(connection: Any, talks: Sequence[str]) -> set[tuple[str, int]]:
    """Return which message was the last that was heard before each such escalation."""
    last = (
        sa.select(e.c.conversation, sa.func.max(u.c.turn))
        .join(t, sa.and_(t.c.conversation == e.c.conversation, t.c.message_id == e.c.cause))
        .join(u, sa.and_(u.c.conversation == e.c.conversation, u.c.turn <= t.c.number))
        .where(e.c.conversation.in_(talks), e.c.reason == EscalationReason.NOT_UNDERSTOOD.value)
        .group_by(e.c.id, e.c.conversation)
    )
    return {tuple(row) for row in connection.execute(last)}


def _judgements(connection: Any, talks: Sequence[str]) -> dict[tuple[str, int], list[Judgement]]:
    query = sa.select(j).where(j.c.conversation.in_(talks)).order_by(j.c.at)
    found: dict[tuple[str, int], list[Judgement]] = defaultdict(list)
    for row in connection.execute(query):
        found[(row.conversation, row.turn)].append(read_judgement(row))
    return found
