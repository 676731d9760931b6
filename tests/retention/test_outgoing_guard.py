"""The guard finds every broken rule in a message, and nothing in what the desk really says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import bootstrap
from bot.money import Money
from bot.retention import buttons
from bot.retention.account import ConcessionKind, PendingChange
from bot.retention.calendar import write_day
from bot.retention.jurisdiction import Profile
from bot.retention.offer import Offer, price_terms
from bot.retention.offering import public_offer
from bot.retention.outgoing_guard import (
    AGENT,
    ASSISTANT,
    RULES,
    SYSTEM,
    Known,
    Outgoing,
    breaches,
)
from bot.retention.recorded_figures import Ledger
from bot.retention.save_attempt import OfferMade, SaveAttempt
from bot.retention.say import Button, Say
from bot.retention.terms import Terms
from bot.use_cases.guard_answers import HELD_BACK, HELD_BACK_DONE
from tests.factories import (
    NOW,
    TODAY,
    a_concession,
    a_delivered_order,
    a_discount,
    a_subscription,
    an_account,
    an_incident,
    an_invoice,
)

TERMS = Terms(
    company="Larder",
    money_back_days=14,
    return_days=30,
    skip_notice_days=3,
    pause_months_at_most=3,
    pause_months_in_a_row_at_most=6,
    late_box_credit=Money(1500),
    high_value=Money(1_000_000),
    cool_down_days=180,
    authority_limit=Money(10_000),
    holdout_percent=10,
    holdout_salt="salt",
    exchange_items=("Pan 28 cm, 10 % off",),
)
PROFILE = Profile("US", "United States", 1, "none", TODAY - timedelta(days=900))
RENEWS = TODAY + timedelta(days=12)
OFFER = Offer(
    id="sa-1-1",
    kind=ConcessionKind.DISCOUNT,
    policy="price_relief@1",
    about="S-1001",
    price_minor=8900,
    price_after_minor=7120,
    currency="USD",
    value_minor=5340,
    starts_on=RENEWS,
    until=RENEWS + timedelta(days=92),
    expires_at=NOW + timedelta(hours=24),
    detail={"percent": 20, "cycles": 3},
)
ATTEMPT = SaveAttempt(
    id="sa-1",
    conversation="c-1",
    account="A-1001",
    about="S-1001",
    opened_at=NOW - timedelta(minutes=2),
    offers=(OfferMade(OFFER, NOW),),
)
CONTROLS = (buttons.accept(OFFER.id), buttons.CANCEL, buttons.PERSON)
TEXT = (
    f"I can take 20 % off your next 3 payments. From {write_day(RENEWS)} you would pay $71.20 a "
    f"month instead of $89.00 a month. That saves you $53.40 in all."
)


def known(
    *attempts: SaveAttempt, profile: Profile = PROFILE, history: Any = None, **more: Any
) -> Known:
    history = history or an_account()
    offers = [made.offer for attempt in attempts for made in attempt.offers]
    ledger = Ledger(history, history.catalogue, TERMS, profile, offers, (NOW,))
    return Known(**{"conversation": "c-1", "attempts": attempts, "ledger": ledger, **more})


def an_offer(**changed: Any) -> Outgoing:
    public = public_offer(OFFER, "Family") | {"title": "20 % off 3 payments", "terms": "Then $89."}
    return replace(Outgoing(TEXT, CONTROLS, public), **changed)


def rules(message: Outgoing, of: Known | None = None) -> list[str]:
    return [breach.rule for breach in breaches(message, of or known(ATTEMPT))]


def says(text: str, *offered: Button, sender: str = ASSISTANT) -> Outgoing:
    return Outgoing(text, offered or (buttons.CANCEL,), sender=sender)


def test_an_honest_offer_goes_out():
    assert breaches(an_offer(), known(ATTEMPT)) == ()


# --- R2: the profile's cap ------------------------------------------------------------------------


def another(number: int, *, minutes: int = 0) -> OfferMade:
    return OfferMade(OFFER.named(f"sa-1-{number}"), NOW - timedelta(minutes=minutes))


def with_id(offer_id: str) -> Outgoing:
    return an_offer(offer={**(an_offer().offer or {}), "id": offer_id})


def test_a_second_offer_nobody_asked_for_is_one_too_many():
    two = replace(ATTEMPT, offers=(another(1, minutes=1), another(2)))
    assert rules(with_id("sa-1-2"), known(two)) == ["R2"]
    assert rules(with_id("sa-1-2"), known(replace(two, asked_for_more=True))) == []


def test_an_offer_shown_again_is_no_new_one():
    two = replace(ATTEMPT, asked_for_more=True, offers=(another(1, minutes=1), another(2)))
    assert rules(with_id("sa-1-1"), known(two)) == []


def test_a_third_offer_is_always_one_too_many():
    made = (another(1, minutes=2), another(2, minutes=1), another(3))
    three = replace(ATTEMPT, asked_for_more=True, offers=made)
    assert rules(with_id("sa-1-3"), known(three)) == ["R2"]


def test_a_new_attempt_within_a_day_continues_the_count():
    earlier = replace(ATTEMPT, id="sa-0", conversation="c-0", offers=(another(0, minutes=90),))
    assert rules(an_offer(), known(earlier, ATTEMPT)) == ["R2"]
    elsewhere = replace(earlier, about="S-2")
    assert rules(an_offer(), known(elsewhere, ATTEMPT)) == []
    long_ago = replace(earlier, offers=(another(0, minutes=60 * 24 + 1),))
    assert rules(an_offer(), known(long_ago, ATTEMPT)) == []


def test_a_strict_profile_allows_none():
    strict = replace(PROFILE, offers_before_completion=0)
    assert rules(an_offer(), known(ATTEMPT, profile=strict)) == ["R2"]


def test_while_withdrawal_is_open_no_offer_is_allowed():
    law = replace(PROFILE, withdrawal_days=14)
    young = an_account(subscriptions=(a_subscription(started_on=TODAY - timedelta(days=14)),))
    old = an_account(subscriptions=(a_subscription(started_on=TODAY - timedelta(days=15)),))
    assert rules(an_offer(), known(ATTEMPT, profile=law, history=young)) == ["R2"]
    assert rules(an_offer(), known(ATTEMPT, profile=law, history=old)) == []


# --- R3: after a no -------------------------------------------------------------------------------


def test_no_offer_after_a_refusal():
    assert rules(an_offer(), known(replace(ATTEMPT, refused=True))) == ["R3"]


def test_no_offer_after_the_control_was_pressed_even_if_no_refusal_was_recorded():
    assert rules(an_offer(), known(ATTEMPT, cancel_pressed_at=NOW)) == ["R3"]
    before = ATTEMPT.opened_at - timedelta(seconds=1)
    assert rules(an_offer(), known(ATTEMPT, cancel_pressed_at=before)) == []


def test_no_question_why_after_a_refusal():
    why = says("If you like, tell me why.", *buttons.WHY)
    assert rules(why, known(replace(ATTEMPT, refused=True))) == ["R3"]
    assert rules(why, known(ATTEMPT)) == []


# --- R4: the exit stands beside -------------------------------------------------------------------


@pytest.mark.parametrize(
    "message",
    [
        an_offer(buttons=(buttons.accept(OFFER.id), buttons.PERSON)),
        says("To be exact: you pay $89.00. Shall I do it?", buttons.CONFIRM, buttons.PERSON),
        says(f"If you cancel now, Family ends on {write_day(RENEWS)}.", buttons.PERSON),
        says("Cancelling means the end of your recipes.", buttons.PERSON),
        says(f'With "Cancel now", it ends on {write_day(RENEWS)}.', buttons.PERSON),
    ],
)
def test_no_offer_and_no_consequence_without_the_control(message: Outgoing):
    assert rules(message) == ["R4"]
    assert rules(replace(message, buttons=(*message.buttons, buttons.CANCEL))) == []


def test_other_words_need_no_control():
    assert rules(says("Your next box leaves soon.", buttons.PERSON)) == []
    assert rules(says("The credit stays yours even if you leave.", buttons.PERSON)) == []


# --- R11: who is talking --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "I'm a real person, honestly.",
        "I am human.",
        "I’m not a bot.",
        "You are talking to a person, not to a machine.",
        "As a human I understand you.",
        "I am no robot.",
    ],
)
def test_the_assistant_never_claims_to_be_human(text: str):
    assert "R11" in rules(says(text))
    assert "R11" in rules(says(text, sender=SYSTEM))


@pytest.mark.parametrize(
    "text",
    [
        "I'm an automated assistant, not a person. You can talk to a person any time.",
        "A person will read everything written here.",
        "You're talking to an automated assistant.",
        "I'm sorry, I can't put it right myself, but a person can.",
    ],
)
def test_naming_a_person_is_no_claim(text: str):
    assert rules(says(text)) == []


@pytest.mark.parametrize("text", ["I'm a person, my name is Kim.", "I am just a person as well."])
def test_an_agent_is_a_person(text: str):
    assert rules(says(text, sender=AGENT)) == []
    assert "R11" in rules(says(text))


# --- R12: figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("20 %", "25 %"),
        ("$71.20", "$71.00"),
        ("$89.00", "$99.00"),
        ("$89.00", "€89.00"),
        ("saves you $53.40", "saves you $89.00"),
        (write_day(RENEWS), write_day(RENEWS + timedelta(days=1))),
        (write_day(RENEWS), write_day(RENEWS.replace(year=RENEWS.year + 1))),
    ],
)
def test_a_figure_that_differs_is_found(right: str, wrong: str):
    assert right in TEXT
    assert rules(an_offer(text=TEXT.replace(right, wrong, 1))) == ["R12"]


@pytest.mark.parametrize("part", ["title", "terms"])
def test_the_words_inside_the_offer_are_held_to_the_record_too(part: str):
    offer = {**(an_offer().offer or {}), part: "$1.00 off"}
    assert rules(an_offer(offer=offer)) == ["R12"]


@pytest.mark.parametrize(
    ("part", "value"),
    [("price_after_minor", 7100), ("until", "2030-01-01"), ("policy", "other@1"), ("id", "sa-9")],
)
def test_an_offer_other_than_the_recorded_one_is_found(part: str, value: object):
    assert "R12" in rules(an_offer(offer={**(an_offer().offer or {}), part: value}))


def test_an_offer_says_what_its_prices_are_for_and_what_it_costs_later():
    terms = price_terms(OFFER, an_account())
    assert terms == {"price_per": "month", "price_after_per": "month", "price_later_minor": 8900}
    assert rules(an_offer(offer={**(an_offer().offer or {}), **terms})) == []
    for part, value in (("price_later_minor", 7900), ("price_per", "year")):
        assert rules(an_offer(offer={**(an_offer().offer or {}), **terms, part: value})) == ["R12"]


def test_what_comes_after_an_offer_is_left_open_when_a_change_is_agreed_already():
    for_good = replace(OFFER, until=None)
    assert price_terms(for_good, an_account())["price_later_minor"] is None
    changing = a_subscription(pending_change=PendingChange("duo", Money(5900), RENEWS))
    history = an_account(subscriptions=(changing,))
    assert price_terms(OFFER, history)["price_later_minor"] is None
    smaller = replace(OFFER, detail={"plan": "duo"})
    assert price_terms(smaller, history)["price_after_per"] == "month"


def test_an_offer_from_a_price_that_is_no_longer_todays_is_found():
    dearer = an_account(subscriptions=(a_subscription(price=9900),))
    assert "R12" in rules(an_offer(), known(ATTEMPT, history=dearer))


def test_a_plans_price_counts_only_beside_its_name():
    assert rules(says("Duo costs $59.00 a month."), known()) == []
    assert rules(says("Family costs $59.00 a month."), known()) == ["R12"]


def test_another_subscriptions_figures_do_not_count():
    two = an_account(
        subscriptions=(
            a_subscription(),
            a_subscription("S-2", plan="solo", renews_on=TODAY + timedelta(days=20)),
        ),
        invoices=(),
    )
    on = write_day(TODAY + timedelta(days=20))
    assert rules(says(f"Solo renews on {on} for $39.00."), known(history=two)) == []
    assert rules(says(f"Family renews on {on}."), known(history=two)) == ["R12"]
    assert rules(says("Family costs $39.00."), known(history=two)) == ["R12"]


ACCOUNT = an_account(
    credit=700,
    subscriptions=(a_subscription(discount=a_discount()),),
    orders=(a_delivered_order(),),
    invoices=(an_invoice(amount=8900, status="overdue"),),
    concessions=(a_concession(),),
    incidents=(an_incident(),),
)
ON_RECORD = [
    "You have $7.00 of credit.",
    f"Your 20 % runs until {write_day(TODAY + timedelta(days=72))}.",
    "The next charge is $71.20.",
    f"It was delivered on {write_day(TODAY - timedelta(days=8))} and can go back until "
    f"{write_day(TODAY + timedelta(days=22))} for $79.00.",
    f"You had your last discount on {write_day(TODAY - timedelta(days=61))}.",
    f"We expect it to be fixed by {write_day(TODAY + timedelta(days=4))}.",
    f"You asked on {write_day(TODAY)}, 09:30 UTC.",
    f"The box of {write_day(TODAY + timedelta(days=13))} is skipped.",
    "We send you: Pan 28 cm, 10 % off.",
]


@pytest.mark.parametrize("text", ON_RECORD)
def test_what_is_on_record_may_be_said(text: str):
    assert rules(says(text), known(history=ACCOUNT)) == []


@pytest.mark.parametrize(
    "text",
    [
        "You have $8.00 of credit.",
        "Your 30 % runs on.",
        f"The box of {write_day(TODAY + timedelta(days=14))} is skipped.",
        f"The letter of {write_day(TODAY + timedelta(days=13))} is here.",
        f"We close on {write_day(TODAY + timedelta(days=300))}.",
    ],
)
def test_what_is_on_no_record_may_not(text: str):
    assert rules(says(text), known(history=ACCOUNT)) == ["R12"]


def test_a_pause_that_is_asked_for_may_end_within_three_months_of_the_renewal():
    ends = RENEWS + timedelta(days=40)
    terms = says(f"Family would pause until {write_day(ends)}. Yes?", *CONTROLS, buttons.CONFIRM)
    assert rules(terms, known()) == []
    late = says(f"It pauses until {write_day(RENEWS + timedelta(days=100))}?", *CONTROLS)
    assert rules(late, known()) == ["R12"]
    done = says(f"Done. Family is paused until {write_day(ends)}.")
    assert rules(done, known()) == ["R12"], "what was carried out is on record"


def test_a_visitor_may_be_told_the_catalogue_and_nothing_else():
    ledger = Ledger(None, an_account().catalogue, TERMS, PROFILE, (), (NOW,))
    visitor = known(ledger=ledger)
    assert rules(says("Our plans: Solo $39.00 a month."), visitor) == []
    assert rules(says("Our plans: Solo $3.00 a month."), visitor) == ["R12"]


def test_without_the_billing_record_figures_are_not_judged_and_everything_else_is():
    blind = known(ATTEMPT, ledger=None)
    assert rules(says("It costs $1.00."), blind) == []
    assert rules(an_offer(buttons=(buttons.PERSON,)), blind) == ["R4"]


def test_an_agent_may_name_days_of_their_own_but_no_wrong_amount():
    day = write_day(TODAY + timedelta(days=300))
    assert rules(says(f"I'll write to you on {day}.", sender=AGENT)) == []
    assert rules(says("I can give you $500.00.", sender=AGENT)) == ["R12"]


# --- Pressure, hardship ---------------------------------------------------------------------------


@pytest.mark.parametrize("sender", [ASSISTANT, SYSTEM, AGENT])
def test_pressure_is_held_back_whoever_wrote_it(sender: str):
    assert rules(says("Hurry, this is your last chance.", sender=sender)) == ["pressure"]


def test_pressure_hides_in_no_button_and_no_terms():
    shaming = Button("No, I prefer to pay more", "deny")
    assert rules(says("Shall I?", shaming, buttons.CANCEL)) == ["pressure"]
    offer = {**(an_offer().offer or {}), "terms": "Only today: 20 % off."}
    assert rules(an_offer(offer=offer)) == ["pressure"]


def test_nothing_is_sold_in_hardship():
    assert rules(an_offer(), known(replace(ATTEMPT, hardship=True))) == ["hardship"]


# --- All of it ------------------------------------------------------------------------------------


def test_every_rule_has_a_name_for_the_numbers():
    worst = an_offer(
        text="Hurry! I'm a real person. $1.00 off.", buttons=(buttons.accept("sa-1-2"),)
    )
    at_its_worst = replace(
        ATTEMPT, refused=True, hardship=True, offers=(another(1, minutes=1), another(2))
    )
    found = rules(replace(worst, offer=with_id("sa-1-2").offer), known(at_its_worst))
    assert set(found) == set(RULES)


@pytest.mark.parametrize("say", [HELD_BACK, HELD_BACK_DONE])
def test_what_is_said_instead_breaks_no_rule_and_has_the_exit_and_a_person(say: Say):
    worded = bootstrap.wording().render(say)
    assert breaches(Outgoing(worded.text, worded.buttons), known(ATTEMPT)) == ()
    assert {b.title for b in worded.buttons} == {"Cancel now", "Talk to a person"}
    assert "automated assistant" in bootstrap.wording().render(HELD_BACK).text
