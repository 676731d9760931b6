"""Annotated lines are read as Rasa reads them, and broken annotations are told."""

import pytest

from bot.understanding.examples import Span, read_example


def test_an_annotated_span_is_taken_out_with_its_place():
    read = read_example(
        'cancel, [too dear]{"entity": "cancellation_reason", "value": "too_expensive"} for me',
        intent="request_cancellation",
    )
    assert read.text == "cancel, too dear for me"
    assert read.spans == (Span(8, 16, "cancellation_reason", "too_expensive"),)
    assert read.text[8:16] == "too dear"
    assert read.reasons == ("too_expensive",)
    assert read.problem is None


def test_a_short_note_and_several_notes_are_read():
    short = read_example("[broken](cancellation_reason:low_quality)", intent="complain")
    assert short.reasons == ("low_quality",)
    both = read_example(
        '[late and rude][{"entity": "cancellation_reason", "value": "delivery_problem"}, '
        '{"entity": "cancellation_reason", "value": "customer_service"}]',
        intent="complain",
    )
    assert (both.text, both.reasons) == ("late and rude", ("delivery_problem", "customer_service"))


@pytest.mark.parametrize(
    "raw",
    [
        '[too dear]{"entity": "cancellation_reason"',
        '[too dear]{"entity" "cancellation_reason"}',
        "[too dear]{'value': 1}",
        "too dear]",
        "[too dear",
    ],
)
def test_a_broken_annotation_is_a_problem(raw):
    assert read_example(raw, intent="complain").problem


@pytest.mark.parametrize("raw", ["{{7*7}}", "it costs (a lot)", "plain text"])
def test_other_brackets_are_no_problem(raw):
    assert read_example(raw, intent="out_of_scope").problem is None
