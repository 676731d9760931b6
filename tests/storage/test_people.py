"""Staff, sessions, tries and the audit on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import PersonNotFound
from bot.integrations.ids import RandomIds
from bot.people.audit import AuditEntry
from bot.people.person import Person
from bot.people.role import Level, Role
from bot.people.session import StaffSession, Stage
from bot.people.slowing import Failures
from bot.storage.audit_repository import SqlAuditBook
from bot.storage.engine import make_engine
from bot.storage.people_tables import audit
from bot.storage.staff_views import SqlStaffViews
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.check_audit import check_audit
from bot.use_cases.write_note import write_note
from tests.agent_desks import ADA as AGENT_ADA
from tests.agent_desks import KIM as AGENT_KIM
from tests.agent_desks import AgentLine
from tests.databases import (  # noqa: F401  fixtures
    database_url,
    engine,
    postgresql_url,
    sqlite_template,
    sqlite_url,
)

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=timezone.utc)
KIM = Person(
    "p1",
    "kim@larder.example",
    "Kim",
    frozenset({Role.AGENT, Role.MANAGER}),
    NOW,
    Level.SENIOR,
    frozenset({"billing"}),
    "care",
    4,
)


@pytest.fixture
def begin(engine: Any) -> Any:  # noqa: F811
    return lambda: SqlUnitOfWork(engine, RandomIds())


@pytest.fixture
def kim(begin: Any) -> Person:
    with begin() as uow:
        assert uow.people.add(KIM)
        uow.commit()
    return KIM


def test_a_person_is_read_as_written(begin: Any, kim: Person) -> None:
    with begin() as uow:
        assert uow.people.get("p1") == uow.people.of_email(kim.email) == kim
        changed = replace(kim, name="Kim N.", disabled_at=NOW, team="")
        uow.people.save(changed)
        assert uow.people.locked("p1") == changed
        with pytest.raises(PersonNotFound):
            uow.people.get("p2")


def test_an_address_is_one_persons(begin: Any, kim: Person) -> None:
    with begin() as uow:
        assert not uow.people.add(replace(kim, id="p2"))


def test_a_code_is_taken_once_and_never_an_older_one(begin: Any, kim: Person) -> None:
    with begin() as uow:
        uow.people.set_second_factor("p1", b"sealed", step=10)
        assert [uow.people.use_step("p1", step) for step in (10, 9, 11, 11, 12)] == [
            False,
            False,
            True,
            False,
            True,
        ]


def test_a_recovery_code_is_taken_once(begin: Any, kim: Person) -> None:
    with begin() as uow:
        uow.people.set_recovery_codes("p1", ["a", "b"])
        used = [uow.people.use_recovery_code("p1", digest, now=NOW) for digest in "aacb"]
        assert used == [True, False, False, True]
        uow.people.set_second_factor("p1", None, step=0)
        assert not uow.people.use_recovery_code("p1", "b", now=NOW)


def test_many_who_take_one_code_at_once_take_it_once(engine: Any, begin: Any, kim: Person) -> None:  # noqa: F811
    def take(_: int) -> bool:
        with begin() as uow:
            taken = uow.people.use_step("p1", 77)
            uow.commit()
            return bool(taken)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(16))) == 1


def test_many_tries_at_once_are_all_counted(begin: Any) -> None:
    def one(_: int) -> None:
        with begin() as uow:
            before = uow.tries.locked("account kim")
            uow.tries.put("account kim", Failures((before.count if before else 0) + 1, NOW))
            uow.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    with begin() as uow:
        assert uow.tries.locked("account kim") == Failures(24, NOW)
        uow.tries.take_back("account kim")
        assert uow.tries.locked("account kim") == Failures(23, NOW)
        uow.tries.forget_older_than(NOW + timedelta(seconds=1))
        assert uow.tries.locked("account kim") is None


def test_sessions_are_found_by_digest_and_end_one_by_one_or_together(
    engine: Any,  # noqa: F811
    begin: Any,
    kim: Person,
) -> None:
    def session(digest: str, minutes: int) -> StaffSession:
        at = NOW + timedelta(minutes=minutes)
        return StaffSession(digest, "p1", Stage.FULL, at, at, at, "a browser", "127.0.0.1")

    with begin() as uow:
        for number, digest in enumerate("abcd"):
            uow.staff_sessions.add(session(digest, number))
        uow.commit()
    views = SqlStaffViews(engine)
    assert views.signed_in("a") == (session("a", 0), kim)
    assert views.signed_in("x") is None
    assert [found.digest for found in views.sessions_of("p1")] == ["d", "c", "b", "a"]
    with begin() as uow:
        uow.staff_sessions.seen("a", now=NOW + timedelta(hours=1))
        uow.staff_sessions.end("b")
        uow.staff_sessions.forget_older_than(NOW + timedelta(minutes=1))
        assert uow.staff_sessions.end_all("p1", but="c") == 1
        uow.commit()
    assert [found.digest for found in views.sessions_of("p1")] == ["c"]


def test_an_invitation_is_taken_once_in_time_and_the_newest_counts(begin: Any, kim: Person) -> None:
    later = NOW + timedelta(hours=1)
    with begin() as uow:
        uow.invitations.add("old", "p1", expires_at=later)
        uow.invitations.add("new", "p1", expires_at=later)
        assert uow.invitations.person_of("old", now=NOW) is None
        assert uow.invitations.person_of("new", now=NOW) == "p1"
        assert uow.invitations.take("new", now=NOW) == "p1"
        assert uow.invitations.take("new", now=NOW) is None
        uow.invitations.add("late", "p1", expires_at=later)
        assert uow.invitations.take("late", now=later) is None


def test_everybody_is_listed_with_how_they_get_in(engine: Any, begin: Any, kim: Person) -> None:  # noqa: F811
    with begin() as uow:
        uow.people.set_password("p1", "hash")
        uow.people.set_second_factor("p1", b"sealed", step=1)
        uow.people.set_recovery_codes("p1", ["a", "b"])
        uow.people.use_recovery_code("p1", "a", now=NOW)
        uow.invitations.add("new", "p1", expires_at=NOW)
        uow.commit()
    [row] = SqlStaffViews(engine).everybody()
    assert (row.person, row.has_password, row.has_second_factor) == (kim, True, True)
    assert (row.invited_until, row.recovery_codes_left) == (NOW, 1)


# --- audit ---------------------------------------------------------------------------------------


@pytest.fixture
def noted(engine: Any, begin: Any) -> Iterator[Any]:  # noqa: F811
    with begin() as uow:
        uow.audit.add(AuditEntry("signed_in", "p1"), AuditEntry("seen", "p1", "c1"), now=NOW)
        uow.commit()
    with begin() as uow:
        uow.audit.add(AuditEntry("seen", "p2", details={"seq": 4}), now=NOW)
        uow.commit()
    return engine


def test_34_the_audit_is_a_whole_chain(noted: Any) -> None:
    checked = check_audit(audit=SqlAuditBook(noted))
    assert (checked.entries, checked.broken) == (3, None)
    mine = SqlAuditBook(noted).links(person="p2")
    assert [(link.number, link.payload) for link in mine] == [
        (3, {"person": "p2", "conversation": None, "seq": 4})
    ]


def test_34_many_who_note_at_once_make_one_chain(noted: Any, begin: Any) -> None:
    def note(number: int) -> None:
        with begin() as uow:
            uow.audit.add(AuditEntry("seen", f"p{number}"), now=NOW)
            uow.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(24)))
    checked = check_audit(audit=SqlAuditBook(noted))
    assert (checked.entries, checked.broken) == (27, None)


def test_34_what_was_not_committed_is_not_noted(noted: Any, begin: Any) -> None:
    with begin() as uow:
        uow.audit.add(AuditEntry("seen", "p9"), now=NOW)
    assert check_audit(audit=SqlAuditBook(noted)).entries == 3


@pytest.mark.parametrize(
    "act", [sa.update(audit).values(kind="x"), sa.delete(audit).where(audit.c.number == 3)]
)
def test_34_the_desk_itself_cannot_change_what_was_noted(noted: Any, act: Any) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="only ever added"), noted.begin() as connection:
        connection.execute(act)
    assert check_audit(audit=SqlAuditBook(noted)).broken is None


def test_34_postgresql_cannot_empty_it_either(postgresql_url: str) -> None:  # noqa: F811
    engine = make_engine(postgresql_url)  # noqa: F811
    with (
        pytest.raises(sa.exc.IntegrityError, match="only ever added"),
        engine.begin() as connection,
    ):
        connection.exec_driver_sql("TRUNCATE audit")
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE audit SET payload = '{}' WHERE number = 2", "Entry 2 (seen) was changed."),
        ("UPDATE audit SET kind = 'x' WHERE number = 2", "Entry 2 (x) is not linked"),
        ("DELETE FROM audit WHERE number = 2", "Entry 2 is missing."),
    ],
)
def test_34_whoever_takes_the_triggers_away_is_still_found_out(
    noted: Any, change: str, told: str
) -> None:
    with noted.begin() as connection:
        if noted.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        connection.exec_driver_sql(change)
    broken = check_audit(audit=SqlAuditBook(noted)).broken
    assert broken is not None
    assert broken.startswith(told)


def test_a_new_name_stands_beside_all_that_somebody_said_and_noted(desk_line: AgentLine) -> None:
    desk_line.here(AGENT_KIM, AGENT_ADA)
    here, elsewhere = desk_line.held_by(AGENT_KIM), desk_line.held_by(AGENT_ADA, "A-1002")
    desk_line.write(here, "Hello")
    desk_line.write(elsewhere, "Hello", by=AGENT_ADA)
    write_note(here, agent=AGENT_KIM, client_message_id="n-1", text="A note", desk=desk_line.desk)
    with desk_line.unit_of_work() as uow:
        uow.people.rename_in_conversations(AGENT_KIM.id, "A former colleague")
        uow.commit()
    views = desk_line.desk.views
    said = [views.updates(at, after=0).messages[-1].sender_name for at in (here, elsewhere)]
    assert said == ["A former colleague", "Ada"]
    assert [note.author_name for note in views.news(here, after=0, after_note=0)[1]] == [
        "A former colleague"
    ]
    assert {p.agent.name for p in views.on_duty()} == {"A former colleague", "Ada"}
