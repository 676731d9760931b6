"""Why a message means what it means: the examples near it, where they stand, and what was read."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import InvalidInput
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from bot.use_cases.explain_understanding import explain_understanding
from tests.gateway.scripted_stage import a_small_engine

TODAY = date(2026, 11, 29)
FILES = [
    Example("please cancel", "request_cancellation", file="cancellation.yml", line=7),
    Example("please pause", "give_reason", file="reasons.yml", line=3),
]


def explained(text: str, engine: Engine):
    return explain_understanding(text, engine=engine, examples=FILES, today=TODAY)


def test_the_nearest_examples_come_first_with_file_and_line():
    found = explained("  PLEASE cancle!! ", a_small_engine())
    assert found["text"] == "PLEASE cancle!!"
    assert found["normalised"].startswith("please cancel")
    assert found["intent"] == "request_cancellation"
    nearest, *others = found["neighbours"]
    assert (nearest["text"], nearest["places"]) == ("please cancel", ["cancellation.yml:7"])
    alike = [near["alike"] for near in found["neighbours"]]
    assert alike == sorted(alike, reverse=True)
    # Under another intent by now: that example is no longer in the files.
    assert {near["text"]: near["places"] for near in others}["please pause"] == []


def test_a_stored_engine_tells_the_same_and_an_older_one_tells_nothing_of_examples():
    engine = a_small_engine()
    files = engine.to_files()
    assert explained("please cancel", Engine.from_files(files)) == explained(
        "please cancel", engine
    )
    older = files | {"engine.json": files["engine.json"].replace(b'"texts"', b'"other"')}
    found = explained("please cancel", Engine.from_files(older))
    assert found["neighbours"] == []
    assert found["intent"] == "request_cancellation"


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 4001])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(InvalidInput):
        explained(text, a_small_engine())
