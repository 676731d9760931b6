"""Checks that run in processes of their own: passed, not passed with words, ended with the gate."""

from __future__ import annotations

import sys

import psutil
import pytest

from bot.settings import Settings, from_environment
from bot.supervisor.gate_checks import Asked, running
from tests.setup.supervised import until


@pytest.fixture
def ours(tmp_path) -> Settings:
    return from_environment({"DESK_STATE_FOLDER": str(tmp_path)})


def a_check(name: str, script: str) -> Asked:
    return Asked(name, (sys.executable, "-c", script), "Mend it.")


def test_every_check_tells_what_it_came_to(ours):
    told = {}
    summary = (
        "short test summary info ====\\n"
        "FAILED tests/x.py::test_dialogue[saved/a: Maya [twice] stays] - assert []\\n"
        "1 failed"
    )
    checks = [
        a_check("The first", "print('all well')"),
        a_check("The second", "import sys; sys.exit('line 7 is no YAML')"),
        a_check("The dialogues", f'import sys; print("""{summary}"""); sys.exit(1)'),
    ]
    with running(checks, ours) as started:
        results = {one.name: one for one in started.results(told.__setitem__)}
    assert [results[check.name].passed for check in checks] == [True, False, False]
    assert results["The second"].said == "Mend it.\nline 7 is no YAML"
    assert results["The dialogues"].said == "Mend it.\nsaved/a: Maya [twice] stays"
    assert set(told) == {check.name for check in checks}


def test_what_is_doubted_and_noted_is_told_apart_and_passes(ours):
    said = "noted: a.yml:7: label: old\\ndoubted: a.yml:9: label: new\\n2 examples checked"
    with running([a_check("The data", f'print("{said}")')], ours) as started:
        [check] = started.results(lambda *_: None)
    assert (check.passed, check.said) == (True, "as they should be.")
    assert check.doubted == ("a.yml:9: label: new",)
    assert check.noted == ("a.yml:7: label: old",)


def test_a_check_ends_with_the_gate(ours):
    here = psutil.Process()
    before = here.children()
    with running([a_check("Long", "import time; time.sleep(60)")], ours):
        (child,) = [one for one in here.children() if one not in before]
        assert child.is_running()
    assert until(lambda: not child.is_running())
