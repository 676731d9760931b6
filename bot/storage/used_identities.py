"""The identities taken already, so that none is taken twice by any gateway."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.storage.engine import writing
from bot.storage.identity_tables import used_identities


class SqlUsedIdentities:
    """Fits the port `UsedIdentities`; forgets what has expired and would be refused anyway."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def take(self, jti: str, *, expires_at: datetime, now: datetime) -> bool:
        try:
            with writing(self._engine) as connection:
                connection.execute(
                    sa.insert(used_identities).values(jti=jti, expires_at=expires_at)
                )
                connection.execute(
                    sa.delete(used_identities).where(used_identities.c.expires_at < now)
                )
        except sa.exc.IntegrityError:
            return False
        return True
