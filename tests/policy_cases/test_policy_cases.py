"""Every retention policy, held against its table of cases."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.integrations.policy_files import load_policies
from tests.factories import days_from_now
from tests.policy_cases.situations import FOLDER, Given, judge

TABLES = sorted((Path(__file__).parent / "tables").glob("*.yml"))
CASE_KEYS = {"it", "but", "offer", "unmet", "silent"}


def read_table(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(table) == {"policy", "given", "cases"}, path.name
    return table


def cases() -> list[Any]:
    return [
        pytest.param(table["policy"], table["given"], case, id=f"{path.stem}: {case['it']}")
        for path in TABLES
        for table in [read_table(path)]
        for case in table["cases"]
    ]


@pytest.mark.parametrize(("policy", "given", "case"), cases())
def test_a_policy_answers_as_its_table_says(policy, given, case):
    assert set(case) <= CASE_KEYS, "a table may only say what is checked"
    answer = judge(Given(**{**given, **case.get("but", {})}), policy)
    if case.get("silent"):
        assert (answer.unmet, answer.offer) == (None, None)
        return
    assert answer.unmet == tuple(case.get("unmet", ()))
    if answer.unmet:
        assert answer.offer is None
        return
    assert answer.offer is not None, "granted, so it must be on offer"
    said = {**asdict(answer.offer), **answer.offer.detail, "kind": answer.offer.kind.value}
    wanted = {key: _day(key, value) for key, value in case["offer"].items()}
    assert {key: said[key] for key in wanted} == wanted


def test_every_policy_has_a_table_that_grants_and_refuses():
    outcomes: dict[str, set[str]] = {}
    for path in TABLES:
        table = read_table(path)
        assert table["policy"].split("@")[0] == path.stem, "called after its policy"
        outcomes[table["policy"]] = {
            "grants" if "offer" in case else "refuses" for case in table["cases"]
        }
    policies = load_policies(FOLDER / "policies")
    assert outcomes == {policy.cited: {"grants", "refuses"} for policy in policies}


def _day(key: str, value: Any) -> Any:
    """Days of an offer are written as days from now: a table must not go stale."""
    is_day = key in ("starts_on", "until") and value is not None
    return days_from_now(value) if is_day else value
