"""Training files are read with file and line, and what cannot be read is said with its place."""

import json

import pytest

from bot.errors import FileInvalid
from bot.integrations.training_files import (
    read_confirmed,
    read_dialogues,
    read_held_out,
    read_training_files,
    read_training_text,
)
from bot.settings import ROOT

TEXT = """\
version: "3.1"

nlu:
- intent: greet
  # a comment between
  examples: |
    - hi
    - hello "there"

    - hey
- synonym: cancel
  examples: |
    - cancle
- intent: complain
  examples:
    - text: |
        [too dear]{"entity": "cancellation_reason", "value": "too_expensive"}
"""


def test_every_example_knows_its_line():
    read = read_training_text(TEXT, name="small.yml")
    assert [(e.intent, e.text, e.line) for e in read] == [
        ("greet", "hi", 7),
        ("greet", 'hello "there"', 8),
        ("greet", "hey", 10),
        ("complain", "too dear", 16),
    ]
    assert {e.file for e in read} == {"small.yml"}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("nlu:\n- intent: greet\n   examples: |\n", "broken.yml:3"),
        ("nlu:\n  intent: greet\n", "broken.yml:2"),
        ("nlu:\n- intent: greet\n", "broken.yml:2"),
        ("nlu:\n- intent: greet\n  examples: |\n    hi\n", "broken.yml:4"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text, where):
    with pytest.raises(FileInvalid, match=where):
        read_training_text(text, name="broken.yml")


def test_the_products_own_files_lie_where_their_examples_say():
    read = read_training_files(ROOT / "data" / "nlu")
    assert len(read) > 1000
    for example in read[:: len(read) // 50]:
        line = (ROOT / "data" / "nlu" / example.file).read_text().splitlines()[example.line - 1]
        assert example.text.split()[0].strip("[") in line


def test_a_held_out_file_is_read_by_lines(tmp_path):
    path = tmp_path / "held_out.jsonl"
    path.write_text(json.dumps({"text": "hi"}) + "\n" + json.dumps({"text": "bye"}) + "\n")
    assert read_held_out(path) == [(1, "hi"), (2, "bye")]
    path.write_text('{"text": "hi"}\nnonsense\n')
    with pytest.raises(FileInvalid, match=r"held_out\.jsonl:2"):
        read_held_out(path)


def test_what_customers_type_in_written_dialogues_is_read_by_lines(tmp_path):
    path = tmp_path / "leaving.yml"
    path.write_text(
        "dialogue: one\nsteps:\n  - {customer: hello, says: [utter]}\n  - {press: Cancel now}\n"
        "---\n# a comment\ndialogue: two\nsteps:\n  - customer: 'bye: now'\n"
    )
    assert read_dialogues(path) == [(3, "hello"), (9, "bye: now")]
    path.write_text("steps: [\n")
    with pytest.raises(FileInvalid, match=r"leaving\.yml:"):
        read_dialogues(path)


def test_confirmed_labels_are_read_by_lines(tmp_path):
    path = tmp_path / "confirmed.txt"
    path.write_text("# looked at\n\ncomplain: oh brilliant: late\n")
    assert read_confirmed(path) == [(3, "complain", "oh brilliant: late")]
    path.write_text("complain oh brilliant\n")
    with pytest.raises(FileInvalid, match=r"confirmed\.txt:1"):
        read_confirmed(path)
