"""Bring a database to the tables this version needs, or back."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.autogenerate
import alembic.command
import alembic.config
import alembic.migration
import sqlalchemy as sa

from bot import storage
from bot.errors import SetupError
from bot.storage.engine import make_engine, wait_alone, writing
from bot.storage.schema import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: two processes that start together must not both create the tables.
_LOCK = 7_310_442


def upgrade(database_url: str, *, revision: str = "head") -> None:
    """Create or change tables up to `revision`; all of it or nothing; safe to repeat.

    Raises:
        SetupError: the database cannot be reached or changed.
    """
    with _migrating(database_url) as config:
        alembic.command.upgrade(config, revision)


def downgrade(database_url: str, *, revision: str = "base") -> None:
    """Take changes back down to `revision`; their data is gone. Raises SetupError."""
    with _migrating(database_url) as config:
        alembic.command.downgrade(config, revision)


def drift(database_url: str) -> list[Any]:
    """Return the differences between the database and the tables declared in code."""
    with _migrating(database_url) as config:
        context = alembic.migration.MigrationContext.configure(
            config.attributes["connection"], opts={"compare_type": True}
        )
        return list(alembic.autogenerate.compare_metadata(context, all_tables()))


def all_tables() -> Any:
    """Return the catalogue of tables, filled by every `*_tables` module of this package."""
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name.endswith("_tables"):
            importlib.import_module(f"{storage.__name__}.{module.name}")
    return metadata


@contextmanager
def _migrating(database_url: str) -> Iterator[Any]:
    """Give an Alembic configuration whose connection alone may change tables meanwhile."""
    engine = make_engine(database_url, enforces_foreign_keys=False)
    try:
        with writing(engine) as connection:
            wait_alone(connection, _LOCK)
            config = alembic.config.Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            yield config
            _refuse_broken_references(connection)
    except sa.exc.DBAPIError as error:
        raise SetupError(f"The database cannot be brought up to date: {error.orig}") from error
    finally:
        engine.dispose()


def _refuse_broken_references(connection: Any) -> None:
    """SQLite did not watch references while tables changed; look once at the end."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise SetupError(f"The migration would leave rows without their parents: {broken[0]}.")
