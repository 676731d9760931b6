"""Nothing of an erased person stays, in whatever table it stood: security case 32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.case import CaseOutcome
from bot.integrations.ids import RandomIds
from bot.storage import (
    billing_tables,
    check_in_tables,
    desk_tables,
    identity_tables,
    journal_tables,
    people_tables,
    ticket_tables,
)
from bot.storage.audit_repository import SqlAuditBook
from bot.storage.engine import make_engine, writing
from bot.storage.people_erasure import SqlPeopleErasure
from bot.storage.schema import metadata
from bot.use_cases.close_case import close_case
from bot.use_cases.erase_person import erase_person
from bot.use_cases.mark_read import mark_read
from bot.use_cases.send_outbox import send_outbox
from bot.use_cases.write_note import write_note
from tests.agent_desks import KIM, AgentLine
from tests.databases import database_url, postgresql_url, sqlite_template, sqlite_url  # noqa: F401
from tests.tickets.desk import TicketDesk

BOOKS = {table.name for table in vars(billing_tables).values() if isinstance(table, sa.Table)}
# Columns that say whose a row is, or where somebody is reached.
TELLING = {"conversation", "account", "recipient", "contact", "email", "customer_name", "phone"}
# Tables with such a column that erasing a customer leaves alone, and why.
LEFT = {
    "billing_journal": "the billing system's side: without it a repeat would be carried out twice",
    "people": "staff, who are no customers",
    "audit": "acts of the staff, by ids of conversations that are not there any more",
    "outbox": "whom a mail went to is forgotten when it has gone out",
}
WORDS = "zebra-stripe-soup"
ADDRESS = "maya@home.example"


@pytest.fixture
def engine(database_url: str) -> Iterator[Any]:  # noqa: F811
    made = make_engine(database_url)
    yield made
    made.dispose()


def ours() -> list[sa.Table]:
    assert identity_tables.used_identities.name in metadata.tables
    assert journal_tables.billing_journal.name in metadata.tables
    assert people_tables.audit.name in metadata.tables
    return [table for table in metadata.tables.values() if table.name not in BOOKS]


def everything_in(engine: Any) -> dict[str, str]:
    with engine.connect() as connection:
        return {
            table.name: str(connection.execute(sa.select(table)).all())
            for table in ours()
            if table.name not in LEFT or table.name == "outbox"
        }


def with_ids_of_their_own(line: Any) -> Any:
    """Ids that are counted would be found everywhere."""
    line.ids = RandomIds()
    line.switchboard = replace(line.switchboard, ids=line.ids)
    return line


class NoServer:
    def send(self, **_: Any) -> None:
        """Take the mail."""


class AnyWords:
    def mail(self, kind: str, figures: dict[str, str]) -> tuple[str, str]:
        return kind, str(figures)


def test_32_every_table_that_tells_of_a_customer_is_erased_or_says_why_not() -> None:
    telling = {
        table.name
        for table in ours()
        if TELLING & {column.name for column in table.columns}
        or any(key.column.table.name == "conversations" for key in table.foreign_keys)
    }
    erased = set(SqlPeopleErasure.reach())
    assert len(telling) > 20
    assert telling - erased - set(LEFT) == set()
    assert erased & set(LEFT) == {"outbox"}


def test_32_nothing_of_a_whole_life_stays_and_erasing_again_finds_nothing(engine: Any) -> None:
    line: AgentLine = with_ids_of_their_own(AgentLine(engine))
    line.desk = replace(line.desk, switchboard=line.switchboard)
    now = line.clock.now()
    here, other = line.held_by(KIM, "A-1001"), line.held_by(KIM, "A-1002")
    for conversation, word in ((here, WORDS), (other, "somebody-else")):
        line.say(conversation, word)
        line.write(conversation, word)
        note = {"client_message_id": f"{conversation}-n", "text": word}
        write_note(conversation, agent=KIM, desk=line.desk, **note)
        seen = line.read(conversation).last_seq
        mark_read(conversation, agent=KIM, seq=seen, desk=line.desk)
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, ADDRESS, "A-1001", now=now)
        uow.commit()
    assert send_outbox(
        unit_of_work=line.unit_of_work, clock=line.clock, mail=NoServer(), wording=AnyWords()
    )
    with writing(engine) as connection:
        key = "A-1001:box_late:1"
        raised = {"key": key, "account": "A-1001", "kind": "box_late", "raised_at": now}
        connection.execute(sa.insert(check_in_tables.check_ins).values(**raised))
        told = {"key": key, "account": "A-1001", "way": "mail", "at": now}
        connection.execute(sa.insert(check_in_tables.check_ins_told).values(**told))
    tickets = TicketDesk(engine)
    with_ids_of_their_own(tickets.line)
    ticketed = tickets.leave("T-1", "mail", words=WORDS, account="A-1001")
    for conversation in (here, other):
        close_case(conversation, agent=KIM, outcome=CaseOutcome.SOLVED, desk=line.desk)
    with writing(engine) as connection:
        connection.execute(sa.update(desk_tables.conversations).values(closed_at=now))
        assert connection.execute(sa.select(ticket_tables.ticket_deliveries)).first()

    before = everything_in(engine)
    assert sum(WORDS in text for text in before.values()) >= 3
    people = SqlPeopleErasure(engine)
    erased = erase_person("A-1001", people=people, unit_of_work=line.unit_of_work, clock=line.clock)

    after = everything_in(engine)
    for trace in (WORDS, "A-1001", ADDRESS, here, ticketed):
        assert [name for name, text in after.items() if trace in text] == []
    assert "somebody-else" in str(after)
    assert erased["conversations"] == 2
    line.clock.forward(minutes=1)
    again = erase_person("A-1001", people=people, unit_of_work=line.unit_of_work, clock=line.clock)
    assert set(again.values()) == {0}
    assert line.acts().count("erasure_begun") == 2
    noted = str([link.payload for link in SqlAuditBook(engine).links()])
    assert "A-1001" not in noted


def test_32_a_mail_that_went_out_is_forgotten_with_its_address(engine: Any) -> None:
    line = AgentLine(engine)
    here = line.open("A-1001").conversation
    with line.unit_of_work() as uow:
        uow.identities.new_code(here, ADDRESS, "A-1001", now=line.clock.now())
        uow.commit()
    assert ADDRESS in str(line.rows("SELECT * FROM outbox"))
    send_outbox(
        unit_of_work=line.unit_of_work, clock=line.clock, mail=NoServer(), wording=AnyWords()
    )
    line.clock.forward(seconds=timedelta(hours=1).total_seconds())
    assert ADDRESS not in str(line.rows("SELECT * FROM outbox"))
