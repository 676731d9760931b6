"""What is live, what a desk that starts serves, and what there is to return to."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from bot.publishing.history import (
    Kind,
    Line,
    live,
    next_version,
    numbered,
    returning,
    to_return_to,
    to_serve,
    worth_telling,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
BEGUN, STARTED, PUBLISHED = Kind.BEGUN, Kind.STARTED, Kind.PUBLISHED


def line(kind=PUBLISHED, version=1, files="data 1", program="code 1"):
    return Line(kind, version, f"m{version}.tar.gz", files, program, "Kim Lee", NOW)


def served(history, files, program="code 1", only_published=False):
    found = to_serve(history, files=files, program=program, only_published=only_published)
    return None if found is None else found.version


ONE, TWO = line(STARTED), line(version=2, files="data 2")
BACK = returning(ONE, by="Noor", reason="worse", files="data 2")
CUT_OFF = replace(line(BEGUN, version=0, files="data 3"), model="m3.tar.gz")


def test_what_was_only_begun_is_never_live():
    assert live([]) is None
    assert live([ONE, CUT_OFF]) == ONE
    assert live([ONE, TWO, CUT_OFF]) == TWO
    assert next_version([ONE, CUT_OFF]) == 2


def test_what_was_begun_and_published_is_told_once():
    begun = replace(TWO, kind=BEGUN, version=0)
    assert worth_telling([ONE, begun, TWO]) == [ONE, TWO]
    assert worth_telling([ONE, begun, BACK, TWO]) == [ONE, BACK, TWO]
    assert worth_telling([ONE, begun]) == [ONE, begun]
    assert worth_telling([ONE, begun, begun, TWO, CUT_OFF]) == [ONE, begun, TWO, CUT_OFF]


@pytest.mark.parametrize(
    ("history", "files", "in_development", "in_production"),
    [
        ([], "data 1", None, None),
        ([ONE, TWO], "data 2", 2, 2),
        # Somebody edits: tried out in development, never live by itself in production.
        ([ONE, TWO], "data 3", None, 2),
        # Who returned to a version keeps it, although the files hold the later one.
        ([ONE, TWO, BACK], "data 2", 1, 1),
        ([ONE, TWO, BACK], "data 3", None, 1),
        # A publication that was cut off, or refused, is no edit: what it left is not served.
        ([ONE, TWO, CUT_OFF], "data 3", 2, 2),
        ([ONE, TWO, CUT_OFF], "data 4", None, 2),
    ],
)
def test_what_a_desk_that_starts_serves(history, files, in_development, in_production):
    assert served(history, files) == in_development
    assert served(history, files, only_published=True) == in_production


@pytest.mark.parametrize("only_published", [False, True])
def test_a_changed_program_means_the_files_as_they_are(only_published):
    assert served([ONE, TWO], "data 2", "code 2", only_published) is None


def test_one_step_back_and_forth_and_any_version_by_its_number():
    three = line(version=3, files="data 3")
    history = [ONE, TWO, CUT_OFF, three]
    assert to_return_to(history, None) == TWO
    assert to_return_to(history, 1) == ONE
    assert to_return_to(history, 3) is None  # it is live
    assert to_return_to(history, 7) is None
    assert to_return_to([ONE], None) is None
    again = returning(TWO, by="Noor", reason="", files="data 3")
    assert to_return_to([*history, again], None) == three


def test_a_return_keeps_its_number_and_a_new_version_gets_the_next():
    assert numbered(BACK, [ONE, TWO], now=NOW).version == 1
    assert numbered(line(version=0), [ONE, TWO, BACK], now=NOW).version == 3
