"""Turns and turn leases as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.turn import Lane, Turn, TurnState
from bot.storage import desk_tables as tables

t, leases = tables.turns, tables.turn_leases
_WAITING = t.c.state == TurnState.WAITING.value


class SqlTurns:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, turn: Turn) -> None:
        self._connection.execute(
            sa.insert(t).values(
                conversation=turn.conversation,
                number=turn.number,
                message_id=turn.message_id,
                seq=turn.seq,
                lane=turn.lane.value,
                intent=turn.intent,
                entities=[list(entity) for entity in turn.entities],
                text=turn.text,
                state=turn.state.value,
                tries=turn.tries,
                asked_at=turn.asked_at,
                next_try_at=turn.next_try_at,
                told_at=turn.told_at,
            )
        )

    def oldest_waiting(self, conversation: str, lane: Lane) -> Turn | None:
        query = (
            sa.select(t)
            .where(t.c.conversation == conversation, t.c.lane == lane.value, _WAITING)
            .order_by(t.c.number)
        )
        row = self._connection.execute(query.limit(1)).first()
        return _turn(row) if row else None

    def has_waiting(self, conversation: str, intent: str) -> bool:
        query = sa.exists().where(t.c.conversation == conversation, t.c.intent == intent, _WAITING)
        return bool(self._connection.execute(sa.select(query)).scalar())

    def get(self, conversation: str, number: int) -> Turn:
        query = sa.select(t).where(t.c.conversation == conversation, t.c.number == number)
        return _turn(self._connection.execute(query).one())

    def finish(self, turn: Turn, state: TurnState, *, now: datetime) -> None:
        self._change(turn, state=state.value, done_at=now)

    def put_off(self, turn: Turn, *, until: datetime) -> None:
        self._change(turn, tries=turn.tries + 1, next_try_at=until)

    def told(self, turn: Turn, *, now: datetime) -> None:
        self._change(turn, told_at=now)

    def supersede(self, conversation: str, *, before: int, now: datetime) -> int:
        overtaken: int = self._connection.execute(
            sa.update(t)
            .where(
                t.c.conversation == conversation,
                t.c.lane == Lane.TALK.value,
                t.c.number < before,
                t.c.seq.is_not(None),
                _WAITING,
            )
            .values(state=TurnState.SUPERSEDED.value, done_at=now)
        ).rowcount
        return overtaken

    def take_lease(
        self, conversation: str, lane: Lane, owner: str, *, now: datetime, until: datetime
    ) -> bool:
        free = sa.or_(leases.c.owner.is_(None), leases.c.expires_at <= now)
        return self._change_lease(conversation, lane, free, owner=owner, expires_at=until)

    def holds_lease(self, conversation: str, lane: Lane, owner: str) -> bool:
        query = sa.select(leases.c.owner).where(
            leases.c.conversation == conversation, leases.c.lane == lane.value
        )
        return bool(self._connection.execute(query.with_for_update()).scalar() == owner)

    def renew_lease(self, conversation: str, lane: Lane, owner: str, *, until: datetime) -> bool:
        return self._change_lease(conversation, lane, leases.c.owner == owner, expires_at=until)

    def release_lease(self, conversation: str, lane: Lane, owner: str) -> None:
        self._change_lease(conversation, lane, leases.c.owner == owner, owner=None)

    def _change_lease(self, conversation: str, lane: Lane, condition: Any, **values: Any) -> bool:
        changed = self._connection.execute(
            sa.update(leases)
            .where(leases.c.conversation == conversation, leases.c.lane == lane.value, condition)
            .values(**values)
        )
        return bool(changed.rowcount)

    def _change(self, turn: Turn, **values: Any) -> None:
        self._connection.execute(
            sa.update(t)
            .where(t.c.conversation == turn.conversation, t.c.number == turn.number)
            .values(**values)
        )


def _turn(row: Any) -> Turn:
    return Turn(
        conversation=row.conversation,
        number=row.number,
        message_id=row.message_id,
        lane=Lane(row.lane),
        asked_at=row.asked_at,
        text=row.text,
        seq=row.seq,
        intent=row.intent,
        entities=tuple((name, value) for name, value in row.entities),
        state=TurnState(row.state),
        tries=row.tries,
        next_try_at=row.next_try_at,
        told_at=row.told_at,
    )
