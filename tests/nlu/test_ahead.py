"""What was fitted ahead is what would be fitted now, and is taken for nothing else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.nlu import ahead
from bot.nlu.example_files import read_plain
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from bot.understanding.lexicon import Lexicon

TEXTS = {
    "greet": ("hello there", "good morning to you", "hi everybody", "good evening", "well hello"),
    "goodbye": ("see you later", "bye for now", "goodbye", "so long then", "that is all, bye"),
    "affirm": ("yes please", "yes, do that", "sure", "right, go on", "okay, that is fine"),
}
EXAMPLES = [Example(text, intent) for intent, texts in TEXTS.items() for text in texts]
LEXICON = {"plan": {"duo": ["double"]}}
ASKED = {"lexicon": LEXICON, "encoder": False}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(
        f"pipeline: [{{name: {ahead.COMPONENT}, encoder: false, lexicon: {LEXICON}}}]\n"
    )
    folder = tmp_path / "nlu" / "some"
    folder.mkdir(parents=True)
    for intent, texts in TEXTS.items():
        lines = "".join(f"    - {text}\n" for text in texts)
        (folder / f"{intent}.yml").write_text(
            f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n{lines}'
        )
    return tmp_path


def begun_on(project: Path) -> None:
    ahead.begin(project / "config.yml", project / "nlu")


def in_turn(examples: list[Example]) -> dict[str, bytes]:
    return Engine.fit(examples, lexicon=Lexicon.read(LEXICON)).to_files()


def test_what_was_fitted_ahead_is_taken_whatever_the_order(project, caplog):
    begun_on(project)
    with caplog.at_level(logging.WARNING):
        assert ahead.fitted(EXAMPLES[::-1], ASKED) == in_turn(EXAMPLES)
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("examples", "asked"),
    [
        (EXAMPLES[1:], ASKED),
        ([*EXAMPLES, Example("good day", "greet")], ASKED),
        (EXAMPLES, {**ASKED, "lexicon": {}}),
    ],
)
def test_for_anything_else_it_is_fitted_again(project, caplog, examples, asked):
    begun_on(project)
    with caplog.at_level(logging.WARNING):
        files = ahead.fitted(examples, asked)
    assert "fitting again" in caplog.text
    assert files == Engine.fit(examples, lexicon=Lexicon.read(asked["lexicon"])).to_files()


def test_it_is_taken_once(project):
    begun_on(project)
    ahead.fitted(EXAMPLES, ASKED)
    assert ahead.fitted(EXAMPLES[1:], ASKED) == in_turn(EXAMPLES[1:])


@pytest.mark.parametrize(
    "more",
    [
        "nlu: [{synonym: x, examples: '- y'}]",
        "nlu: [{intent: a, examples: '* y'}]",
        "nlu: [",
        '- "only a list"',
    ],
)
def test_files_that_hold_more_are_left_to_rasa(project, caplog, more):
    assert read_plain(more) is None
    (project / "nlu" / "more.yml").write_text(more)
    begun_on(project)
    assert ahead.fitted(EXAMPLES, ASKED) == in_turn(EXAMPLES)
