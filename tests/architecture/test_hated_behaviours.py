"""What trainers hated in other tools is tested not to happen here; a decision names the tests."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

PAGE = (ROOT / "bot/docs/decisions/0021-trainers-files-stay-theirs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([a-z][^|]+) \| (`tests/[^|]+) \|$", PAGE, re.MULTILINE)


def test_the_table_is_read_whole() -> None:
    assert len(ROWS) == PAGE.partition("## What was hated elsewhere")[2].count("\n| ") - 2


@pytest.mark.parametrize(("hated", "tests"), ROWS)
def test_a_hated_behaviour_names_tests_that_there_are(hated: str, tests: str) -> None:
    named = re.findall(r"`(tests/[^`]+?)::(test_\w+)`", tests)
    assert named, hated
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), (file, test)
