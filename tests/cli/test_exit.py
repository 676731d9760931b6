"""The exit command: what is proved is counted, and what breaks a rule is shown as a chat."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import psutil
import pytest

from bot.__main__ import main
from bot.integrations.proof_note import ProofNote
from bot.retention import leaving, people
from bot.settings import ROOT


@pytest.fixture
def prove(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("DESK_STATE_FOLDER", str(tmp_path / "state"))

    def prove(*arguments: str) -> tuple[int, str, str]:
        code = main(("exit", "prove", "--date", "2026-03-10", *arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return prove


def test_states_and_rules_are_counted_and_progress_is_shown(prove):
    code, out, err = prove("--account", "an order that is")
    assert code == 0
    assert "states and" in out
    assert "as of 2026-03-10" in out
    assert "R1, R2, R3" in out
    assert out.endswith("Broken: none.\n")
    assert err.count("an order that is") == 3


def test_a_broken_rule_is_shown_as_the_chat_that_leads_there(prove, monkeypatch):
    monkeypatch.setattr(leaving, "carry_out", lambda scene: people.escalate(scene, "requested"))
    code, out, _err = prove("--account", "a business", "--processes", "1")
    assert code == 1
    assert "R9 is broken: an insisting cancel was put off until a person comes." in out
    assert "Begins with: a business in US-MN." in out
    assert "  customer   (opens the chat)\n  assistant  Hi Harbour Ltd." in out
    assert "  customer   [Cancel now]\n  assistant  " in out
    assert "[Cancel now] [Talk to a person]" in out
    assert "Broken: R1, R" in out


def test_an_account_nobody_begins_with_is_named(prove, capsys):
    code, _out, err = prove("--account", "A-9999")
    assert code == 1
    assert "A-9999" in err


def test_a_day_that_is_none_is_named(capsys):
    assert main(("exit", "prove", "--date", "tomorrow")) == 1
    assert "Write it as 2027-04-01" in capsys.readouterr().err


def test_a_part_that_was_proved_does_not_stand_for_the_whole(prove, tmp_path):
    assert prove("--account", "an order that is dispatched")[0] == 0
    assert not (tmp_path / "state" / "exit-proved").exists()


def test_what_was_proved_here_this_week_is_not_walked_again(prove, tmp_path):
    note = ProofNote(ROOT, tmp_path / "state")
    note.write(note.digest(date(2026, 3, 10)))
    code, out, err = prove("--unless-proved")
    assert (code, err) == (0, "")
    assert "nothing is walked again" in out


def test_a_walk_that_stops_early_is_said_to_be_smaller_and_notes_nothing(prove, tmp_path):
    def states(*more: str) -> int:
        _code, out, _err = prove("--account", "an order that is exchanged", *more)
        return int(out.split(" states")[0].replace(",", ""))

    assert states("--deepest", "1") < states()
    assert not (tmp_path / "state" / "exit-proved").exists()


def test_a_proof_that_is_killed_leaves_no_helper_behind(tmp_path):
    walk = [sys.executable, "-m", "bot", "exit", "prove", "--deepest", "1", "--processes", "2"]
    environment = {**os.environ, "DESK_STATE_FOLDER": str(tmp_path)}
    with subprocess.Popen(walk, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as proof:
        assert proof.stderr is not None
        proof.stderr.readline()  # the first beginning is walked, so both are at work
        helpers = psutil.Process(proof.pid).children()
        proof.kill()
    assert len(helpers) == 2
    assert psutil.wait_procs(helpers, timeout=20)[1] == []
