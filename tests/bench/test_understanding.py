"""The arithmetic by which understanding is judged, on cases that can be checked by hand."""

from __future__ import annotations

import json

import pytest
from sklearn.metrics import f1_score, roc_auc_score

from bench.understanding import report, rows
from bench.understanding.measures import (
    Guess,
    accuracy,
    auroc,
    calibration_error,
    confusions,
    macro_f1,
    mean_f1,
    micro_f1,
    recall_and_precision,
)
from bench.understanding.ours import Asked

GUESSES = [
    Guess("a", "a", 0.9),
    Guess("a", "b", 0.6),
    Guess("b", "b", 0.8),
    Guess("b", "b", 0.7),
    Guess("c", "a", 0.4),
    Guess(None, "a", 0.5),
    Guess(None, "b", 0.3),
]
KNOWN = [guess for guess in GUESSES if guess.right is not None]


def test_accuracy_counts_messages_that_have_a_right_intent():
    assert accuracy(GUESSES) == pytest.approx(3 / 5)


def test_macro_f1_is_the_one_everybody_uses():
    wanted = f1_score(
        [g.right for g in KNOWN], [g.said for g in KNOWN], average="macro", zero_division=0
    )
    assert macro_f1(GUESSES) == pytest.approx(wanted)


def test_auroc_is_the_one_everybody_uses():
    wanted = roc_auc_score([g.right is not None for g in GUESSES], [g.confidence for g in GUESSES])
    assert auroc(GUESSES) == pytest.approx(wanted)
    assert auroc(KNOWN) is None


def test_ties_count_half():
    assert auroc([Guess("a", "a", 0.5), Guess(None, "a", 0.5)]) == 0.5


def test_who_is_as_sure_as_right_is_calibrated():
    honest = [Guess("a", "a", 0.75)] * 3 + [Guess("a", "b", 0.75)]
    assert calibration_error(honest) == pytest.approx(0)
    assert calibration_error([Guess("a", "b", 1.0)]) == 1
    assert calibration_error([Guess("a", "a", 1.0)]) == 0


def test_several_labels_are_judged_one_by_one_and_together():
    pairs = [({"x", "y"}, {"x"}), ({"x"}, {"x", "y"}), (set(), set())]
    assert micro_f1(pairs) == pytest.approx(4 / 6)
    assert mean_f1(pairs) == pytest.approx((1 + 0) / 2)


def test_recall_and_precision():
    pairs = [(True, True), (True, False), (False, True), (False, False)]
    assert recall_and_precision(pairs) == (0.5, 0.5)


def test_confusions_are_ranked():
    assert confusions([*GUESSES, Guess("c", "a", 0.1)]) == [("c", "a", 2), ("a", "b", 1)]


def test_being_out_of_scope_is_how_sure_a_message_is_to_be_in():
    asked = Asked(guesses=[Guess("out_of_scope", "out_of_scope", 0.9), Guess("a", "a", 0.7)])
    [strange, known] = asked.strangers()
    assert (strange.right, strange.confidence) == (None, pytest.approx(0.1))
    assert (known.right, known.confidence) == ("a", 0.7)


def test_every_example_is_asked_once_and_no_intent_is_missing_in_what_is_learned():
    examples = rows.our_examples()
    asked = [example for _learned, unseen in rows.in_folds(examples) for example in unseen]
    assert sorted(map(id, asked)) == sorted(map(id, examples))
    for learned, unseen in rows.in_folds(examples):
        assert not {id(e) for e in learned} & {id(e) for e in unseen}
        assert {e.intent for e in learned} == {e.intent for e in examples}


def test_the_public_sets_are_read_from_where_they_are(tmp_path):
    for stem in ("hint3_curekart", "hint3_powerplay11", "clinc_5", "banking_5"):
        for part in ("train", "test"):
            name = f"{stem if part == 'train' else stem.removesuffix('_5')}_{part}.jsonl"
            row = {"text": f"{stem} {part}", "intent": None if part == "test" else "x"}
            (tmp_path / name).write_text(json.dumps(row) + "\n")
    found = list(rows.public_sets(tmp_path))
    assert [one.name for one in found] == list(rows.PUBLIC)
    assert found[2].train == [("clinc_5 train", "x")]
    assert found[2].test == [("clinc_5 test", None)]


def test_tables_show_differences_of_shares_and_ratios_of_times():
    one = {
        "name": "A set",
        "words": {"intent accuracy": 0.9, "fit (s)": 1.0},
        "encoder": {"intent accuracy": 0.95, "fit (s)": 2.0},
        "stock": {"intent accuracy": 0.8, "fit (s)": 40.0},
    }
    shown = report.public_table([one])
    assert "| A set | intent accuracy | 0.900 | 0.950 | 0.800 | +0.100 | +0.150 |" in shown
    assert "| A set | fit (s) | 1.000 | 2.000 | 40.0 | 0.025 | 0.050 |" in shown


def test_what_was_measured_is_written_as_words_figures_and_a_picture(tmp_path):
    report.draw_confusions(KNOWN, tmp_path / "confusions.svg")
    assert "<svg" in (tmp_path / "confusions.svg").read_text()
    table = report.own_table({"one": {"x": 0.5}, "two": {"y": 12.0}})
    assert "| x | 0.500 | – |" in table
    report.write(tmp_path, [table], {"x": 1})
    assert json.loads((tmp_path / "understanding.json").read_text()) == {"x": 1}
    assert (tmp_path / "understanding.md").read_text() == table
