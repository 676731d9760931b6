"""What was asked changes what an answer means, and never what a wish to leave means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.context import interpret
from bot.understanding.parsed import LEAVING
from tests.understanding.engines import parse

SUBJECTS = (
    {"id": "S-1", "title": "duo (home)", "words": ["home", "duo"]},
    {"id": "S-2", "title": "light (mother)", "words": ["mother", "light"]},
)
CHOICES = (
    {"id": "exchange", "title": "Exchange it", "words": ["exchange", "swap"]},
    {"id": "store_credit", "title": "Store credit of $86.90", "words": ["credit"]},
    {"id": "refund", "title": "Refund", "words": ["money", "back"]},
)
AWAITED = (
    "subject", "reason", "offer", "consent", "confirmation", "duration", "resolution", "choice",
    "email", "code", "rephrase", "guess", None,
)  # fmt: skip


def answer(text, awaiting, options=()):
    return interpret(parse(text), text, awaiting=awaiting, options=options)


def value(parsed, entity):
    return next((found.value for found in parsed.entities if found.entity == entity), None)


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("the second one", "S-2"),
        ("2", "S-2"),
        ("first", "S-1"),
        ("the last one", "S-2"),
        ("the home one", "S-1"),
        ("duo", "S-1"),
        ("my mom's", "S-2"),
        ("the one for my mother please", "S-2"),
        ("not the home one", "S-2"),
        ("both", "both"),
        ("all of them", "both"),
        ("neither", "neither"),
    ],
)
def test_an_option_is_chosen_by_name_place_or_number(text, option):
    chosen = answer(text, "subject", SUBJECTS)
    assert (chosen.intent, value(chosen, "option")) == ("choose_option", option)


@pytest.mark.parametrize(
    ("text", "option"),
    [("swap it", "exchange"), ("the credit", "store_credit"), ("refund please", "refund")],
)
def test_a_choice_is_made_by_its_words(text, option):
    chosen = answer(text, "choice", CHOICES)
    assert (chosen.intent, value(chosen, "option")) == ("choose_option", option)


def test_a_wish_to_leave_keeps_its_intent_and_names_its_option():
    said = answer("cancel the home one", "subject", SUBJECTS)
    assert (said.intent, value(said, "option")) == ("request_cancellation", "S-1")


@pytest.mark.parametrize("awaiting", AWAITED)
def test_a_wish_to_leave_is_never_reinterpreted(awaiting):
    assert (
        answer("just cancel my subscription", awaiting, SUBJECTS).intent == "request_cancellation"
    )


def test_a_question_is_no_choice():
    assert answer("when does my duo renew?", "subject", SUBJECTS).intent == "ask_billing"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("too expensive", ("too_expensive",)),
        ("we moved", ("life_event",)),
        ("my dog eats everything", None),
        ("2", None),
        ("we never use it", ("unused",)),
    ],
)
def test_free_text_is_the_reason_that_was_asked_for(text, reasons):
    given_reason = answer(text, "reason")
    assert given_reason.intent == "give_reason"
    if reasons is not None:
        assert given_reason.reasons == reasons


@pytest.mark.parametrize("text", ["rather not say", "none of your business", "no"])
def test_refusing_the_reason_is_a_no(text):
    assert answer(text, "reason").intent == "deny"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I want to talk to a human", "ask_for_agent"),
        ("when do I renew?", "ask_billing"),
        ("I just lost my job", "express_hardship"),
        ("can I pause instead?", "request_pause"),
        ("what's the weather like", "out_of_scope"),
    ],
)
def test_plainly_something_else_is_no_reason(text, intent):
    assert answer(text, "reason").intent == intent


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        ("2", "duration", "P2M"),
        ("two", "duration", "P2M"),
        ("two months", "duration", "P2M"),
        ("6 weeks", "duration", "P6W"),
        ("until may", "date", "2026-05"),
        ("till after easter", "date", "2026-04-06"),
    ],
)
def test_a_length_or_a_day_answers_how_long(text, entity, expected):
    paused = answer(text, "duration")
    assert (paused.intent, value(paused, entity)) == ("request_pause", expected)


@pytest.mark.parametrize("awaiting", ["offer", "consent", "confirmation", "resolution", "duration"])
@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("no", "deny"), ("ok", "affirm")])
def test_a_bare_yes_or_no_stays_one(awaiting, text, intent):
    assert answer(text, awaiting).intent == intent


@pytest.mark.parametrize("name", ["finn", "maya", "gala", "o.end", "quit"])
def test_an_address_alone_is_no_wish_whatever_it_reads_like(name):
    for text in (
        f"{name}@larder.example",
        f"its {name}@larder.example.",
        f"{name}@larder.example!",
    ):
        assert answer(text, "email").intent == "provide_email"


def test_an_address_and_a_code_are_provided_where_asked_for():
    assert answer("it's Foo@Example.com thanks", "email").intent == "provide_email"
    coded = answer("my code is 123 456", "code")
    assert (coded.intent, value(coded, "code")) == ("provide_code", "123456")
    assert answer("wrong code", "code").intent == "provide_code"
    assert (
        answer("cancel my subscription, me@example.com", "email").intent == "request_cancellation"
    )


def test_without_a_question_nothing_is_reinterpreted():
    for text in ("2", "the second one", "ok", "until may", "123456", "too expensive"):
        assert answer(text, None, SUBJECTS) == parse(text)


def test_another_language_stays_one():
    assert answer("Ich möchte kündigen", "reason").intent == "other_language"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(AWAITED))
def test_no_answer_stops_the_interpreter(text, awaiting):
    said = answer(text, awaiting, SUBJECTS)
    assert said.ranking[0] == (said.intent, said.confidence)


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("it's Maya.Reyes+box@Example.co.uk.", "maya.reyes+box@example.co.uk"),
        ("maya@example.org please", "maya@example.org"),
        ("maya at example", None),
        ("@example.org", None),
    ],
)
def test_an_address_is_found_in_what_was_typed(text, email):
    assert value(answer(text, "email"), "email") == email


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("it is 123 456.", "123456"),
        ("12-34-56", "123456"),
        ("12345", None),
        ("1234567", None),
        ("order 1234567890", None),
        ("no idea", None),
    ],
)
def test_a_code_is_found_in_what_was_typed(text, code):
    assert value(answer(text, "code"), "code") == code


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok thanks that helps, ill stay", "keep_subscription"),
        ("thanks, in that case we'll keep it", "keep_subscription"),
        ("thank you so much that solves it", "affirm"),
        ("thanks that's fine", "affirm"),
        ("yes that's great", "affirm"),
        ("thanks but no, cancel it", "request_cancellation"),
        ("thank you", "thank"),
        ("no it doesn't", "deny"),
    ],
)
def test_asked_whether_it_is_solved_thanks_can_be_a_yes(text, intent):
    assert answer(text, "resolution").intent == intent


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script><b>hi</b>", "{{7*7}}", "${x}", "!!!", "🙂"]
)
def test_markup_and_signs_are_no_reason(text):
    assert answer(text, "reason").intent == "nlu_fallback"


@pytest.mark.parametrize(
    "text",
    [
        "what was your offer again?",
        "sorry what was the offer again",
        "can you repeat that offer",
        "say that again please",
        "could you tell me the terms once more",
        "how much was it again",
        "repeat please",
    ],
)
@pytest.mark.parametrize("awaiting", ["offer", "consent", "reason", "resolution"])
def test_what_stands_can_be_asked_for_once_more(text, awaiting):
    assert answer(text, awaiting).intent == "ask_to_repeat"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what else is there?", "ask_other_options"),
        ("cancel it, and never ask again", "request_cancellation"),
    ],
)
def test_again_alone_asks_for_nothing_twice(text, intent):
    assert answer(text, "offer").intent == intent


WAYS = (
    {"id": "leave_message", "title": "Leave a message", "words": ["message", "ticket", "email"]},
    {"id": "call_back", "title": "Call me back", "words": ["call", "phone", "ring"]},
    {"id": "carry_on", "title": "Carry on here", "words": ["carry", "continue", "assistant"]},
)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("leave a message then", "leave_message"),
        ("I'd like to leave them a short note", "leave_message"),
        ("the first one", "leave_message"),
        ("call me back please", "call_back"),
        ("carry on here", "carry_on"),
    ],
)
def test_a_way_to_a_person_is_chosen_in_words(text, way):
    chosen = answer(text, "way", WAYS)
    assert (chosen.intent, value(chosen, "option")) == ("choose_option", way)


def test_leaving_a_message_is_no_wish_to_leave_and_leaving_stays_one():
    assert "request_cancellation" not in answer("leave a message", "way", WAYS).intents
    assert answer("leave a message that I want to cancel", "way", WAYS).intent in LEAVING
    assert answer("just cancel my subscription", "phone", ()).intent in LEAVING


@pytest.mark.parametrize(
    "text", ["+1 212 555 0123", "my number is 0049 30 901820", "(212) 555-0123"]
)
def test_a_number_is_heard_whatever_its_form(text):
    heard = answer(text, "phone")
    assert heard.intent == "provide_phone"
    assert value(heard, "phone") in text
