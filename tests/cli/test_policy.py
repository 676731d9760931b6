"""The policy command: what a retention manager asks before anything is published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from bot.__main__ import main
from bot.settings import ROOT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path / "state"))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(("policy", *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def candidate(tmp_path):
    return shutil.copytree(ROOT / "data" / "retention", tmp_path / "candidate")


def decisions(run: Run, *arguments: str) -> list[dict]:
    code, out, _err = run("explain", *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_explain_tells_what_maya_would_be_offered_and_in_which_order(run):
    [decision] = decisions(run, "--account", "A-1001", "--reason", "too_expensive")
    offers = [(offer["kind"], offer["policy"]) for offer in decision["offers"]]
    assert offers[:2] == [("downgrade", "right_size@1"), ("discount", "price_relief@1")]
    assert (decision["facts"]["plan"], decision["facts"]["tenure_months"]) == ("family", 14)
    assert decision["profile"]["key"] == "US-CO"


@pytest.mark.parametrize(
    ("account", "reason", "unmet"),
    [
        ("A-1005", "unused", "offers_made"),
        ("A-1009", "too_expensive", "offers_made"),
        ("A-1013", "unused", "in_holdout"),
    ],
)
def test_explain_says_why_some_get_no_offer_at_all(run, account, reason, unmet):
    [decision] = decisions(run, "--account", account, "--reason", reason)
    assert decision["offers"] == []
    assert decision["verdicts"]
    for verdict in decision["verdicts"]:
        assert unmet in [c["fact"] for c in verdict["conditions"] if not c["holds"]]


def test_explain_says_why_priya_gets_no_second_discount(run):
    [decision] = decisions(run, "--account", "A-1003", "--reason", "too_expensive")
    [verdict] = [v for v in decision["verdicts"] if v["policy"].startswith("price_relief")]
    unmet = [c["fact"] for c in verdict["conditions"] if not c["holds"]]
    assert {"discount_runs", "days_since_price_concession"} <= set(unmet)
    assert "discount" not in [offer["kind"] for offer in decision["offers"]]


def test_explain_in_words_leads_with_the_answer(run):
    code, out, _err = run("explain", "--account", "A-1001", "--reason", "too_expensive")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "Family (S-1001), too_expensive"
    assert lines[2].startswith(
        "  Offered first: downgrade by right_size@1, $59.00 instead of $89.00."
    )
    assert "no offer may be made here" in run("explain", "--account", "A-1005")[1]
    full = run("explain", "--account", "A-1001", "--reason", "too_expensive", "--full")[1]
    assert "yes  households at most 1; it is 1" in full
    assert "yes  households" not in out


def test_explain_shows_the_figures_of_choosing_by_value_before_it_is_turned_on(run):
    maya = ("--account", "A-1001", "--reason", "too_expensive")
    code, out, _err = run("explain", *maya, "--choose", "value")
    assert code == 0
    assert "Nothing is offered." in out
    assert "no granted offer is surely worth more than the $10.68 of doing without." in out
    assert "right_size@1  $6.49 a customer, at least $0.66; margin $130.98, cost $0.50" in out
    assert "of 0 recorded, 0 stayed, 0 took it and left; 0 with this reason" in out
    [decision] = decisions(run, *maya, "--choose", "value")
    assert decision["choice"]["propensities"]["nothing"] == 1
    assert decision["offers"] == []
    assert "right_size@1 comes first on the ladder, of 3 granted." in run("explain", *maya)[1]


def test_explain_looks_at_everything_the_customer_could_leave_or_at_one(run):
    assert [d["about"] for d in decisions(run, "--account", "A-1008")] == ["S-1008-1", "S-1008-2"]
    [one] = decisions(run, "--account", "A-1008", "--about", "S-1008-2")
    assert one["facts"]["plan"] == "light"


def test_explain_judges_by_the_authority_of_a_level(run, candidate, monkeypatch):
    path = candidate / "policies" / "price_relief.yml"
    text = path.read_text().replace("revision: 1", "revision: 2")
    path.write_text(text.replace("cycles: 3", "cycles: 5"))
    monkeypatch.setenv("DESK_POLICY_FOLDER", str(candidate))
    command = ("explain", "--account", "A-1001", "--reason", "too_expensive")
    assert "value_minor at most 6000; it is 8900" in run(*command)[1]
    assert "granted  price_relief@2" in run(*command, "--level", "senior")[1]


def test_explain_names_what_there_is_when_it_is_asked_for_something_else(run):
    code, _out, err = run("explain", "--account", "A-1001", "--about", "S-9")
    assert (code, err) == (1, "A-1001 has no S-9. It has S-1001.\n")


def test_check_finds_nothing_in_what_is_shipped(run):
    code, out, err = run("check")
    assert (code, out) == (0, "")
    assert "0 to mend" in err


def test_check_names_an_offer_that_can_never_be_made_in_a_candidate(run, candidate):
    path = candidate / "policies" / "breather.yml"
    path.write_text(path.read_text().replace("months: 2", "months: 5"))
    code, out, _err = run("check", "--folder", str(candidate))
    assert code == 1
    assert "breather.yml: never possible: a pause of 5 months is longer" in out


def test_check_names_file_and_line_of_what_it_does_not_understand(run, candidate):
    path = candidate / "policies" / "breather.yml"
    path.write_text(path.read_text().replace("pause_runs", "pause_run"))
    code, _out, err = run("check", "--folder", str(candidate))
    assert code == 1
    assert "breather.yml:11" in err
    assert "Did you mean `pause_runs`?" in err


def test_simulate_compares_a_candidate_on_generated_customers_the_same_every_time(run, candidate):
    path = candidate / "policies" / "price_relief.yml"
    text = path.read_text().replace("rank: 20", "rank: 5").replace("revision: 1", "revision: 2")
    path.write_text(text)
    command = ("simulate", "--generated", "300", "--candidate", str(candidate))
    code, out, err = run(*command)
    assert code == 0
    assert "300 of 300 attempts replayed" in err
    assert "right_size@1 -> price_relief@2" in out
    assert "No estimate from real outcomes. Generated attempts have no outcomes" in out
    told = json.loads(run(*command, "--json")[1])
    assert told == json.loads(run(*command, "--json")[1])
    assert told["current"]["cases"] == told["candidate"]["cases"] == 300
    other = json.loads(run(*command, "--seed", "2", "--json")[1])
    assert other["current"] != told["current"]


def test_simulate_replays_the_records_and_says_when_there_are_none(run, candidate):
    command = ("simulate", "--from", "2026-01-01", "--candidate", str(candidate))
    code, out, _err = run(*command)
    assert code == 0
    assert "0 of 0 attempts replayed." in out
    assert "Nobody would be offered anything else." in out
    assert "No recorded attempt is old enough" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--generated", "0"), "Generate 1 to 1,000,000 attempts."),
        (("--from", "spring"), "spring is no day. Write it as 2027-04-01."),
    ],
)
def test_simulate_says_what_it_cannot_do(run, candidate, arguments, said):
    code, _out, err = run("simulate", *arguments, "--candidate", str(candidate))
    assert (code, err.strip()) == (1, said)


def test_simulate_names_what_it_does_not_understand_in_the_candidate(run, candidate):
    path = candidate / "policies" / "breather.yml"
    path.write_text(path.read_text().replace("pause_runs", "pause_run"))
    code, _out, err = run("simulate", "--generated", "5", "--candidate", str(candidate))
    assert code == 1
    assert "breather.yml:11" in err


def test_profile_shows_the_rules_of_a_day(run):
    before = json.loads(run("profile", "--date", "2026-06-18", "--jurisdiction", "AT", "--json")[1])
    after = json.loads(run("profile", "--date", "2027-04-01", "--jurisdiction", "AT", "--json")[1])
    assert (before[0]["profile"], before[0]["offers_before_completion"]) == ("unknown", 0)
    assert (after[0]["profile"], after[0]["withdrawal_days"]) == ("AT", 14)
    code, out, _err = run("profile")
    assert code == 0
    assert "US-MN: Minnesota, United States\n  No offer before the exit; since 2025-01-01" in out


def test_profile_refuses_what_is_no_day(run):
    code, _out, err = run("profile", "--date", "next spring")
    assert (code, err) == (1, "next spring is no day. Write it as 2027-04-01.\n")


def test_the_schema_in_the_docs_is_the_one_the_command_prints(run):
    kept = (ROOT / "bot" / "docs" / "retention-policy.schema.json").read_text(encoding="utf-8")
    assert run("schema")[1] == kept, "write it again with `make docs`"
