"""The desk's tables come and go by migration, and are what the code declares."""

from __future__ import annotations

import sqlalchemy as sa

from bot.storage import desk_tables
from bot.storage.engine import make_engine
from bot.storage.migrate import downgrade, drift, upgrade

OURS = {table.name for table in vars(desk_tables).values() if isinstance(table, sa.Table)}


def tables_in(url: str) -> set[str]:
    engine = make_engine(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_desks_tables_come_and_go(empty_url: str) -> None:
    upgrade(empty_url)
    assert tables_in(empty_url) >= OURS
    downgrade(empty_url, revision="0001")
    assert not tables_in(empty_url) & OURS
    upgrade(empty_url)
    assert tables_in(empty_url) >= OURS


def test_migrations_and_declared_tables_do_not_differ(empty_url: str) -> None:
    upgrade(empty_url)
    assert drift(empty_url) == []
