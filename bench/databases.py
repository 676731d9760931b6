"""A database of a benchmark's own: an SQLite file, or one that is made on a PostgreSQL server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

SERVER = "postgresql://postgres@127.0.0.1:5432"


@contextmanager
def own_postgresql(server: str = SERVER) -> Iterator[str]:
    """Make an empty database on the server, give its address, and drop it at the end.

    Raises:
        sqlalchemy.exc.OperationalError: no server answers there.
    """
    engine = sa.create_engine(f"{server}/postgres", future=True, isolation_level="AUTOCOMMIT")
    name = f"desk_bench_{uuid.uuid4().hex[:12]}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield f"{server}/{name}"
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()
