"""Editors that use the schema take what the desk takes, and stumble where it stumbles."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from bot.integrations.policy_schema import policy_schema
from bot.settings import ROOT

FOLDER = ROOT / "data" / "retention"
SCHEMA = policy_schema(FOLDER / "company.yml")
POLICIES = sorted((FOLDER / "policies").glob("*.yml"))
PLAIN = """\
policy: plain
revision: 1
describes: Something.
reasons: [unused]
when: {plan: {one_of: [duo]}}
offer: {kind: pause, months: 1}
rank: 1
"""


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_fits_the_schema(path):
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_policy_names_the_schema_for_editors(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    _, _, address = first.partition("$schema=")
    assert (path.parent / address).resolve().is_file()


def test_days_and_a_budget_fit_the_schema():
    limited = f"{PLAIN}from: '2026-03-01'\nuntil: '2026-04-01'\nmonthly_budget_minor: 50000\n"
    jsonschema.validate(yaml.safe_load(limited), SCHEMA)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("unused", "unsued"),
        ("revision: 1", "revision: 0"),
        ("plan:", "plans:"),
        ("one_of", "one_off"),
        ("[duo]", "[dou]"),
        ("months: 1", "months: 13"),
        ("months: 1", "percent: 20"),
        ("{plan: {one_of: [duo]}}", "{}"),
        ("rank: 1", "rang: 1"),
        ("kind: pause", "kind: waive"),
        ("rank: 1", "rank: 1\nfrom: 'soon'"),
        ("rank: 1", "rank: 1\nmonthly_budget_minor: 0"),
    ],
)
def test_a_mistake_is_seen_while_typing(right, wrong):
    jsonschema.validate(yaml.safe_load(PLAIN), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(PLAIN.replace(right, wrong)), SCHEMA)
