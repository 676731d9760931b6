"""The chain of records: whole as written, and broken by every change to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.records import BEGINNING, Link, digest_of, entries_of, first_broken, link_of
from tests.factories import NOW

words = st.text(max_size=8)
payloads = st.dictionaries(words, st.one_of(words, st.integers(), st.none()), max_size=3)


def chain(contents: list[tuple[str, dict]]) -> list[Link]:
    links, previous = [], BEGINNING
    for number, (kind, payload) in enumerate(contents, start=1):
        at, salt = NOW + timedelta(seconds=number), f"salt {number}"
        digest = digest_of(payload, salt)
        previous = link_of(previous, number, kind, at, digest)
        links.append(Link(number, kind, at, digest, previous, payload, salt))
    return links


@given(st.lists(st.tuples(words, payloads), max_size=6))
def test_a_chain_as_written_is_whole(contents):
    assert first_broken(chain(contents)) is None


CONTENTS = [("request", {"a": 1}), ("offer", {"b": 2}), ("answer", {"c": 3})]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda link: replace(link, payload={"b": 3}), "Entry 2 (offer) was changed."),
        (lambda link: replace(link, kind="answer"), "not linked"),
        (lambda link: replace(link, at=link.at + timedelta(seconds=1)), "not linked"),
        (lambda link: replace(link, link="0" * 64), "not linked"),
        (lambda link: replace(link, salt="other"), "was changed"),
        (lambda link: replace(link, salt=None), "erased in part"),
        (lambda link: replace(link, payload={"b": 3}, digest=digest_of({"b": 3}, "salt 2")), "not"),
    ],
)
def test_every_change_is_noticed(change, told):
    links = chain(CONTENTS)
    links[1] = change(links[1])
    assert told in (first_broken(links) or "")


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_entry_is_noticed(missing):
    links = chain(CONTENTS)
    del links[missing]
    assert first_broken(links) == f"Entry {missing + 1} is missing."


def test_two_entries_in_another_order_are_noticed():
    links = chain(CONTENTS)
    links[0], links[1] = replace(links[1], number=1), replace(links[0], number=2)
    assert first_broken(links)


def test_an_erased_entry_leaves_the_chain_whole_and_says_nothing():
    links = chain(CONTENTS)
    links[1] = replace(links[1], payload=None, salt=None)
    assert first_broken(links) is None
    assert "2" not in (links[1].payload or {})


ATTEMPT = {
    "id": "sa-1",
    "account": "A-1001",
    "about": "S-1001",
    "conversation": "c-1",
    "opened_at": "2026-03-10T09:00:00+00:00",
    "closed_at": None,
    "reason": None,
    "reasons": [],
    "comment": "",
    "hardship": False,
    "verdicts": [],
    "offers": [],
    "refused": False,
    "outcome": None,
}
OFFER = {"policy": "p@1", "shown_at": "now", "answer": "none", "offer": {"id": "sa-1-1"}}


def kinds(before: dict | None, **after: object) -> list[str]:
    return [entry.kind for entry in entries_of(before, {**ATTEMPT, **after})]


def test_an_attempt_is_recorded_as_what_happened_in_it():
    assert kinds(None) == ["request"]
    assert kinds(ATTEMPT) == []
    assert kinds(None, reasons=["unused"]) == ["request", "reason"]
    assert kinds(ATTEMPT, verdicts=[{}], offers=[OFFER]) == ["decision", "offer"]
    shown = {**ATTEMPT, "verdicts": [{}], "offers": [OFFER]}
    declined = {**OFFER, "answer": "declined"}
    assert kinds(shown, verdicts=[{}], offers=[declined], refused=True, outcome="canceled") == [
        "answer",
        "refusal",
        "outcome",
    ]


def test_an_offer_that_is_shown_after_another_was_declined_is_two_things():
    shown = {**ATTEMPT, "offers": [OFFER]}
    after = [{**OFFER, "answer": "declined"}, {**OFFER, "policy": "q@1", "offer": {"id": "2"}}]
    assert kinds(shown, offers=after) == ["answer", "offer"]
