"""One line changes, and every other byte stays: order, comments, breaks, the end of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.annotation.annotated import annotated
from bot.annotation.edits import Edit, lines_of
from bot.annotation.placing import file_for
from bot.errors import EditRefused, ExampleRefused
from bot.integrations.training_files import read_training_text
from bot.integrations.training_folder import changed
from bot.understanding.examples import Example, read_example

FILE = """\
# Written by hand; keep the order.
version: "3.1"   # quoted on purpose

nlu:
- intent: greet   # hello
  examples: |
    - hi
    -   hello  there

- lookup: city
  examples: |
    - Paris
- regex: zip
  examples: |
    - \\d{5}
- synonym: cancel
  examples: |
    - cancle

- intent: goodbye
  metadata: {kept: [1, 2]}
  examples: |
      - bye~

      - see you
# the end
""".replace("~", "   ")


def an_edit(before, after, intent="greet"):
    return Edit("small.yml", intent, before, after)


def said(text):
    return [(e.intent, e.text) for e in read_training_text(text, name="small.yml")]


def test_a_new_line_comes_last_in_its_intent_and_nothing_else_changes():
    new, _ = changed(FILE, an_edit(None, "hey you"))
    assert new == FILE.replace("    -   hello  there\n", "    -   hello  there\n    - hey you\n")


def test_a_new_line_takes_the_indentation_of_its_neighbours():
    new, _ = changed(FILE, an_edit(None, "so long", "goodbye"))
    assert new == FILE.replace("      - see you\n", "      - see you\n      - so long\n")


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("ended", [True, False])
def test_breaks_byte_order_mark_and_a_missing_last_break_stay(breaks, start, ended):
    text = start + FILE.replace("# the end\n", "").replace("\n", breaks)
    text = text if ended else text.removesuffix(breaks)
    new, known = changed(text, an_edit(None, "so long", "goodbye"))
    added = f"      - so long{breaks}" if ended else f"{breaks}      - so long"
    assert new == text + added
    assert changed(new, known.inverse)[0] == text


def test_lookup_tables_patterns_and_synonyms_are_never_touched():
    with pytest.raises(EditRefused, match="no examples of city"):
        changed(FILE, an_edit(None, "Rome", "city"))


def test_an_intent_with_several_blocks_grows_in_the_last():
    text = FILE + "- intent: greet\n  examples: |\n    - yo\n"
    assert changed(text, an_edit(None, "hey you"))[0] == text + "    - hey you\n"


def test_an_intent_that_has_no_example_yet_takes_one():
    text = FILE + "- intent: thank\n  examples: |\n"
    assert changed(text, an_edit(None, "ta", "thank"))[0] == text + "    - ta\n"


@pytest.mark.parametrize(
    "after", ["bye now: ok", "# bye", "'bye", "bye | me", "{bye}", "- bye", "*b"]
)
def test_what_looks_like_yaml_is_text_all_the_same(after):
    new, _ = changed(FILE, an_edit(None, after, "goodbye"))
    assert ("goodbye", after) in said(new)


def test_an_example_that_stands_there_is_not_written_twice():
    with pytest.raises(EditRefused, match=r"small\.yml:7 already"):
        changed(FILE, an_edit(None, "hi"))


def test_a_line_that_was_changed_by_somebody_is_not_touched():
    with pytest.raises(EditRefused, match="no longer stands"):
        changed(FILE, an_edit("hola", "hello"))


def test_the_only_example_of_an_intent_stays():
    text = FILE.replace("    -   hello  there\n", "")
    with pytest.raises(EditRefused, match="only example"):
        changed(text, an_edit("hi", None))


@pytest.mark.parametrize(
    "block", ["examples:\n    - hi\n    - hey", "examples: >\n    - hi", 'examples: "- hi"']
)
def test_examples_in_another_form_are_left_to_their_trainer(block):
    with pytest.raises(EditRefused):
        changed(f"nlu:\n- intent: greet\n  {block}\n", an_edit(None, "hello"))


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1).map(
        lambda text: " ".join(text.split())
    ),
    min_size=2,
    max_size=6,
    unique=True,
).filter(all)


@given(TEXTS, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
def test_every_edit_and_its_inverse_leave_the_file_as_it_was(texts, breaks, ended, data):
    new, *there = texts
    blank = data.draw(st.sampled_from(["", breaks]))
    lines = "".join(f"    - {text}{breaks}{blank}" for text in [*there, "the last"])
    body = f"nlu:{breaks}- intent: greet{breaks}  examples: |{breaks}{lines}"
    text = body if ended else body.rstrip("\r\n")
    old = data.draw(st.sampled_from(there))
    for edit in (an_edit(None, new), an_edit(old, new), an_edit(old, None)):
        try:
            made, known = changed(text, edit)
        except EditRefused:
            assert new in {*there, "the last"}
            continue
        assert abs(len(lines_of(made)) - len(lines_of(text))) <= 1
        assert changed(made, known.inverse)[0] == text


def test_a_reason_is_written_on_its_words():
    made = annotated(
        "It's  too dear,\n and late",
        "complain",
        ["delivery_problem=late", "too_expensive=TOO DEAR"],
    )
    assert made.raw == (
        'It\'s [too dear]{"entity": "cancellation_reason", "value": "too_expensive"}, and '
        '[late]{"entity": "cancellation_reason", "value": "delivery_problem"}'
    )
    assert annotated(made.raw, "complain") == made
    assert read_example(made.raw, intent="complain").spans == made.spans


def test_a_reason_without_words_is_the_whole_text_without_its_full_stop():
    assert annotated("Too dear.", "give_reason", ["too_expensive"]).raw.startswith("[Too dear]{")


@pytest.mark.parametrize(
    ("text", "reasons", "said"),
    [
        ("too dear", ["pricey"], "no reason"),
        ("too dear", ["too_expensive=too late"], "does not say"),
        ("too dear", ["too_expensive=too dear", "other=dear"], "share words"),
        ("a [b](c:d", [], "brackets"),
        ("bell\x07", [], "nobody can see"),
    ],
)
def test_what_cannot_be_annotated_is_said(text, reasons, said):
    with pytest.raises(ExampleRefused, match=said):
        annotated(text, "give_reason", reasons)


def test_an_intent_goes_where_most_of_its_examples_stand():
    examples = [Example("x", "greet", file=file) for file in ("b.yml", "a.yml", "b.yml")]
    assert file_for("greet", examples) == "b.yml"
    with pytest.raises(ExampleRefused, match="Did you mean greet"):
        file_for("great", examples)
