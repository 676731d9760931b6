"""The tables come from the migrations, all of them and nothing else, and go again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import SetupError
from bot.settings import ROOT
from bot.storage.engine import make_engine
from bot.storage.migrate import all_tables, downgrade, drift, upgrade
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)


def tables(url: str) -> set[str]:
    engine = make_engine(url)
    names = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    return names


def test_an_upgraded_database_is_what_the_code_declares(database_url):  # noqa: F811
    assert tables(database_url) == set(all_tables().tables)
    assert drift(database_url) == []


def test_a_table_that_no_migration_knows_is_seen_as_drift(sqlite_url):  # noqa: F811
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE shop_items")
        connection.exec_driver_sql("ALTER TABLE accounts ADD COLUMN extra TEXT")
    engine.dispose()
    assert {str(step[0]) for step in drift(sqlite_url)} == {"add_table", "remove_column"}


def test_upgrading_again_changes_nothing(database_url):  # noqa: F811
    upgrade(database_url)
    assert drift(database_url) == []


def test_going_down_leaves_nothing_and_up_again_works(database_url):  # noqa: F811
    downgrade(database_url)
    try:
        assert tables(database_url) == set()
    finally:
        upgrade(database_url)
    assert drift(database_url) == []


def test_two_processes_that_start_together_both_find_the_tables(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    code = f"from bot.storage.migrate import upgrade; upgrade({url!r})"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [(process.communicate()[1], process.returncode) for process in started]
    assert [code for _error, code in ended] == [0, 0, 0], ended
    assert drift(url) == []


def test_a_migration_that_would_orphan_rows_is_taken_back(sqlite_url):  # noqa: F811
    engine = make_engine(sqlite_url, enforces_foreign_keys=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO incident_accounts (incident, account) VALUES ('N-9', 'A-9')"
        )
    engine.dispose()
    with pytest.raises(SetupError, match="incident_accounts"):
        upgrade(sqlite_url)


def test_a_database_that_is_none_is_a_clear_error(tmp_path: Path):
    path = tmp_path / "desk.db"
    path.write_bytes(b"this is no database at all, but longer than its header would be" * 9)
    with pytest.raises(SetupError, match="not a database"):
        upgrade(f"sqlite:///{path}")
