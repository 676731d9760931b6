"""The page of the security cases says what the tests hold, and the tests hold what it says."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT
from tests.architecture.sources import files, name

PAGE = (ROOT / "bot/docs/security-cases.md").read_text(encoding="utf-8")
CASES = range(1, 45)
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NOT_YET = re.compile(r"^Does not apply yet: .{10,}\.$")
NUMBERED = re.compile(r"^(?:async )?def test_(\d{1,2})_", re.MULTILINE)


def held() -> dict[int, set[str]]:
    """Return which test files have a test of which case."""
    found: dict[int, set[str]] = {}
    for path in files("tests", ".py"):
        for number in NUMBERED.findall(path.read_text(encoding="utf-8")):
            found.setdefault(int(number), set()).add(name(path))
    return found


def told() -> dict[int, str]:
    return {int(number): by for number, _, by in ROW.findall(PAGE)}


def test_every_case_stands_on_the_page_once_and_in_order() -> None:
    assert [int(number) for number, _, _ in ROW.findall(PAGE)] == list(CASES)


def test_no_test_is_numbered_by_a_case_there_is_not() -> None:
    assert held().keys() <= set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_held_by_the_tests_it_names_or_says_why_it_does_not_apply(case: int) -> None:
    by, tests = told()[case], held().get(case, set())
    named = set(re.findall(r"`(tests/[^`]+)`", by))
    if not tests:
        assert NOT_YET.match(by), f"no test is numbered {case}, and the page gives no reason"
    else:
        assert named, f"there are tests of case {case}, and the page names none: {sorted(tests)}"
        assert named <= tests, f"no test of case {case} is in {sorted(named - tests)}"
