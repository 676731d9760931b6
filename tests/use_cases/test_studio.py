"""The studio writes, notes and takes back; what would do harm is said before it is written."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from bot.annotation.alike import words_of
from bot.annotation.annotated import annotated
from bot.annotation.edits import Edit
from bot.annotation.journal import standing
from bot.errors import EditRefused, ExampleRefused, FileInvalid
from bot.integrations.studio_journal import StudioJournal
from bot.integrations.training_files import read_training_files
from bot.integrations.training_folder import TrainingFolder
from bot.settings import ROOT
from bot.use_cases.annotate import NewLine, Wish, annotate
from bot.use_cases.check_annotation import check_annotation
from bot.use_cases.move_example import find_example, move_example, moving
from bot.use_cases.undo_annotation import entry_to_undo, undo_annotation
from bot.use_cases.warm_up_studio import warm_up_studio

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
ONE = "nlu:\n- intent: greet\n  examples: |\n    - hi\n\n    - hey [you](person)\n\n    - yo\n"
OTHER = "# not mine\nnlu:\n- intent: bye\n  examples: |\n    - bye\n    - see you"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.yml").write_text(ONE)
    (tmp_path / "other.yml").write_text(OTHER)
    return tmp_path


@pytest.fixture
def studio(folder):
    return {
        "data": TrainingFolder(folder),
        "journal": StudioJournal(folder / "state" / "journal.jsonl"),
        "now": NOW,
    }


def texts(folder):
    return (folder / "one.yml").read_text(), (folder / "other.yml").read_text()


def a_wish(text="good day", intent="greet", file="one.yml"):
    return Wish((NewLine(annotated(text, intent), file),), "Kim", conversation="c-1")


def undo(studio, number=None):
    entry = entry_to_undo(number, journal=studio["journal"])
    return undo_annotation(entry, "Ada", **studio)


def test_what_is_written_is_noted_with_who_when_and_whence(folder, studio):
    annotate(a_wish(), **studio)
    assert texts(folder) == (ONE + "    - good day\n", OTHER)
    [entry] = studio["journal"].entries()
    assert (entry.number, entry.by, entry.at, entry.conversation) == (1, "Kim", NOW, "c-1")
    assert [edit.after for edit in entry.edits] == ["good day"]


def test_what_another_wrote_a_moment_ago_is_seen_whatever_its_intent(folder, studio):
    annotate(a_wish("so long", "bye", "other.yml"), **studio)
    before = texts(folder)
    with pytest.raises(EditRefused, match=r"bye at other\.yml:7"):
        annotate(a_wish("So long"), **studio)
    assert texts(folder) == before
    assert len(studio["journal"].entries()) == 1


@pytest.mark.parametrize("conversation", ["kim@firm.com", "two words", "line\nbreak", ""])
def test_whence_is_told_by_an_id_alone(folder, studio, conversation):
    with pytest.raises(ExampleRefused, match="by its id"):
        annotate(replace(a_wish(), conversation=conversation), **studio)
    assert texts(folder) == (ONE, OTHER)


def test_undo_leaves_every_byte_as_it_was(folder, studio):
    annotate(a_wish(), **studio)
    annotate(a_wish("so long", "bye", "other.yml"), **studio)
    undo(studio)
    undo(studio)
    assert texts(folder) == (ONE, OTHER)
    with pytest.raises(EditRefused, match="nothing to take back"):
        undo(studio)


def test_undo_of_an_older_change_leaves_the_newer_ones(folder, studio):
    annotate(a_wish(), **studio)
    annotate(a_wish("good evening"), **studio)
    undo(studio, 1)
    assert texts(folder) == (ONE + "    - good evening\n", OTHER)
    for number, said in ((1, "already"), (9, "no change 9")):
        with pytest.raises(EditRefused, match=said):
            undo(studio, number)


def test_an_undo_can_be_taken_back(folder, studio):
    annotate(a_wish(), **studio)
    undo(studio)
    undo(studio, 2)
    assert texts(folder) == (ONE + "    - good day\n", OTHER)


def test_undo_of_a_line_that_somebody_rewrote_touches_nothing(folder, studio):
    annotate(a_wish(), **studio)
    path = folder / "one.yml"
    path.write_text(path.read_text().replace("good day", "good day to you"))
    before = texts(folder)
    with pytest.raises(EditRefused, match="Somebody changed or moved it"):
        undo(studio)
    assert texts(folder) == before
    assert len(studio["journal"].entries()) == 1


@pytest.mark.parametrize("text", ["hi", "hey you", "yo"])
def test_a_line_taken_out_comes_back_to_its_place_as_it_was_written(folder, studio, text):
    data = studio["data"]
    old = find_example(text, None, data.examples())
    edits = moving(old, data.raw(old), None, "one.yml")
    move_example(edits, "Kim", **studio)
    assert text not in [example.text for example in data.examples()]
    undo(studio)
    assert texts(folder) == (ONE, OTHER)


def test_a_moved_line_stands_once_and_undo_brings_it_back(folder, studio):
    data = studio["data"]
    old = find_example("hey you", "greet", data.examples())
    new = annotated("hey you", "bye")
    move_example(moving(old, data.raw(old), new, "other.yml"), "Kim", **studio)
    assert [(e.intent, e.file) for e in data.examples() if e.text == "hey you"] == [
        ("bye", "other.yml")
    ]
    undo(studio)
    assert texts(folder) == (ONE, OTHER)


def test_a_reworded_line_stays_in_its_place(folder, studio):
    data = studio["data"]
    old = find_example("hey you", None, data.examples())
    move_example(
        moving(old, data.raw(old), annotated("hey there", "greet"), "one.yml"), "Kim", **studio
    )
    assert texts(folder) == (ONE.replace("hey [you](person)", "hey there"), OTHER)
    undo(studio)
    assert texts(folder) == (ONE, OTHER)


class TornData(TrainingFolder):
    """Somebody takes the old line away while it is being moved."""

    def write(self, edit: Edit) -> None:
        if edit.file == "one.yml":
            raise EditRefused("it is gone")
        super().write(edit)


def test_a_move_that_breaks_off_leaves_what_was_there(folder, studio):
    torn = TornData(folder)
    edits = (Edit("other.yml", "bye", None, "hi"), Edit("one.yml", "greet", "hi", None))
    with pytest.raises(EditRefused, match="it is gone"):
        move_example(edits, "Kim", **{**studio, "data": torn})
    assert texts(folder) == (ONE, OTHER)
    with pytest.raises(EditRefused, match="nothing to take back"):
        undo(studio)


def test_which_of_two_is_meant_must_be_said(folder, studio):
    (folder / "other.yml").write_text(OTHER + "\n    - hi\n")
    examples = studio["data"].examples()
    with pytest.raises(ExampleRefused, match="bye and greet"):
        find_example("hi", None, examples)
    assert find_example("hi", "bye", examples).file == "other.yml"
    with pytest.raises(ExampleRefused, match="No example says"):
        find_example("never said", None, examples)


def test_lines_that_an_old_save_took_away_are_found(folder, studio):
    annotate(a_wish(), **studio)
    annotate(a_wish("good evening"), **studio)
    undo(studio)
    (folder / "one.yml").write_text(ONE)
    gone = [edit.after for edit, _ in standing(studio["journal"].entries())]
    assert gone == ["good day"]


def test_an_entry_cut_off_by_a_stop_is_left_out_and_the_next_is_whole(folder, studio):
    annotate(a_wish(), **studio)
    path = folder / "state" / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"number": 2, "at')
    assert [entry.number for entry in studio["journal"].entries()] == [1]
    annotate(a_wish("good evening"), **studio)
    assert [entry.number for entry in studio["journal"].entries()] == [1, 2]
    path.write_bytes(b"{}\n" + path.read_bytes())
    with pytest.raises(FileInvalid, match=r"journal\.jsonl:1"):
        studio["journal"].entries()


@pytest.fixture(scope="module")
def examples():
    return read_training_files(ROOT / "data" / "nlu")


def kinds(text, intent, examples, reasons=(), held_out=None):
    checked = check_annotation(
        annotated(text, intent, reasons), "x.yml", examples=examples, held_out=held_out or {}
    )
    return [problem.kind for problem in checked.problems]


@pytest.mark.parametrize(
    ("text", "intent", "kind"),
    [
        ("cancel pls", "request_cancellation", "duplicate"),
        ("Cancel pls!!", "complain", "duplicate"),
        ("/restart", "request_cancellation", "command"),
        ('/greet{"name": "x"}', "greet", "command"),
        ("write to kim@firm.com about my plan", "request_cancellation", "personal data"),
        ("my card 4242 4242 4242 4242 please", "request_cancellation", "personal data"),
        ('end the [duo]{"entity": "plan", "value": "duo"}', "request_cancellation", "entity"),
        ("", "greet", "empty"),
        ("it was far too salty for us all", "give_reason", "reason"),
    ],
)
def test_what_would_do_harm_is_named(examples, text, intent, kind):
    assert kind in kinds(text, intent, examples)


def test_a_sentence_of_a_test_is_not_written(examples):
    text = "a sentence that nobody else ever says"
    assert kinds(text, "complain", examples, held_out={text: "tests/a.jsonl:1"}) == ["leak"]
    assert kinds(text, "complain", examples) == []


def test_what_nearly_is_another_intent_is_shown_with_that(examples):
    known = next(e for e in examples if e.intent == "complain" and len(e.text.split()) > 20)
    checked = check_annotation(
        annotated(known.text + " ok", "thank"), "x.yml", examples=examples, held_out={}
    )
    assert "near duplicate" in [problem.kind for problem in checked.problems]
    assert checked.neighbours[0].example == known
    assert checked.neighbours[0].alike > 0.8


def test_the_quick_check_says_of_an_example_what_the_whole_check_says(examples):
    """Every 2000th example, as if it were new, under its own intent: it is clean today."""
    for known in examples[::2000]:
        others = [e for e in examples if (e.file, e.line) != (known.file, known.line)]
        sentence = annotated(known.text, known.intent)
        sentence = replace(sentence, spans=known.spans)
        checked = check_annotation(sentence, known.file, examples=others, held_out={})
        assert checked.problems == (), known


def test_once_warm_no_check_waits_for_the_words_of_all_examples(folder):
    desk = SimpleNamespace(data=TrainingFolder(folder))
    words_of.cache_clear()
    assert warm_up_studio(desk=desk) == 5
    before = words_of.cache_info().misses
    check_annotation(
        annotated("good day", "greet"), "x.yml", examples=desk.data.examples(), held_out={}
    )
    assert words_of.cache_info().misses - before == 1


def test_who_checks_in_a_terminal_waits_for_no_model_to_be_imported():
    heavy = "{'spacy', 'sklearn', 'rasa', 'tensorflow', 'requests'}"
    code = f"import sys, bot.cli.studio; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
