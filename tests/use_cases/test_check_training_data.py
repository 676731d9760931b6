"""The data check finds what harms understanding, names file and line, and is quick."""

import random
from dataclasses import replace

import pytest

from bot.cli.data import confirmed_labels
from bot.integrations.training_files import held_out_texts, read_training_files
from bot.settings import ROOT
from bot.understanding.examples import read_example
from bot.use_cases.check_training_data import check_training_data, weighed
from bot.use_cases.example_sets import LEAST_EXAMPLES, LEAST_EXAMPLES_OF

REASON = '{"entity": "cancellation_reason", "value": "%s"}'
WORDS = ("box", "pan", "fish", "bill", "menu", "spoon", "plate", "salt", "bread", "soup")


def an_example(raw, intent="greet", line=1):
    return read_example(raw, intent=intent, file="a.yml", line=line)


def kinds(*examples, held_out=None):
    found = check_training_data(examples, held_out=held_out)
    return [finding.kind for finding in found if finding.kind != "too few"]


def sentences(count, *, intent, words):
    """Sentences of an intent's own words, no two alike, in all lengths."""
    chance = random.Random(0)
    said = (" ".join(chance.choices(words, k=2 + n % 17)) for n in range(count * 3))
    return [an_example(text, intent, line) for line, text in enumerate(dict.fromkeys(said))][:count]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("[dear]{broken}", "annotation"),
        ("it is [dear" + REASON % "too_expensive", "annotation"),
        ("[dear]" + REASON % "too_dear", "reason"),
        ('[duo]{"entity": "plan", "value": "duo"}', "entity"),
        ("th[at is dear]" + REASON % "too_expensive", "span"),
        ("[that is dea]" + REASON % "too_expensive" + "r", "span"),
        ("that [ is dear]" + REASON % "too_expensive", "span"),
        ("/restart", "command"),
        ("write to jo@larder.com", "personal data"),
        ("my card is 4242 4242 4242 4242", "personal data"),
        ("call 212 555 0199", "personal data"),
        ("ring 07700 900123", "personal data"),
        ("or +44 7700 900123", "personal data"),
        ("", "empty"),
    ],
)
def test_a_harmful_example_is_found_with_its_place(raw, kind):
    found = check_training_data([an_example(raw, "complain", 7)])
    assert [f"{f.file}:{f.line}: {f.kind}" for f in found if f.kind != "too few"] == [
        f"a.yml:7: {kind}"
    ]


@pytest.mark.parametrize(
    "raw",
    [
        "[dear]" + REASON % "too_expensive",
        "no, [too dear]" + REASON % "too_expensive" + ", sorry",
        "write to jo@example.com",
        "O-5001",
        "12,900",
        "from 2024 until 2026",
    ],
)
def test_a_good_example_is_left_alone(raw):
    assert kinds(an_example(raw, "complain")) == []


def test_a_reason_is_neither_annotated_where_none_is_heard_nor_left_out_where_it_is_the_point():
    assert kinds(an_example("yes, [dear]" + REASON % "too_expensive", "affirm")) == ["reason"]
    assert kinds(an_example("because it is dear", "give_reason")) == ["reason"]
    assert kinds(an_example("because it is dear", "complain")) == []


def test_the_same_words_naming_two_reasons_are_found():
    late = an_example("[always late]" + REASON % "delivery_problem", "complain")
    slow = an_example("so [always late]" + REASON % "customer_service", "complain", 2)
    [finding] = [f for f in check_training_data([late, slow]) if f.kind == "reason"]
    assert finding.line == 2
    assert "delivery_problem at a.yml:1" in finding.message


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


def test_the_wish_to_leave_needs_more_examples_than_any_other():
    leaving = sentences(LEAST_EXAMPLES, intent="request_cancellation", words=WORDS)
    [finding] = [f for f in check_training_data(leaving) if f.kind == "too few"]
    assert f"needs {LEAST_EXAMPLES_OF['request_cancellation']}" in finding.message


def test_a_series_of_openings_is_found():
    things = ("plan", "box", "pan", "trial", "account", "family", "mother")
    series = [an_example(f"I want to cancel my {thing}", line=n) for n, thing in enumerate(things)]
    assert kinds(*series) == ["series"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda n, text: text, None),
        (lambda n, text: f"please {text}" if n % 2 else text, 'begin with "please"'),
        (lambda n, text: " ".join(text.split()[:4]) + f" {chr(97 + n % 26) * 3}", "have over"),
        (lambda n, text: text + " and some more of the same" * 2, "have up to"),
    ],
)
def test_examples_that_are_all_alike_in_opening_or_length_are_found(change, says):
    varied = sentences(LEAST_EXAMPLES + 20, intent="complain", words=WORDS)
    changed = [replace(e, text=change(n, e.text)) for n, e in enumerate(varied)]
    found = [f.message for f in check_training_data(changed) if f.kind == "one-sided"]
    assert bool(found) == (says is not None)
    assert all(says in message for message in found)


def two_intents():
    """Two intents with words of their own, and one line of the first in words of the second."""
    ours = sentences(LEAST_EXAMPLES, intent="complain", words=WORDS[:5])
    theirs = sentences(LEAST_EXAMPLES, intent="ask_plan", words=WORDS[5:])
    return [*ours, *theirs, an_example("spoon plate salt bread soup spoon salt", "complain", 999)]


def test_a_label_that_all_others_speak_against_is_found_unless_somebody_stands_by_it():
    examples = two_intents()
    found = [f for f in check_training_data(examples) if f.kind == "label"]
    assert [finding.line for finding in found] == [999]
    assert "reads like ask_plan (as a.yml:" in found[0].message
    stood_by = {("complain", examples[-1].text): "confirmed_labels.txt:2"}
    assert not [f for f in check_training_data(examples, confirmed=stood_by) if f.kind == "label"]


def test_a_doubtful_label_is_doubted_where_it_is_new_and_noted_where_it_is_live():
    examples = [*two_intents(), an_example("/restart", "complain", 1000)]
    found = check_training_data(examples)
    old = {(example.intent, example.text) for example in examples[:-2]}
    new = weighed(found, examples, old)
    assert [finding.line for finding in new.doubted] == [999]
    assert new.noted == []
    live = weighed(found, examples, {*old, ("complain", examples[-2].text)})
    assert live.doubted == []
    assert live.noted == new.doubted
    # What is plainly wrong stays so, live or not.
    everything = weighed(found, examples, {(e.intent, e.text) for e in examples})
    assert "command" in [finding.kind for finding in everything.wrong]
    assert live.wrong == new.wrong == everything.wrong


def test_a_confirmed_label_that_no_example_has_is_stale():
    stood_by = {("complain", "nothing like it"): "confirmed_labels.txt:3"}
    found = check_training_data(two_intents(), confirmed=stood_by)
    assert [str(f).split(": ")[:2] for f in found if f.kind == "stale"] == [
        ["confirmed_labels.txt:3", "stale"]
    ]


def test_a_text_held_out_for_tests_is_found_unless_everybody_says_it():
    held_out = {"where on earth is my box": "held_out.jsonl:7", "thank you": "held_out.jsonl:8"}
    assert kinds(an_example("where on earth is my BOX?"), held_out=held_out) == []
    found = check_training_data([an_example("Where on earth is my box")], held_out=held_out)
    assert any("held_out.jsonl:7" in finding.message for finding in found)
    assert kinds(an_example("thank you"), held_out=held_out) == []


def test_what_customers_say_in_tests_is_held_out_wherever_it_stands():
    places = {place.rpartition("/")[0] for place in held_out_texts(ROOT).values()}
    assert "tests/understanding" in places
    assert {"tests/dialogues/cancellations", "tests/dialogues/saved"} <= places


def test_the_products_own_data_has_nothing_to_mend():
    found = check_training_data(
        read_training_files(ROOT / "data" / "nlu"),
        held_out=held_out_texts(ROOT),
        confirmed=confirmed_labels(),
    )
    assert [str(finding) for finding in found] == []


def test_most_labels_made_wrong_on_purpose_are_found_in_the_products_own_data():
    examples = read_training_files(ROOT / "data" / "nlu")
    chance = random.Random(3)
    names = sorted({example.intent for example in examples})
    wrong = {
        place: chance.choice([name for name in names if name != examples[place].intent])
        for place in chance.sample(
            [n for n, example in enumerate(examples) if len(example.text.split()) > 2], 200
        )
    }
    planted = [
        replace(example, intent=wrong.get(place, example.intent))
        for place, example in enumerate(examples)
    ]
    found = check_training_data(planted, confirmed=confirmed_labels())
    places = {(f.file, f.line) for f in found if f.kind in ("label", "reason", "duplicate")}
    seen = [place for place in wrong if (examples[place].file, examples[place].line) in places]
    assert len(seen) > 0.35 * len(wrong)
