"""What every part is wired on: one engine for a database, and transactions on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from bot.conversations.agent import Patience
from bot.integrations.ids import RandomIds
from bot.settings import Settings
from bot.storage.engine import make_engine
from bot.storage.unit_of_work import SqlUnitOfWork


@lru_cache(maxsize=4)
def database(database_url: str) -> Any:
    """Return the one engine of this process for an address: its connections are shared."""
    return make_engine(database_url)


def unit_of_work(settings: Settings) -> Callable[[], SqlUnitOfWork]:
    engine = database(settings.database_url)
    return lambda: SqlUnitOfWork(
        engine, RandomIds(), code_valid=timedelta(minutes=settings.code_minutes)
    )


def agents_patience(settings: Settings) -> Patience:
    """Return how long the desk waits for an agent's signs of life."""
    return Patience(
        away_after=timedelta(seconds=settings.agent_away_seconds),
        gone_after=timedelta(seconds=settings.agent_gone_seconds),
        gone_after_answering=timedelta(seconds=settings.agent_gone_answering_seconds),
    )
