"""Durations, dates, money and names are found with comparable values, and none is invented."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.entities import TOLD, finder_for
from bot.understanding.lexicon import Lexicon
from tests.understanding.engines import TODAY, lexicon


def found(text):
    return finder_for(lexicon()).find(text, today=TODAY)


def values(text):
    return [(entity.entity, entity.value) for entity in found(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a couple of months", "P2M"),
        ("6 weeks", "P6W"),
        ("6wks", "P6W"),
        ("pause for a month", "P1M"),
        ("a 3-month break", "P3M"),
        ("half a year", "P6M"),
        ("a month and a half", "P6W"),
        ("for a fortnight", "P2W"),
        ("thirty days", "P30D"),
        ("two or three months", "P2M"),
        ("another month please", "P1M"),
        ("a few weeks", "P3W"),
        ("hold it two monhts", "P2M"),
        ("the month's pause sounds right", "P1M"),
        ("is there a week's grace", "P1W"),
        ("thirty-six months", "P36M"),
        ("thirty six months", "P36M"),
        ("forty or fifty days", "P40D"),
        ("a week or two", "P1W"),
        ("couple weeks off", "P2W"),
        ("one and a half months", "P6W"),
        ("nineteen days", "P19D"),
        ("two fortnights", "P4W"),
    ],
)
def test_a_length_of_time_is_an_iso_duration(text, value):
    assert values(text) == [("duration", value)]


@pytest.mark.parametrize(
    "text",
    [
        "twice a month",
        "2 months ago",
        "every two weeks the app fails",
        "call it a day",
        "I'm 74 years old",
    ],
)
def test_a_rate_and_an_age_are_no_duration(text):
    assert [entity for entity, _ in values(text)] == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("for the past 3 months", "P3M"),
        ("haven't cooked in 6 weeks", "P6W"),
        ("I've been with you 2 years", "P2Y"),
        ("After eleven years as a subscriber, goodbye", "P11Y"),
        ("the tin opener broke after ten days", "P10D"),
        ("we waited three weeks for an answer", "P3W"),
    ],
)
def test_a_length_of_time_gone_by_is_told_and_not_asked_for(text, value):
    [length] = found(text)
    assert (length.entity, length.value, length.role) == ("duration", value, TOLD)
    assert length.as_json()["role"] == TOLD


@pytest.mark.parametrize(
    "text", ["pause it for 3 months", "a month's break please", "hold it until I'm back, 6 weeks"]
)
def test_a_length_of_time_to_come_is_asked_for(text):
    [length] = found(text)
    assert length.role == ""
    assert "role" not in length.as_json()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("until september", "2026-09"),
        ("till after easter", "2026-04-06"),
        ("on the 12th", "2026-03-12"),
        ("until the 1st", "2026-04-01"),
        ("tomorrow", "2026-03-12"),
        ("tommorow", "2026-03-12"),
        ("the day after tomorrow", "2026-03-13"),
        ("end of march", "2026-03-31"),
        ("until the end of the month", "2026-03-31"),
        ("by end of next month", "2026-04-30"),
        ("next week", "2026-03-16"),
        ("next month", "2026-04"),
        ("for the summer", "2026-09"),
        ("until may", "2026-05"),
        ("may 5th", "2026-05-05"),
        ("the 5th of May", "2026-05-05"),
        ("on 2026-06-01", "2026-06-01"),
        ("by 3/20", "2026-03-20"),
        ("5/14/2026", "2026-05-14"),
        ("14.5.2026", "2026-05-14"),
        ("on friday", "2026-03-13"),
        ("no box next monday", "2026-03-16"),
        ("in two weeks", "2026-03-25"),
        ("skip the april box", "2026-04"),
        ("I lost my job in january", "2026-01"),
        ("pause until january", "2027-01"),
        ("after christmas", "2026-12-26"),
        ("effective today", "2026-03-11"),
        ("I ordered it yesterday", "2026-03-10"),
        ("yesterdays parcel", "2026-03-10"),
        ("the day before yesterday", "2026-03-09"),
        ("is todays box on its way", "2026-03-11"),
        ("they took it on the 9th", "2026-03-09"),
        ("they took it on the 28th", "2026-02-28"),
        ("please take it on the 9th", "2026-04-09"),
        ("if anyone rang, would thursday's box still come", "2026-03-12"),
        ("could you leave the prawns out of thursday's box", "2026-03-12"),
        ("no prawns in thursday's box", "2026-03-05"),
        ("I unpacked a slug in thursday's box", "2026-03-05"),
        ("nothing came last tuesday", "2026-03-10"),
        ("thursday's parcel was soaked through", "2026-03-05"),
        ("fridays parcel can stay away", "2026-03-13"),
        ("I moved house, please skip monday", "2026-03-16"),
        ("it should have come on monday", "2026-03-09"),
        ("the box came saturday", "2026-03-07"),
        ("the order delivered 5 march is unopened", "2026-03-05"),
        ("since the 2nd of march", "2026-03-02"),
        ("we go on 20 march since the lease is up", "2026-03-20"),
        ("I was on the small box until february", "2026-02"),
        ("I was hoping to pause until june", "2026-06"),
        ("a receipt for december please", "2025-12"),
        ("monday the 23rd", "2026-03-23"),
        ("on Friday 3 July", "2026-07-03"),
        ("Saturday, May 2nd", "2026-05-02"),
        ("the first of june", "2026-06-01"),
        ("a week on friday", "2026-03-20"),
        ("from friday week", "2026-03-20"),
        ("after boxing day", "2026-12-27"),
        ("before good friday", "2026-04-03"),
        ("not before black friday", "2026-11-27"),
        ("until new year's eve", "2026-12-31"),
        ("gone the whole of july", "2026-07"),
        ("the fitter was booked for the 22nd", "2026-03-22"),
        ("what is this bill dated 2 march", "2026-03-02"),
        ("the statement from 30 june", "2025-06-30"),
        ("getting it stopped before the card is charged on the 30th", "2026-03-30"),
    ],
)
def test_a_day_is_an_iso_date_and_a_bare_month_is_its_month(text, value):
    assert values(text) == [("date", value)]


@pytest.mark.parametrize(
    "text",
    [
        "may I pause",
        "the march promo",
        "sun",
        "I sat there",
        "the 2nd one",
        "the 3rd time",
        "24/7",
        "never on fridays",
        "how are you today",
        "we have eaten soup all winter",
        "the first one was fine",
        "alone with a roast on a sunday",
    ],
)
def test_a_date_is_not_invented(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("$20", 2000),
        ("20 bucks", 2000),
        ("20bucks", 2000),
        ("twenty dollars", 2000),
        ("thirty-five dollars", 3500),
        ("9.99 a month", 999),
        ("39 a month", 3900),
        ("$1,299.00", 129900),
        ("€9,99", 999),
        ("I paid 89 for nothing", 8900),
        ("50 cents", 50),
        ("70p", 70),
        ("they took 48.20 twice", 4820),
        ("the light for 29 as you said", 2900),
        ("EUR 39,90", 3990),
        ("a hundred and twenty quid", 12000),
        ("seventy eight dollars", 7800),
        ("sixty a box", 6000),
        ("£1.5k", 150000),
        ("Rs 3200 is a lot", 320000),
        ("tenner off, lovely", 1000),
        ("four thousand euro in arrears", 400000),
        ("up to 31.50. no thanks", 3150),
    ],
)
def test_money_is_in_minor_units(text, minor):
    assert values(text) == [("money", minor)]


@pytest.mark.parametrize(
    "text",
    [
        "20% off",
        "charged 2 times",
        "my card 4242 4242 4242 4242",
        "it ends in 4242",
        "12.5 percent",
        "a box for 12 people",
    ],
)
def test_money_is_not_invented(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the family plan", "family"),
        ("Family is too much for us now", "family"),
        ("switch me to duo", "duo"),
        ("is there a yearly plan", "family_annual"),
        ("annual family", "family_annual"),
        ("put me on light", "light"),
        ("light", "light"),
        ("is Family enough for four", "family"),
        ("swap us onto light whenever", "light"),
        ("if not Light, what", "light"),
    ],
)
def test_a_plan_goes_by_its_names(text, value):
    assert values(text) == [("plan", value)]


def test_a_plan_beside_another_is_one():
    assert values("duo n family, what is the gap") == [("plan", "duo"), ("plan", "family")]


@pytest.mark.parametrize(
    "text",
    [
        "my family hates it",
        "something light",
        "closer to family",
        "My Family Hates It",
        "THE FAMILY",
    ],
)
def test_an_ordinary_word_is_no_plan(text):
    assert values(text) == []


@pytest.mark.parametrize("text", ["O-5001", "o5001", "order 5001", "order number 5001", "#5001"])
def test_an_order_goes_by_its_number(text):
    assert values(text) == [("order_number", "O-5001")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my mom's box", [("subscription", "mother")]),
        ("the one for my mother", [("subscription", "mother")]),
        ("the home one", [("subscription", "home")]),
        ("I'm never at home", []),
        ("no box may come to this house", []),
        ("my mother passed away", []),
    ],
)
def test_a_subscription_goes_by_its_nickname(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello fresh is cheaper", [("competitor", "HelloFresh")]),
        ("we switched to YumCrate", [("competitor", "YumCrate")]),
        ("we moved to Portugal", []),
        ("I switched to Duo", [("plan", "duo")]),
        ("I joined Larder", []),
        ("we've gone over to DinnerFork", [("competitor", "DinnerFork")]),
        ("gone to Lisbon for good", []),
    ],
)
def test_a_competitor_goes_by_its_name_or_by_what_was_switched_to(text, expected):
    assert values(text) == expected


def test_an_address_and_a_code_are_found():
    assert values("it's Foo@Example.com") == [("email", "foo@example.com")]
    assert values("123456") == [("code", "123456")]


def test_another_lexicon_brings_other_names():
    gold = Lexicon.read({"plan": {"gold": ["golden plan"]}})
    [entity] = finder_for(gold).find("cancel my golden plan", today=TODAY)
    assert (entity.entity, entity.value) == ("plan", "gold")


def test_a_lexicon_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="plans"):
        Lexicon.read({"plans": {}})
    with pytest.raises(ValueError, match="gold"):
        Lexicon.read({"plan": {"gold": "golden"}})


def test_a_lexicon_survives_writing_and_reading():
    assert Lexicon.read(lexicon().as_json()) == lexicon()


PIECES = st.sampled_from(
    [
        *(
            "until",
            "may",
            "5",
            "march",
            "9.99",
            "$20",
            "a couple of months",
            "the 31st",
            "february",
        ),
        *(
            "30",
            "2026-13-40",
            "in 99 years",
            "next",
            "friday",
            "sun",
            "O-5001",
            "order #",
            "123456",
        ),
        *("family", "light", "home", "mom's", "end of", "year", "31/02", "4242", ",", ".", "😀"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join)))
def test_spans_are_the_text_they_say_and_do_not_overlap(text):
    entities = found(text)
    assert [text[e.start : e.end] for e in entities] == [e.text for e in entities]
    assert all(one.end <= other.start for one, other in pairwise(entities))
