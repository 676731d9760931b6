"""`data check` at the gate: what a change breaks fails, whose label is only doubtful is told."""

from __future__ import annotations

import random

import pytest

from bot.__main__ import main
from bot.cli import data
from bot.integrations.kept_examples import keep_examples
from bot.integrations.training_files import read_training_files

WORDS = {
    "complain": ["box", "pan", "fish", "bill", "menu", "lid", "jar"],
    "ask_plan": ["spoon", "plate", "salt", "bread", "soup", "fork", "bowl"],
}
ODD = "spoon plate salt bread spoon salt plate"


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A model that learned two intents with words of their own, and the files it learned."""
    chance = random.Random(0)
    lines = ["nlu:"]
    for intent, words in WORDS.items():
        said = {" ".join(chance.choices(words, k=2 + n % 17)) for n in range(400)}
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {one}" for one in sorted(said))]
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "all.yml").write_text("\n".join([*lines, ""]))
    monkeypatch.setattr(data, "EXAMPLES", folder)
    monkeypatch.setattr(data, "CONFIRMED", tmp_path / "none.txt")
    made = tmp_path / "m1.tar.gz"
    keep_examples(made, read_training_files(folder))
    return made


def add(line: str) -> None:
    [file] = data.EXAMPLES.iterdir()
    text = file.read_text()
    file.write_text(text.replace("- intent: ask_plan", f"    - {line}\n- intent: ask_plan"))


def test_a_new_line_that_reads_like_something_else_is_told_and_does_not_fail(model, capsys):
    add(ODD)
    assert main(["data", "check"]) == 1
    assert ": label: complain" in capsys.readouterr().out
    assert main(["data", "check", "--live", str(model)]) == 0
    [told] = capsys.readouterr().out.splitlines()
    assert told.startswith("doubted: all.yml:")


def test_a_live_line_is_only_noted(model, capsys):
    add(ODD)
    keep_examples(model, read_training_files(data.EXAMPLES))
    assert main(["data", "check", "--live", str(model)]) == 0
    [told] = capsys.readouterr().out.splitlines()
    assert told.startswith("noted: all.yml:")


def test_what_is_wrong_fails_beside_what_is_doubted(model, capsys):
    add(f"{ODD}\n    - write to jo@larder.com")
    assert main(["data", "check", "--live", str(model)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in told] == ["doubted", "all.yml"]
    assert "personal data" in told[1]
