"""Whose conversation it is, the e-mailed codes that prove it, and the mails that wait."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.conversations.identification import (
    CODE_DIGITS,
    CODE_VALID,
    CODES_WINDOW,
    SentCode,
    wait_before_next_code,
)
from bot.errors import TooManyMessages
from bot.storage import desk_tables as tables
from bot.storage.conversation_repository import SqlConversations
from bot.use_cases.ports import Ids, OutgoingMail

# One million codes are few: a slow hash keeps a stolen database from giving one up in time.
_SCRYPT = {"n": 2**13, "r": 8, "p": 1, "dklen": 32}


class SqlIdentities:
    def __init__(
        self,
        connection: Any,
        conversations: SqlConversations,
        ids: Ids,
        *,
        code_valid: timedelta = CODE_VALID,
    ) -> None:
        self._connection = connection
        self._conversations = conversations
        self._ids = ids
        self._code_valid = code_valid

    def account(self, conversation: str) -> str | None:
        """Raises ConversationNotFound."""
        return self._conversations.get(conversation).account

    def bind(self, conversation: str, account: str, *, now: datetime) -> None:
        """Make the conversation the account's; a bound one is never given to another account.

        Raises:
            ConversationNotFound: there is no such conversation.
            ValueError: it belongs to another account.
        """
        found = self._conversations.locked(conversation)
        if found.account not in {None, account}:
            raise ValueError(f"conversation {conversation} belongs to another account")
        self._conversations.save(replace(found, account=account), now=now)

    def new_code(
        self, conversation: str, email: str, account: str | None, *, now: datetime
    ) -> None:
        # Locked, so that two requests at once do not both count as the third.
        self._conversations.locked(conversation)
        self._refuse_too_many(conversation, now)
        code, salt = self._ids.code(CODE_DIGITS), self._ids.salt()
        self._connection.execute(
            sa.insert(tables.email_codes).values(
                conversation=conversation,
                account=account,
                salt=salt,
                digest=_digest(code, salt),
                tries=0,
                sent_at=now,
                expires_at=now + self._code_valid,
            )
        )
        if account is not None:
            minutes = str(round(self._code_valid.total_seconds() / 60))
            self._connection.execute(
                sa.insert(tables.outbox).values(
                    kind="code",
                    recipient=email,
                    figures={"code": code, "minutes": minutes},
                    tries=0,
                    due_at=now,
                    created_at=now,
                )
            )

    def try_code(self, conversation: str, code: str, *, now: datetime) -> str | None:
        self._conversations.locked(conversation)
        newest = self._newest_code(conversation)
        if newest is None or not newest.can_be_tried(now):
            return None
        # Compared first and judged afterwards: an unknown address takes exactly as long.
        matches = hmac.compare_digest(_digest(code, newest.salt), newest.digest)
        proved = matches and newest.account is not None
        e = tables.email_codes
        self._connection.execute(
            sa.update(e)
            .where(e.c.id == newest.id)
            .values(tries=newest.tries + 1, used_at=now if proved else None)
        )
        return newest.account if proved else None

    def _refuse_too_many(self, conversation: str, now: datetime) -> None:
        e = tables.email_codes
        sent = self._connection.execute(
            sa.select(e.c.sent_at).where(
                e.c.conversation == conversation, e.c.sent_at > now - CODES_WINDOW
            )
        ).scalars()
        wait = wait_before_next_code(tuple(sent), now)
        if wait is not None:
            raise TooManyMessages(max(1, math.ceil(wait.total_seconds())))

    def _newest_code(self, conversation: str) -> SentCode | None:
        e = tables.email_codes
        row = self._connection.execute(
            sa.select(e).where(e.c.conversation == conversation).order_by(e.c.id.desc()).limit(1)
        ).first()
        if row is None:
            return None
        return SentCode(
            id=row.id,
            account=row.account,
            salt=row.salt,
            digest=row.digest,
            sent_at=row.sent_at,
            expires_at=row.expires_at,
            tries=row.tries,
            used_at=row.used_at,
        )


class SqlOutbox:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def claim(self, *, now: datetime, until: datetime) -> OutgoingMail | None:
        o = tables.outbox
        row = self._connection.execute(
            sa.select(o)
            .where(o.c.sent_at.is_(None), o.c.due_at <= now)
            .order_by(o.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        self._change(row.id, due_at=until, tries=row.tries + 1)
        return OutgoingMail(row.id, row.kind, row.recipient, row.figures, row.tries + 1)

    def sent(self, mail: OutgoingMail, *, now: datetime) -> None:
        # What it said, and to whom, nobody needs any more.
        self._change(mail.id, sent_at=now, figures={}, recipient="")

    def put_off(self, mail: OutgoingMail, *, until: datetime) -> None:
        self._change(mail.id, due_at=until)

    def _change(self, mail_id: int, **values: Any) -> None:
        o = tables.outbox
        self._connection.execute(sa.update(o).where(o.c.id == mail_id).values(**values))


def _digest(code: str, salt: bytes) -> bytes:
    scrypt: Callable[..., bytes] = hashlib.scrypt
    return scrypt(code.encode(), salt=salt, **_SCRYPT)
