"""What may go live, and what is written where no desk runs."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot import settings
from bot.bootstrap_publishing import Publishing, publishing
from bot.errors import NotPublished
from bot.publishing.comparison import Colour, Comparison, Verdict
from bot.publishing.history import Kind, Line, live
from bot.supervisor.candidate import Candidate
from bot.supervisor.going_live import as_published, begin, go_live, refuse_unfit

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
FOUND = Comparison("m2.tar.gz", "m1.tar.gz", 1, (), (), changes={"greet": {"added": 1}})


@pytest.fixture
def at(tmp_path: Path) -> Publishing:
    made = publishing(settings.from_environment({"DESK_STATE_FOLDER": str(tmp_path)}))
    made.versions.add(Line(Kind.STARTED, 1, "m1.tar.gz", "data 1", "code", "the start", NOW))
    return made


def a_candidate(name: str = "m2", program: str = "code") -> Candidate:
    return Candidate(Path(f"{name}.tar.gz"), "data 2", program)


def test_green_goes_yellow_takes_a_reason_and_red_stays() -> None:
    refuse_unfit(Verdict(Colour.GREEN, ()), reason="")
    yellow, red = (Verdict(colour, ("it lost two",)) for colour in (Colour.YELLOW, Colour.RED))
    refuse_unfit(yellow, reason="they were mislabelled")
    with pytest.raises(NotPublished, match=r"(?s)yellow.*it lost two.*--despite"):
        refuse_unfit(yellow, reason="")
    with pytest.raises(NotPublished, match=r"(?s)red.*it lost two"):
        refuse_unfit(red, reason="I like it")


def test_what_is_live_already_or_needs_another_program_is_refused(at: Publishing) -> None:
    with pytest.raises(NotPublished, match="Version 1 has learned just this"):
        begin(a_candidate("m1"), at, by="Kim Lee")
    with pytest.raises(NotPublished, match="Start the desk again"):
        begin(a_candidate(program="other code"), at, by="Kim Lee")
    assert len(at.versions.history()) == 1


def test_without_a_desk_it_is_live_for_the_next_start(at: Publishing) -> None:
    begun = begin(a_candidate(), at, by="Kim Lee")
    assert live(at.versions.history()) == at.versions.history()[0]
    said = go_live(as_published(begun, FOUND, reason="why not"), at, lambda step, said: None)
    assert said.startswith("Version 2 is the live one. No desk runs here.")
    now = live(at.versions.history())
    assert now is not None
    assert (now.version, now.kind, now.by, now.reason) == (2, Kind.PUBLISHED, "Kim Lee", "why not")
    assert now.changes == {"greet": {"added": 1}}
    assert now.figures["test messages"] == 0
