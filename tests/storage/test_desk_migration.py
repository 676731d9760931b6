"""The desk's tables come and go by migration, and are what the code declares."""

from __future__ import annotations

import json

import sqlalchemy as sa

from bot.conversations.understood import Guess, Part, Understood
from bot.storage import desk_tables
from bot.storage.engine import make_engine
from bot.storage.migrate import downgrade, drift, upgrade
from bot.storage.studio_views import SqlStudioViews

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


def test_what_was_understood_before_it_had_a_table_moves_there(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, revision="0010")
    told = {
        "intent": "request_pause",
        "confidence": 0.9,
        "ranking": [{"intent": "request_pause", "confidence": 0.9}],
        "entities": [
            {"entity": "code", "value": "123456", "start": 3, "end": 9},
            {"entity": "cancellation_reason", "value": "money", "start": 0, "end": 2},
            {"entity": "offer", "value": "o1"},
        ],
    }
    engine = make_engine(empty_url)
    at = "2026-03-01T10:00:00.000000+00:00"
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, holder, version, last_seq, last_turn, opened_at,"
            f" heard_at) VALUES ('c', 'assistant', 1, 3, 2, '{at}', '{at}')"
        )
        for number, intent in ((1, None), (2, "affirm")):
            connection.execute(
                sa.text(
                    "INSERT INTO turns (conversation, number, message_id, lane, intent, entities,"
                    " text, state, tries, asked_at, done_at, understood) VALUES ('c', :number,"
                    f" :number, 'talk', :intent, '[]', 'x', 'done', 0, '{at}', '{at}', :told)"
                ),
                {"number": number, "intent": intent, "told": json.dumps(told)},
            )
    engine.dispose()
    upgrade(empty_url)
    engine = make_engine(empty_url)
    [heard] = SqlStudioViews(engine).heard_in("c")
    engine.dispose()
    assert heard.understood == Understood(
        "request_pause",
        0.9,
        (Guess("request_pause", 0.9),),
        reasons=("money",),
        parts=(Part("code", None, 3, 9), Part("cancellation_reason", "money", 0, 2)),
    )
    assert heard.at.isoformat().startswith("2026-03-01T10:00:00")


def test_migrations_and_declared_tables_do_not_differ(empty_url: str) -> None:
    upgrade(empty_url)
    assert drift(empty_url) == []
