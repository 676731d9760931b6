"""Answers to questions about conversations, each from one moment of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.holder import Holder
from bot.conversations.message import iso_instant
from bot.conversations.turn import Lane, TurnState
from bot.errors import ConversationNotFound
from bot.storage import desk_tables as tables
from bot.storage.agent_tables import agents, case_notes
from bot.storage.conversation_rows import messages_after
from bot.storage.engine import reading
from bot.storage.plain_errors import told_plainly
from bot.storage.repositories import SqlReceipts, read_attempts
from bot.use_cases.ports import DueTurn
from bot.use_cases.updates import Mark, Standing, Updates

c, t, leases = tables.conversations, tables.turns, tables.turn_leases
_WAITING = t.c.state == TurnState.WAITING.value
# Statements that every message asks are made once: to make one takes longer than its answer.
_STANDS = (
    sa.select(
        c.c.id,
        c.c.holder,
        c.c.last_seq,
        c.c.account,
        # A turn whose customer was told that it takes long no longer counts as "being typed".
        sa.exists()
        .where(t.c.conversation == c.c.id, _WAITING, t.c.told_at.is_(None))
        .label("typing"),
        agents.c.name.label("agent_name"),
    )
    .select_from(c)
    .outerjoin(agents, agents.c.id == c.c.agent)
)
_STANDING = _STANDS.where(c.c.id == sa.bindparam("conversation"))
_LAST_NOTE = (
    sa.select(sa.func.coalesce(sa.func.max(case_notes.c.number), 0))
    .where(case_notes.c.conversation == c.c.id)
    .scalar_subquery()
)
_MARKS = _STANDS.add_columns(_LAST_NOTE.label("last_note")).where(
    c.c.id.in_(sa.bindparam("some", expanding=True))
)
# Databases take only so many values in one statement.
_PORTION = 500


def updates_in(connection: Any, conversation: str, *, after: int) -> Updates:
    """Raises ConversationNotFound."""
    row = connection.execute(_STANDING, {"conversation": conversation}).one_or_none()
    if row is None:
        raise ConversationNotFound
    messages = messages_after(connection, conversation, after=after) if row.last_seq > after else ()
    stands = _standing(row)
    return Updates(
        messages, stands.idle, stands.holder, stands.last_seq, row.account, stands.agent_name
    )


class SqlViews:
    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @contextmanager
    def _moment(self) -> Iterator[Any]:
        with told_plainly(), reading(self._engine) as connection:
            yield connection

    def updates(self, conversation: str, *, after: int) -> Updates:
        with self._moment() as connection:
            return updates_in(connection, conversation, after=after)

    def marks(self, conversations: Collection[str]) -> dict[str, Mark]:
        with self._moment() as connection:
            return {
                row.id: Mark(_standing(row), row.last_note)
                for some in portions(conversations)
                for row in connection.execute(_MARKS, {"some": some})
            }

    def due_turns(self, *, now: datetime) -> tuple[DueTurn, ...]:
        oldest = (
            sa.select(t.c.conversation, t.c.lane, sa.func.min(t.c.number).label("number"))
            .where(_WAITING)
            .group_by(t.c.conversation, t.c.lane)
            .subquery()
        )
        query = (
            sa.select(t.c.conversation, t.c.lane)
            .join(
                oldest,
                sa.and_(oldest.c.conversation == t.c.conversation, oldest.c.number == t.c.number),
            )
            .join(
                leases,
                sa.and_(leases.c.conversation == t.c.conversation, leases.c.lane == t.c.lane),
            )
            .where(
                sa.or_(t.c.next_try_at.is_(None), t.c.next_try_at <= now),
                sa.or_(leases.c.owner.is_(None), leases.c.expires_at <= now),
            )
            .order_by(t.c.asked_at, t.c.conversation)
        )
        with self._moment() as connection:
            rows = connection.execute(query).all()
        return tuple(DueTurn(row.conversation, Lane(row.lane)) for row in rows)

    def silent_since(self, moment: datetime) -> tuple[str, ...]:
        waits = sa.exists().where(t.c.conversation == c.c.id, _WAITING)
        query = sa.select(c.c.id).where(
            c.c.holder == Holder.ASSISTANT.value,
            c.c.heard_at <= moment,
            c.c.silent_since.is_(None),
            sa.not_(waits),
        )
        with self._moment() as connection:
            return tuple(connection.execute(query.order_by(c.c.heard_at)).scalars())

    def queue(self) -> tuple[dict[str, Any], ...]:
        e, k = tables.escalations, tables.tickets
        # Who waits was escalated or left a ticket under the change of hold that still stands.
        query = (
            sa.select(
                c.c.id,
                c.c.account,
                c.c.holder,
                c.c.left_at,
                sa.func.coalesce(k.c.reason, e.c.reason).label("reason"),
                sa.func.coalesce(k.c.created_at, e.c.at).label("since"),
                sa.case((k.c.id.is_not(None), k.c.summary), else_=e.c.summary).label("summary"),
            )
            .select_from(c)
            .outerjoin(e, e.c.id == _newest(e, e.c.id))
            .outerjoin(
                k,
                sa.and_(
                    k.c.conversation == c.c.id,
                    k.c.status == "open",
                    c.c.holder == Holder.TICKET.value,
                ),
            )
            .where(c.c.holder.in_([Holder.QUEUE.value, Holder.TICKET.value]))
        )
        with self._moment() as connection:
            rows = connection.execute(query).all()
        return tuple(_waiting(row) for row in sorted(rows, key=lambda row: row.since))

    def tickets(self) -> tuple[dict[str, Any], ...]:
        k = tables.tickets
        with self._moment() as connection:
            rows = connection.execute(sa.select(k).order_by(k.c.created_at, k.c.id)).all()
        return tuple(
            {
                "id": row.id,
                "conversation": row.conversation,
                "account": row.account,
                "reason": row.reason,
                "contact": row.contact,
                "created_at": iso_instant(row.created_at),
                "status": row.status,
                "summary": row.summary,
            }
            for row in rows
        )

    def attempts(self, account: str, *, since_reset: bool) -> tuple[dict[str, Any], ...]:
        with self._moment() as connection:
            return read_attempts(connection, account, since_reset=since_reset)

    def receipt(self, receipt_id: str) -> dict[str, Any] | None:
        with self._moment() as connection:
            return SqlReceipts(connection).get(receipt_id)


def _standing(row: Any) -> Standing:
    return Standing(not row.typing, Holder(row.holder), row.last_seq, row.agent_name)


def portions(conversations: Collection[str]) -> Iterator[list[str]]:
    """Yield them in lists that fit into one statement."""
    every = list(conversations)
    return (every[start : start + _PORTION] for start in range(0, len(every), _PORTION))


def _newest(table: Any, column: Any) -> Any:
    inner = table.alias()
    return (
        sa.select(sa.func.max(inner.c.id)).where(inner.c.conversation == c.c.id).scalar_subquery()
    )


def _waiting(row: Any) -> dict[str, Any]:
    return {
        "conversation": row.id,
        "account": row.account,
        "reason": row.reason,
        "waiting_since": iso_instant(row.since),
        "holder": row.holder,
        "summary": row.summary,
        "customer_left": row.left_at is not None,
    }
