"""A message is understood as a whole, whatever is typed, and the same after storing the engine."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoder_files import find_encoder
from bot.understanding.engine import Engine
from bot.understanding.engine_files import JSON_FILE
from bot.understanding.examples import Example
from bot.understanding.normalise import MAX_CHARACTERS
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import TODAY, engine, parse


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I want to cancel my subscription", "request_cancellation"),
        ("cancle my subscrption plz", "request_cancellation"),
        ("how do I cancel?", "request_cancellation"),
        ("if you can't fix this I'm cancelling my plan", "request_cancellation"),
        ("don't cancel my plan", "keep_subscription"),
        ("please undo my cancellation", "undo_cancellation"),
        ("cancel order O-5001", "cancel_order"),
        ("is there a cancellation fee?", "ask_cancellation_terms"),
        ("cancel my netflix", "out_of_scope"),
        ("pause my boxes for two months", "request_pause"),
        ("I want to talk to a human", "ask_for_agent"),
    ],
)
def test_what_is_wanted_is_understood(text, intent):
    assert parse(text).intent == intent


def test_the_reason_comes_with_its_evidence():
    text = "Please cancel my plan, it's too expensive for us"
    understood = parse(text)
    [cause] = [e for e in understood.entities if e.entity == "cancellation_reason"]
    assert understood.reasons == ("too_expensive",)
    assert (cause.value, text[cause.start : cause.end]) == ("too_expensive", cause.text)
    assert cause.text == "it's too expensive for us"


def test_reasons_stand_in_the_order_said():
    text = "the meat was rotten and the app crashes all the time, cancel my plan"
    assert parse(text).reasons == ("low_quality", "technical_problem")


def test_a_second_wish_is_heard():
    understood = parse("please cancel my subscription, and where is my last parcel?")
    assert understood.intent == "request_cancellation"
    assert "ask_order_status" in understood.intents


def test_a_stated_wish_comes_before_a_long_complaint():
    text = (
        "I waited an hour on hold, the agent was rude and nobody called me back as promised. "
        "Thank you for nothing. Cancel my subscription."
    )
    understood = parse(text)
    assert understood.intent == "request_cancellation"
    assert "customer_service" in understood.reasons


def test_the_interval_wished_for_is_a_duration():
    understood = parse("could I get a box every other week instead of weekly")
    assert understood.intent == "change_frequency"
    assert ("duration", "P2W") in [(e.entity, e.value) for e in understood.entities]


def test_the_json_form_is_the_contract():
    document = parse("pause for 2 months").as_json()
    assert {"text", "intent", "confidence", "ranking", "intents", "reasons", "entities"} <= set(
        document
    )
    assert document["ranking"][0] == {
        "intent": document["intent"],
        "confidence": document["confidence"],
    }
    assert set(document["entities"][0]) == {"entity", "text", "value", "start", "end"}
    assert json.loads(json.dumps(document)) == document


def test_another_language_is_said_to_be_one():
    understood = parse("Quiero cancelar mi suscripción")
    assert (understood.intent, understood.signals.language) == ("other_language", "es")
    assert understood.signals.wants_to_leave
    assert understood.reasons == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "?",
        "😀😀",
        "a",
        "...",
        "!!!!",
        "\x00\u200b",
        "<b>hi</b>",
        "/restart",
        "кириллица",
        "ا",
    ],
)
def test_odd_input_gets_an_answer_without_a_wish_to_leave(text):
    understood = parse(text)
    assert understood.intent != "request_cancellation" or understood.confidence < 0.35
    assert understood.reasons == ()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("delete everything you know about me", "request_data_erasure"),
        ("please remove everything you have stored about us", "request_data_erasure"),
        ("cancel my plan and delete everything you have on me", "request_cancellation"),
        ("delete my account", "request_cancellation"),
    ],
)
def test_deleting_what_is_known_is_no_wish_to_leave(text, intent):
    assert parse(text).intent == intent


def test_of_a_very_long_message_the_beginning_is_read_and_no_more():
    """However long a message is, the work is bounded by what is read of it."""
    said = "I want to cancel because it is too expensive and, well, so on. " * 400
    read = said[:MAX_CHARACTERS]
    assert len(said) > 2 * len(read)
    whole, beginning = parse(said), parse(read)
    assert whole.text == said
    assert replace(whole, text=read) == beginning
    assert whole.intent == "request_cancellation"
    assert "too_expensive" in whole.reasons


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_no_text_stops_the_engine(text):
    understood = parse(text)
    assert 0.0 <= understood.confidence <= 1.0
    assert understood.ranking[0] == (understood.intent, understood.confidence)
    assert [text[e.start : e.end] for e in understood.entities] == [
        e.text for e in understood.entities
    ]


def test_a_stored_engine_understands_the_same():
    again = Engine.from_files(engine().to_files(), encoder=find_encoder())
    for text in ("cancel, too dear", "until may", "what's a duo box?", "😀"):
        assert again.parse(text, today=TODAY) == engine().parse(text, today=TODAY)


def test_an_engine_of_another_form_is_refused():
    files = engine().to_files()
    plain = {**json.loads(files[JSON_FILE]), "form": 0}
    with pytest.raises(ValueError, match="older form"):
        Engine.from_files({**files, JSON_FILE: json.dumps(plain).encode()})


def test_the_order_of_the_examples_does_not_matter():
    few = [
        Example(f"{verb} {thing}", intent)
        for intent, verb in (("a", "cancel"), ("b", "pause"), ("c", "where is"))
        for thing in ("it", "my plan", "the box", "my order", "this", "everything")
    ]
    one, other = Engine.fit(few), Engine.fit(few[::-1])
    assert one.parse("cancel the order", today=TODAY) == other.parse(
        "cancel the order", today=TODAY
    )


def test_one_intent_cannot_be_told_from_another():
    with pytest.raises(ValueError, match="two intents"):
        Engine.fit([Example("hi", "greet")])


@pytest.mark.parametrize(
    "text",
    ["the tihng with the thing!", "{subject} {price} {0[x]} %s", "!!!", "finn@larder.example"],
)
def test_what_says_nothing_is_no_wish_to_leave_however_far_we_lean(text):
    assert parse(text).intent not in LEAVING


@pytest.mark.parametrize("dots", ["...", "…", " ..", ". . ."])
def test_dots_where_somebody_fell_silent_change_no_sense(dots):
    said = "somebody from your team told me I'd get three months for nothing"
    assert parse(said + dots).intent == parse(said).intent


@pytest.mark.parametrize("text", ["pls", "PLS!", "plz", "BLAH PLS", "pls blah", "bla bla plz"])
def test_a_please_wishes_for_nothing_however_short_it_is_written(text):
    assert parse(text).intent not in LEAVING


@pytest.mark.parametrize(
    "text", ["the membership", "my contract.", "Subscriptions?", "the button?"]
)
def test_what_is_only_named_is_not_to_be_ended(text):
    assert parse(text).intent not in LEAVING
