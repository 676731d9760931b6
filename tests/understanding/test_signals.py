"""Insisting, at once, hardship, both, fraud and law are heard, and not overheard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.insisting import is_insisting, wants_immediate_effect
from bot.understanding.signals import (
    is_distressed,
    is_hardship,
    mentions_fraud,
    mentions_law,
    sounds_angry,
    wants_both,
)


@pytest.mark.parametrize(
    "text",
    [
        "just cancel",
        "please just cancle it",
        "no offers please",
        "don't try to talk me out of it",
        "cancel it now!!",
        "just cancel it now",
        "cancel today",
        "Can you cancel it today please",
        "cancel. now.",
        "Cancel. Period.",
        "I said cancel",
        "still want to cancel",
        "for the third time: cancel",
        "no thanks, cancel",
        "yes i'm sure, cancel it",
        "I don't want a discount, cancel",
        "i dont have to tell you why. cancel my subscription",
        "not interested in a pause, just end it",
        "my mind is made up",
        "I just want out",
        "cancel my plan asap",
        "close my account immediately",
        "I only want my plan ended",
        "stop it, I don't need anything more",
    ],
)
def test_categorical_words_insist(text):
    assert is_insisting(text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to cancel",
        "I'd like to cancel my subscription",
        "Hello, could you please cancel my subscription? Thank you",
        "how do i cancel",
        "can i just cancel one box",
        "if i cancel today do i still get friday's box",
        "what happens if I cancel now?",
        "don't cancel anything",
        "no, don't cancel it",
        "I'm broke right now, please cancel",
        "no thanks, I don't want a discount",
        "i just cancelled by accident",
        "I only need my last order",
        "don't want anything else, thanks",
        "yes",
        "",
    ],
)
def test_a_plain_wish_a_question_and_a_refusal_do_not_insist(text):
    assert not is_insisting(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel immediately",
        "cancel it right now!",
        "Cancel. Immediately.",
        "cancel effective today",
        "close it at once",
        "cancel with a refund",
        "cancel and refund me",
        "I want to cancel and get my money back",
        "end it straight away, not at the end of the month",
    ],
)
def test_at_once_is_asked_for(text):
    assert wants_immediate_effect(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel today",
        "cancel it now",
        "CANCEL NOW!!!",
        "I can't afford it right now, please cancel",
        "cancel my plan because money is tight right now",
        "would I get a refund if I cancelled",
        "right now I'm on duo. cancel please",
        "cancel at the end of march",
    ],
)
def test_eagerness_and_other_nows_keep_the_default_effect(text):
    assert not wants_immediate_effect(text)


@pytest.mark.parametrize(
    "text",
    [
        "I just lost my job",
        "my dad died last week",
        "we're drowning in debt",
        "My wife is very ill",
        "i got laid off",
        "my mother has cancer",
        "we had to file for bankruptcy",
        "she's gone into a care home",
        "I broke my hip",
        "can't pay my rent",
        "we lost him in the night",
        "my gran passed on Saturday",
        "she has sadly passed, it was very quick",
        "writing on account of my father's passing",
        "Mum expired in the ambulance",
        "my late husband used to open the boxes",
        "he is no longer with us",
        "the consultant says she has weeks to live",
        "we got terminal news on Monday",
        "it's terminal",
        "dialysis has taken over my week",
        "on sick pay until further notice",
        "work has halved my shifts",
        "my hours at the bakery were cut",
        "I have to choose between food and medicine",
        "this month it's heating or groceries",
        "they let me go after the merger",
        "my ex left me without a penny",
        "saw it on my phone: my dad died",
        "we have debts, so sorry",
        "my knee gets operated on next week",
        "I took the children, it wasn't safe there",
        "he hits me, I had to go",
    ],
)
def test_hardship_is_heard(text):
    assert is_hardship(text, ())


@pytest.mark.parametrize(
    "text",
    [
        "I can't afford it",
        "too expensive",
        "I'm sick of your boxes",
        "we're moving to Texas",
        "new baby",
        "getting divorced",
        "the app just died",
        "I work in a hospital",
        "bought by accident",
        "flooded with emails",
        "I lost my login",
        "I lost my house keys, leave the box with the porter",
        "lost my wife's password",
        "I passed my exam!",
        "my daughter passed her driving test",
        "he passed the message on to your colleague",
        "the delivery date has passed",
        "the driver just passed our house",
        "can we split the bill",
        "what are your hours",
        "my hours are nine to five, deliver after that",
        "it takes hours to cut all that veg",
        "your hotline hours were reduced",
        "my card expired",
        "lost her parcel",
        "choosing between the two plans",
        "does it work on a gas or electric hob",
        "please let me go",
        "the late box was my late order",
        "what do I pay for the smaller cut",
        "the basil just died",
        "will you terminate it",
        "on nights at the hospital, living on crisps",
        "three shifts in a care home this week",
        "I'm a nurse on a busy hospital ward",
    ],
)
def test_price_other_life_events_and_figures_of_speech_are_no_hardship(text):
    assert not is_hardship(text, ("too_expensive",))


def test_weaker_words_count_where_a_life_event_is_the_reason():
    assert is_hardship("after her fall she can't cook", ("life_event",))
    assert not is_hardship("after her fall she can't cook", ())


def test_both_fraud_law_and_anger_are_heard():
    assert wants_both("cancel both of my subscriptions")
    assert not wants_both("the home one, not both")
    assert mentions_fraud("I never signed up for this")
    assert not mentions_fraud("I signed up by mistake")
    assert mentions_law("you'll hear from my lawyer")
    # Whatever the slip makes of the last word.
    assert mentions_law("cancel it or you will hear from my latyer")
    assert mentions_law("you are going to be hearing from our layer")
    assert not mentions_law("cancel please")
    assert sounds_angry("this is ridiculous")
    assert not sounds_angry("this is great")


@given(st.text())
def test_no_text_stops_the_tests(text):
    for test in (is_insisting, wants_immediate_effect, wants_both, mentions_fraud, mentions_law):
        assert test(text) in (True, False)
    assert is_hardship(text, ()) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "i cant cope with this any more",
        "I just can't take it anymore",
        "im sitting here crying",
        "honestly I'm in tears over this",
        "some days i dont want to live",
        "I want to kill myself",
        "had a panic attack when i saw the bill",
        "I feel completely overwhelmed and desperate, please help me",
        "everything is hopeless. I'm hopeless... i feel hopeless",
        "I've been crying all morning",
    ],
)
def test_who_cannot_cope_is_heard(text):
    assert is_distressed(text)


@pytest.mark.parametrize(
    "text",
    [
        "the onions had me in tears",
        "I was crying with laughter at your recipe card",
        "overwhelmed by the choice of recipes",
        "desperate to try the new menu",
        "I can't take the box on Friday",
        "I'm so angry with you people",
        "the pan cut my finger",
        "cancel it, I can't use it anymore",
        "my baby is crying, call me later",
        "hurting for time, make it quick",
    ],
)
def test_a_figure_of_speech_is_no_distress(text):
    assert not is_distressed(text)
