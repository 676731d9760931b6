"""Questions about the staff, each answered from one moment."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.people.person import Person
from bot.people.session import StaffSession
from bot.storage.engine import reading
from bot.storage.people_repository import person_of
from bot.storage.people_tables import invitations, people, recovery_codes, staff_sessions
from bot.storage.plain_errors import told_plainly
from bot.storage.staff_session_repository import session_of
from bot.use_cases.people_ports import StaffRow

# Made once, as every request of staff asks them: to make a statement takes longer than its answer.
_SESSION = sa.select(staff_sessions).where(staff_sessions.c.digest == sa.bindparam("known_by"))
_PERSON = sa.select(people).where(people.c.id == sa.bindparam("who"))


class SqlStaffViews:
    """Fits the port `StaffViews`."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def signed_in(self, digest: str) -> tuple[StaffSession, Person] | None:
        """Raises Unavailable: the database does not answer."""
        with told_plainly(), reading(self._engine) as connection:
            session = connection.execute(_SESSION, {"known_by": digest}).one_or_none()
            if session is None:
                return None
            person = connection.execute(_PERSON, {"who": session.person}).one()
            return session_of(session), person_of(person)

    def sessions_of(self, person: str) -> tuple[StaffSession, ...]:
        query = (
            sa.select(staff_sessions)
            .where(staff_sessions.c.person == person)
            .order_by(staff_sessions.c.last_seen_at.desc(), staff_sessions.c.digest)
        )
        with told_plainly(), reading(self._engine) as connection:
            return tuple(session_of(row) for row in connection.execute(query))

    def everybody(self) -> tuple[StaffRow, ...]:
        left = (
            sa.select(sa.func.count())
            .where(recovery_codes.c.person == people.c.id, recovery_codes.c.used_at.is_(None))
            .scalar_subquery()
        )
        query = (
            sa.select(people, invitations.c.expires_at, left.label("codes_left"))
            .outerjoin(invitations, invitations.c.person == people.c.id)
            .order_by(people.c.name, people.c.email)
        )
        with told_plainly(), reading(self._engine) as connection:
            return tuple(
                StaffRow(
                    person_of(row),
                    has_password=row.password_hash is not None,
                    has_second_factor=row.second_factor is not None,
                    invited_until=row.expires_at,
                    recovery_codes_left=row.codes_left,
                )
                for row in connection.execute(query)
            )
