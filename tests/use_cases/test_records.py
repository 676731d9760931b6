"""What a conversation leaves in the chain of records, and what erasing a person leaves of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.errors import NotPossible, PolicyChanged
from bot.integrations.ids import RandomIds
from bot.integrations.policy_files import load_policies
from bot.retention.records import Entry
from bot.retention.say import PRESS_CANCEL
from bot.settings import ROOT
from bot.storage import billing_tables as books_of_billing
from bot.storage.desk_tables import conversations
from bot.storage.engine import make_engine, writing
from bot.storage.people_erasure import SqlPeopleErasure
from bot.storage.record_repository import SqlPolicyRevisions, SqlRecordBook
from bot.storage.record_tables import records
from bot.storage.schema import metadata
from bot.storage.unit_of_work import SqlUnitOfWork
from bot.use_cases.check_records import check_records
from bot.use_cases.erase_person import erase_person
from bot.use_cases.make_move import Desk
from tests.databases import database_url, postgresql_url, sqlite_template, sqlite_url  # noqa: F401
from tests.factories import NOW
from tests.use_cases.talk import SetClock, Talk, a_desk

billing_tables = {
    table.name for table in vars(books_of_billing).values() if isinstance(table, sa.Table)
}


@pytest.fixture
def engine(database_url: str):  # noqa: F811
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def desk(tmp_path) -> Desk:
    return a_desk(tmp_path)


@pytest.fixture
def books(desk, tmp_path):
    made = make_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    yield made
    made.dispose()


@pytest.fixture
def book(books) -> SqlRecordBook:
    return SqlRecordBook(books)


@pytest.fixture
def maya(desk) -> Talk:
    return Talk(desk, "A-1001").open()


def kinds(book: SqlRecordBook, account: str = "A-1001") -> list[str]:
    return [link.kind for link in book.links(account)]


def test_a_save_leaves_request_decision_offer_answer_act_and_receipt(maya, book):
    maya.says("request_cancellation", cancellation_reason="too_expensive")
    maya.says("accept_offer")
    maya.says("affirm")
    assert kinds(book) == [
        "request",
        "reason",
        "decision",
        "offer",
        "answer",
        "outcome",
        "billing_act",
        "receipt",
    ]
    act = next(link for link in book.links("A-1001") if link.kind == "billing_act")
    assert act.payload is not None
    assert (act.payload["command"]["command"], act.payload["result"]) == ("ChangePlan", "done")
    checked = check_records(records=book)
    assert (checked.entries, checked.broken) == (8, None)


def test_a_repeated_move_records_nothing_twice(maya, book):
    maya.says(PRESS_CANCEL)
    before = kinds(book)
    maya.moves -= 1
    maya.says(PRESS_CANCEL)
    assert kinds(book) == before
    assert before.count("billing_act") == 1


def test_34_who_changes_a_row_is_noticed(maya, book, books):
    maya.says(PRESS_CANCEL)
    with writing(books) as connection:
        row = connection.execute(sa.select(records).where(records.c.kind == "outcome")).one()
        changed = {**row.payload, "outcome": "saved"}
        connection.execute(
            sa.update(records).where(records.c.number == row.number).values(payload=changed)
        )
    assert check_records(records=book).broken == f"Entry {row.number} (outcome) was changed."


def test_entries_of_many_writers_form_one_chain(engine):
    def write(number: int) -> None:
        with SqlUnitOfWork(engine, RandomIds()) as uow:
            entries = [Entry("request", {"n": number}), Entry("outcome", {"n": number})]
            uow.records.add(entries, account=f"A-{number % 3}", now=NOW)
            uow.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    checked = check_records(records=SqlRecordBook(engine))
    assert (checked.entries, checked.broken) == (48, None)
    pairs = [link.payload["n"] for link in SqlRecordBook(engine).links() if link.payload]
    assert pairs[::2] == pairs[1::2]


def test_32_erasing_a_person_takes_all_words_and_leaves_the_chain_whole(desk, maya, book, books):
    jonas = Talk(desk, "A-1002", conversation="c-2").open()
    maya.says("request_cancellation", cancellation_reason="too_expensive")
    maya.says(PRESS_CANCEL)
    jonas.says(PRESS_CANCEL)
    given = {
        "people": SqlPeopleErasure(books),
        "unit_of_work": desk.unit_of_work,
        "clock": SetClock(),
    }
    with pytest.raises(NotPossible, match="A conversation is still open"):
        erase_person("A-1001", **given)
    with writing(books) as connection:
        connection.execute(sa.update(conversations).values(closed_at=NOW))
    erased = erase_person("A-1001", **given)
    assert erased["attempts"] == 1
    assert erased["records"] >= 5
    checked = check_records(records=book)
    assert checked.broken is None
    assert checked.erased == erased["records"]
    assert "A-1001" not in everything_in(books)
    assert "A-1002" in everything_in(books)
    assert kinds(book, "A-1002")[-1] == "receipt"


def everything_in(engine) -> str:
    """All the desk's tables as text; the billing system's books are its own."""
    desk = [t for t in metadata.tables.values() if t.name not in billing_tables]
    with engine.connect() as connection:
        return "".join(str(connection.execute(sa.select(table)).all()) for table in desk)


def test_a_policy_keeps_saying_what_it_said_under_its_revision(engine):
    revisions = SqlPolicyRevisions(engine)
    documents = [p.to_document() for p in load_policies(ROOT / "data" / "retention" / "policies")]
    revisions.keep(documents, now=NOW)
    revisions.keep(documents, now=NOW)
    changed = {**documents[0], "rank": 99}
    with pytest.raises(PolicyChanged, match="Raise `revision` to 2") as refused:
        revisions.keep([changed], now=NOW)
    assert documents[0]["policy"] in str(refused.value)
    revisions.keep([{**changed, "revision": 2}], now=NOW)
