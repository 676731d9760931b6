"""The data check finds what harms understanding, names file and line, and is quick."""

import time

import pytest

from bot.integrations.training_files import read_held_out, read_training_files
from bot.settings import ROOT
from bot.understanding.examples import read_example
from bot.use_cases.check_training_data import LEAST_EXAMPLES, check_training_data

REASON = '{"entity": "cancellation_reason", "value": "%s"}'


def an_example(raw, intent="greet", line=1):
    return read_example(raw, intent=intent, file="a.yml", line=line)


def kinds(*examples, held_out=None):
    found = check_training_data(examples, held_out=held_out)
    return [finding.kind for finding in found if finding.kind != "too few"]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("[dear]{broken}", "annotation"),
        ("[dear]" + REASON % "too_dear", "reason"),
        ('[duo]{"entity": "plan", "value": "duo"}', "entity"),
        ("/restart", "command"),
        ("write to jo@larder.com", "personal data"),
        ("my card is 4242 4242 4242 4242", "personal data"),
        ("call 212 555 0199", "personal data"),
        ("", "empty"),
    ],
)
def test_a_harmful_example_is_found(raw, kind):
    assert kinds(an_example(raw)) == [kind]


@pytest.mark.parametrize(
    "raw", ["[dear]" + REASON % "too_expensive", "write to jo@example.com", "O-5001", "12,900"]
)
def test_a_good_example_is_left_alone(raw):
    assert kinds(an_example(raw)) == []


def test_the_same_text_in_two_intents_is_found_whatever_its_spelling():
    assert kinds(an_example("Cancel pls!"), an_example("cancle please", "deny", 2)) == ["duplicate"]


def test_the_same_text_twice_in_an_intent_is_found_but_another_spelling_is_an_example():
    assert kinds(an_example("thank you"), an_example("Thank you!", line=2)) == ["duplicate"]
    assert kinds(an_example("thank you"), an_example("ty", line=2)) == []
    assert kinds(an_example("0/10", "complain"), an_example("42", line=2)) == []


def test_nearly_the_same_text_in_two_intents_is_found():
    one = "could you tell me when my next box will be here please thanks a lot to you all"
    found = check_training_data(
        [an_example(one), an_example(one + "!!", "deny", 2), an_example("a " + one, "affirm", 3)]
    )
    assert {finding.kind for finding in found if finding.line > 1} >= {"near duplicate"}


def test_too_few_examples_are_found_and_enough_are_not():
    few = [an_example(f"hi number {word}") for word in "abc"]
    [finding] = check_training_data(few)
    assert f"needs {LEAST_EXAMPLES}" in str(finding)
    assert str(finding).startswith("a.yml:1: too few: ")
    enough = [an_example(f"{chr(97 + n % 26) * (n // 26 + 2)} hi") for n in range(LEAST_EXAMPLES)]
    assert check_training_data(enough) == []


def test_a_series_of_openings_is_found():
    things = ("plan", "box", "pan", "trial", "account", "family", "mother")
    series = [an_example(f"I want to cancel my {thing}", line=n) for n, thing in enumerate(things)]
    assert kinds(*series) == ["series"]


def test_a_text_held_out_for_tests_is_found_unless_everybody_says_it():
    held_out = {"where on earth is my box": "held_out.jsonl:7", "thank you": "held_out.jsonl:8"}
    assert kinds(an_example("where on earth is my BOX?"), held_out=held_out) == []
    found = check_training_data([an_example("Where on earth is my box")], held_out=held_out)
    assert any("held_out.jsonl:7" in finding.message for finding in found)
    assert kinds(an_example("thank you"), held_out=held_out) == []


def test_the_products_own_data_is_checked_within_five_seconds():
    held_out = ROOT / "tests/understanding/held_out.jsonl"
    started = time.process_time()
    examples = read_training_files(ROOT / "data" / "nlu")
    found = check_training_data(
        examples,
        held_out={text: f"{held_out.name}:{line}" for line, text in read_held_out(held_out)},
    )
    assert time.process_time() - started < 5
    assert [str(finding) for finding in found] == []
