"""Weeks of messages, without the customers."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from bot.storage.desk_tables import turns
from bot.storage.understanding_tables import understandings
from tests.gateway.stack import Stack


def say_for_weeks(stack: Stack, chat: str) -> None:
    """Put two weeks of messages before the chat: much the same, then mostly not understood."""
    now = stack.clock.now()
    kinds = ["request_cancellation"] * 100 + ["thank"] * 40, ["nlu_fallback"] * 120 + ["thank"] * 20
    rows = [(intent, now - timedelta(weeks=3 - week)) for week in (0, 1) for intent in kinds[week]]
    with stack.engine.begin() as connection:
        for number, (intent, at) in enumerate(rows, 1000):
            place = {"conversation": chat, "number": number}
            connection.execute(
                sa.insert(turns).values(
                    **place, message_id=f"w-{number}", seq=number, lane="talk", entities=[],
                    text="a", state="done", tries=0, asked_at=at,
                )
            )  # fmt: skip
            connection.execute(
                sa.insert(understandings).values(
                    conversation=chat, turn=number, intent=intent, confidence=0.5,
                    ranking=[[intent, 0.5]], reasons=[], parts=[], at=at,
                )
            )  # fmt: skip
