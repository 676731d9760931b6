"""The dialogue's records as rows: documents, moves, save attempts, receipts, cancellations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import ConversationNotFound, StaleDialogue
from bot.storage import desk_tables as tables

d, v = tables.dialogues, tables.moves
# Statements that every message asks are made once: to make one takes longer than its answer.
_DIALOGUE = sa.select(d.c.document, d.c.version).where(d.c.conversation == sa.bindparam("here"))
_REPLY = sa.select(v.c.reply).where(
    v.c.conversation == sa.bindparam("here"), v.c.message_id == sa.bindparam("of")
)


def insert_once(connection: Any, table: Any, **values: Any) -> bool:
    """Insert a row unless its key is taken; say whether it was inserted."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    done = connection.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    return bool(done.rowcount)


class SqlDialogues:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def get(self, conversation: str) -> tuple[dict[str, Any], int]:
        row = self._connection.execute(_DIALOGUE, {"here": conversation}).one_or_none()
        return (row.document, row.version) if row else ({}, 0)

    def put(self, conversation: str, document: dict[str, Any], *, version: int) -> None:
        if not (
            self._insert(conversation, document)
            if version == 0
            else self._replace(conversation, document, version)
        ):
            raise StaleDialogue(conversation)

    def _insert(self, conversation: str, document: dict[str, Any]) -> bool:
        try:
            return insert_once(
                self._connection,
                tables.dialogues,
                conversation=conversation,
                version=1,
                document=document,
            )
        except sa.exc.IntegrityError as error:
            raise ConversationNotFound from error

    def _replace(self, conversation: str, document: dict[str, Any], version: int) -> bool:
        d = tables.dialogues
        done = self._connection.execute(
            sa.update(d)
            .where(d.c.conversation == conversation, d.c.version == version)
            .values(document=document, version=version + 1)
        )
        return bool(done.rowcount)


class SqlMoves:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def find(self, conversation: str, message_id: str) -> dict[str, Any] | None:
        asked = {"here": conversation, "of": message_id}
        reply: dict[str, Any] | None = self._connection.execute(_REPLY, asked).scalar()
        return reply

    def asked_at(self, conversation: str, message_id: str) -> datetime | None:
        t = tables.turns
        asked_at: datetime | None = self._connection.execute(
            sa.select(t.c.asked_at).where(
                t.c.conversation == conversation, t.c.message_id == message_id
            )
        ).scalar()
        return asked_at

    def add(
        self, conversation: str, message_id: str, reply: dict[str, Any], *, now: datetime
    ) -> None:
        """Record the reply.

        Raises:
            StaleDialogue: this message was answered meanwhile; read that answer.
        """
        inserted = insert_once(
            self._connection,
            tables.moves,
            conversation=conversation,
            message_id=message_id,
            reply=reply,
            at=now,
        )
        if not inserted:
            raise StaleDialogue(conversation)


class SqlSaveAttempts:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def put(self, attempt: dict[str, Any]) -> None:
        s = tables.save_attempts
        replaced = self._connection.execute(
            sa.update(s).where(s.c.id == attempt["id"]).values(attempt=attempt)
        )
        if not replaced.rowcount:
            self._connection.execute(
                sa.insert(s).values(
                    id=attempt["id"],
                    account=attempt["account"],
                    conversation=attempt.get("conversation"),
                    opened_at=_instant(attempt["opened_at"]),
                    attempt=attempt,
                )
            )

    def of_account(self, account: str) -> tuple[dict[str, Any], ...]:
        return read_attempts(self._connection, account, since_reset=True)


def read_attempts(
    connection: Any, account: str, *, since_reset: bool
) -> tuple[dict[str, Any], ...]:
    """Return the account's attempts, oldest first.

    `since_reset` leaves out those from before the demo company was put back to its beginning:
    what was offered to it in an earlier life must not count against it in this one.
    """
    s, resets = tables.save_attempts, tables.resets
    query = sa.select(s.c.attempt).where(s.c.account == account)
    if since_reset:
        later = sa.exists().where(resets.c.at > s.c.opened_at)
        query = query.where(sa.not_(later))
    return tuple(connection.execute(query.order_by(s.c.opened_at, s.c.id)).scalars())


class SqlReceipts:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def put(self, receipt: dict[str, Any]) -> None:
        """Keep the receipt; the first one under an id stays as the customer saw it."""
        insert_once(
            self._connection,
            tables.receipts,
            id=receipt["id"],
            account=receipt["account"],
            conversation=receipt.get("conversation"),
            receipt=receipt,
        )

    def get(self, receipt_id: str) -> dict[str, Any] | None:
        r = tables.receipts
        found: dict[str, Any] | None = self._connection.execute(
            sa.select(r.c.receipt).where(r.c.id == receipt_id)
        ).scalar()
        return found


class SqlCancellations:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def put(
        self, key: str, account: str, command: dict[str, Any], *, requested_at: datetime
    ) -> None:
        """Queue the cancellation; the instant of the first request under a key counts."""
        insert_once(
            self._connection,
            tables.waiting_cancellations,
            key=key,
            account=account,
            command=command,
            requested_at=requested_at,
        )

    def waiting(self) -> tuple[dict[str, Any], ...]:
        w = tables.waiting_cancellations
        rows = self._connection.execute(
            sa.select(w).where(w.c.settled_at.is_(None)).order_by(w.c.requested_at, w.c.key)
        )
        return tuple(
            {
                "key": row.key,
                "account": row.account,
                "command": row.command,
                "requested_at": row.requested_at,
            }
            for row in rows
        )

    def settled(self, key: str, *, now: datetime) -> None:
        w = tables.waiting_cancellations
        self._connection.execute(sa.update(w).where(w.c.key == key).values(settled_at=now))


def _instant(value: datetime | str) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value.replace("Z", "+00:00"))
