"""Turns and turn leases as rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversations.turn import Lane, Turn, TurnState
from bot.storage import desk_tables as tables

t, leases = tables.turns, tables.turn_leases
_WAITING = t.c.state == TurnState.WAITING.value
# Statements that every message asks are made once: to make one takes longer than its answer.
_ADD = sa.insert(t)
_HERE = t.c.conversation == sa.bindparam("here")
_OLDEST = (
    sa.select(t)
    .where(_HERE, t.c.lane == sa.bindparam("in_lane"), _WAITING)
    .order_by(t.c.number)
    .limit(1)
)
_TURN = sa.select(t).where(_HERE, t.c.number == sa.bindparam("nth"))
_CHANGE = sa.update(t).where(_HERE, t.c.number == sa.bindparam("nth"))
_LEASE = (
    leases.c.conversation == sa.bindparam("here"),
    leases.c.lane == sa.bindparam("in_lane"),
)
_OWNER = sa.select(leases.c.owner).where(*_LEASE).with_for_update()
_OWN = sa.update(leases).where(*_LEASE, leases.c.owner == sa.bindparam("mine"))
_TAKE = sa.update(leases).where(
    *_LEASE,
    sa.or_(leases.c.owner.is_(None), leases.c.expires_at <= sa.bindparam("now")),
)


class SqlTurns:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, turn: Turn) -> None:
        self._connection.execute(_ADD, _row(turn))

    def oldest_waiting(self, conversation: str, lane: Lane) -> Turn | None:
        asked = {"here": conversation, "in_lane": lane.value}
        row = self._connection.execute(_OLDEST, asked).first()
        return _turn(row) if row else None

    def has_waiting(self, conversation: str, intent: str) -> bool:
        query = sa.exists().where(t.c.conversation == conversation, t.c.intent == intent, _WAITING)
        return bool(self._connection.execute(sa.select(query)).scalar())

    def get(self, conversation: str, number: int) -> Turn:
        asked = {"here": conversation, "nth": number}
        return _turn(self._connection.execute(_TURN, asked).one())

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
        taken = {"now": now, "owner": owner, "expires_at": until}
        return self._change_lease(_TAKE, conversation, lane, taken)

    def holds_lease(self, conversation: str, lane: Lane, owner: str) -> bool:
        asked = {"here": conversation, "in_lane": lane.value}
        return bool(self._connection.execute(_OWNER, asked).scalar() == owner)

    def renew_lease(self, conversation: str, lane: Lane, owner: str, *, until: datetime) -> bool:
        return self._change_lease(_OWN, conversation, lane, {"mine": owner, "expires_at": until})

    def release_lease(self, conversation: str, lane: Lane, owner: str) -> None:
        self._change_lease(_OWN, conversation, lane, {"mine": owner, "owner": None})

    def _change_lease(
        self, change: Any, conversation: str, lane: Lane, values: dict[str, Any]
    ) -> bool:
        where = {"here": conversation, "in_lane": lane.value}
        return bool(self._connection.execute(change, {**where, **values}).rowcount)

    def _change(self, turn: Turn, **values: Any) -> None:
        where = {"here": turn.conversation, "nth": turn.number}
        self._connection.execute(_CHANGE, {**where, **values})


def _row(turn: Turn) -> dict[str, Any]:
    return {
        "conversation": turn.conversation,
        "number": turn.number,
        "message_id": turn.message_id,
        "seq": turn.seq,
        "lane": turn.lane.value,
        "intent": turn.intent,
        "entities": [list(entity) for entity in turn.entities],
        "text": turn.text,
        "state": turn.state.value,
        "tries": turn.tries,
        "asked_at": turn.asked_at,
        "next_try_at": turn.next_try_at,
        "told_at": turn.told_at,
    }


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
