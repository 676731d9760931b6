"""What was said, understood and decided in whole conversations, for trainers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.personal import impersonal
from bot.conversations.turn import Lane
from bot.conversations.understood import NOT_UNDERSTOOD, Meant
from bot.errors import ConversationNotFound
from bot.storage import desk_tables as tables
from bot.storage.conversation_rows import read_messages
from bot.storage.customer_names import names_in
from bot.storage.studio_views import SqlStudioViews
from bot.storage.understanding_repository import read_understanding
from bot.storage.understanding_tables import understandings as u
from bot.use_cases.review_ports import Decided, Listed, Pressed, Talk

c, m, t = tables.conversations, tables.messages, tables.turns
_LIKE_SIGNS = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class SqlReviewViews(SqlStudioViews):
    """Fits the port `ReviewViews`."""

    def talks(
        self, *, words: str, only_missed: bool, before: datetime | None, most: int
    ) -> tuple[Listed, ...]:
        here = u.c.conversation == c.c.id
        missed = sa.select(sa.func.count()).where(here, u.c.intent == NOT_UNDERSTOOD)
        said = sa.select(sa.func.count()).where(here)
        query = sa.select(
            c.c.id,
            c.c.opened_at,
            c.c.closed_at,
            c.c.holder,
            said.scalar_subquery().label("said"),
            missed.scalar_subquery().label("missed"),
            sa.select(sa.func.min(u.c.confidence)).where(here).scalar_subquery().label("sure"),
            _first_words().label("first"),
        )
        heard = sa.exists().where(here, *([u.c.intent == NOT_UNDERSTOOD] if only_missed else []))
        query = query.where(heard)
        if words:
            like = m.c.text.ilike(f"%{words.translate(_LIKE_SIGNS)}%", escape="\\")
            query = query.where(sa.exists().where(m.c.conversation == c.c.id, like))
        if before is not None:
            query = query.where(c.c.opened_at < before)
        with self._moment() as connection:
            query = query.order_by(c.c.opened_at.desc(), c.c.id).limit(most)
            rows = connection.execute(query).all()
            names = names_in(connection, [row.id for row in rows])
            return tuple(
                Listed(
                    id=row.id,
                    opened_at=row.opened_at,
                    is_closed=row.closed_at is not None,
                    holder=row.holder,
                    said=row.said,
                    missed=row.missed,
                    least_sure=row.sure,
                    first_words=impersonal(row.first or "", names[row.id]),
                )
                for row in rows
            )

    def talk(self, conversation: str) -> Talk:
        with self._moment() as connection:
            row = connection.execute(sa.select(c).where(c.c.id == conversation)).one_or_none()
            if row is None:
                raise ConversationNotFound
            replies = _replies(connection, conversation)
            return Talk(
                id=conversation,
                account=row.account,
                holder=row.holder,
                opened_at=row.opened_at,
                messages=read_messages(connection, conversation),
                decided=tuple(_decided(connection, conversation, replies)),
                attempts=_attempts(connection, conversation),
                names=names_in(connection, [conversation])[conversation],
            )

    def meant_since(self, moment: datetime, *, most: int) -> tuple[Meant, ...]:
        query = sa.select(u).where(u.c.at >= moment).order_by(u.c.at.desc(), u.c.conversation)
        with self._moment() as connection:
            rows = connection.execute(query.limit(most))
            return tuple(
                Meant(row.conversation, row.turn, row.at, read_understanding(row)) for row in rows
            )

    def responses_since(self, moment: datetime, *, until: datetime) -> tuple[str, ...]:
        query = sa.select(tables.moves.c.reply).where(
            tables.moves.c.at >= moment, tables.moves.c.at < until
        )
        with self._moment() as connection:
            replies = connection.execute(query).scalars()
            return tuple(say["response"] for reply in replies for say in reply["says"])

    def presses_since(self, moment: datetime, *, until: datetime) -> tuple[Pressed, ...]:
        query = sa.select(t.c.conversation, t.c.number, t.c.intent).where(
            t.c.intent.is_not(None),
            t.c.seq.is_not(None),
            t.c.lane == Lane.TALK.value,
            t.c.asked_at >= moment,
            t.c.asked_at < until,
        )
        with self._moment() as connection:
            return tuple(Pressed(*row) for row in connection.execute(query))


def _first_words() -> Any:
    """The first message in the customer's own words; what understood it says which it is."""
    own = tables.turns.alias()
    heard = sa.exists().where(u.c.conversation == own.c.conversation, u.c.turn == own.c.number)
    return (
        sa.select(own.c.text)
        .where(own.c.conversation == c.c.id, heard)
        .order_by(own.c.number)
        .limit(1)
        .scalar_subquery()
    )


def _replies(connection: Any, conversation: str) -> dict[str, Any]:
    query = sa.select(tables.moves).where(tables.moves.c.conversation == conversation)
    return {move.message_id: move.reply for move in connection.execute(query)}


def _decided(connection: Any, conversation: str, replies: dict[str, Any]) -> Iterator[Decided]:
    """Yield every turn with what was said to it; a move may have followed from another."""
    query = sa.select(t).where(t.c.conversation == conversation).order_by(t.c.number)
    for turn in connection.execute(query):
        found = [
            reply
            for name, reply in sorted(replies.items())
            if name == turn.message_id or name.rpartition("-")[0] == turn.message_id
        ]
        yield Decided(
            turn=turn.number,
            seq=turn.seq,
            intent=turn.intent,
            state=turn.state,
            is_control=turn.lane == Lane.CONTROL.value,
            says=tuple(say["response"] for reply in found for say in reply["says"]),
        )


def _attempts(connection: Any, conversation: str) -> tuple[dict[str, Any], ...]:
    a = tables.save_attempts
    query = sa.select(a.c.attempt).where(a.c.conversation == conversation).order_by(a.c.opened_at)
    return tuple(connection.execute(query).scalars())
