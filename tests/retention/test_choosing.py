"""Choosing by value: cautious, bounded in what it tries, and the same again from its record."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.retention.choosing import (
    EXPLORE_PERCENT_AT_MOST,
    Choice,
    Choosing,
    Picked,
    Weighed,
    because,
    chosen_again,
    draw_of,
    pick,
    weigh,
)
from bot.retention.outcomes import NOTHING, PRIOR_OF_NOTHING, PRIOR_OF_OFFER, Counts
from bot.retention.worth import Stake

NO_OUTCOMES = (Counts(), Counts(), Counts())
COUNTS = st.builds(Counts, *[st.integers(0, 60)] * 3)
LAYERS = st.tuples(COUNTS, COUNTS, COUNTS)
STAKES = st.builds(Stake, st.integers(0, 40_000), st.integers(0, 9_000))
PERCENTS = st.integers(0, EXPLORE_PERCENT_AT_MOST)
DRAWS = st.floats(0, 1, exclude_max=True)


def an_offer(name: str, stake: Stake, layers: tuple[Counts, ...] = NO_OUTCOMES) -> Weighed:
    return weigh(f"{name}@1", stake, PRIOR_OF_OFFER, layers)


def doing_nothing(margin: int = 20_000, layers: tuple[Counts, ...] = NO_OUTCOMES) -> Weighed:
    return weigh(NOTHING, Stake(margin, 0), PRIOR_OF_NOTHING, layers)


def seen(kept: int = 0, wasted: int = 0, gone: int = 0) -> tuple[Counts, ...]:
    return (Counts(), Counts(), Counts(kept, wasted, gone))


def picked(*offers: Weighed, nothing: Weighed | None = None, percent: int = 0) -> Picked:
    return pick(offers, nothing or doing_nothing(), explore_percent=percent, draw=0.999)


def rank(choice: Picked, option: str) -> float:
    return choice.order.index(option) if option in choice.order else float("inf")


OFFERS = st.lists(st.tuples(STAKES, LAYERS), min_size=1, max_size=4).map(
    lambda drawn: tuple(an_offer(f"p{n}", *one) for n, one in enumerate(drawn))
)
NOTHINGS = st.builds(doing_nothing, st.integers(0, 40_000), LAYERS)


def test_the_figures_are_those_of_the_beta_distribution():
    """Uniform chance: 0.5 to be expected, and 0.1 in nine cases of ten."""
    weighed = weigh("p@1", Stake(1000, 0), Counts(1, 0, 1), NO_OUTCOMES)
    assert (weighed.expected_minor, weighed.at_least_minor) == (500, 100)


def test_who_takes_it_and_leaves_costs_what_they_took():
    dear = weigh("p@1", Stake(10_000, 2_000), Counts(10, 10, 80), NO_OUTCOMES)
    assert dear.expected_minor == 8_000 * 10 // 100 - 2_000 * 10 // 100
    assert dear.at_least_minor < dear.expected_minor


@settings(deadline=None)  # the first example loads the Beta distribution
@given(
    offers=OFFERS,
    which=st.integers(0, 3),
    layer=st.integers(0, 2),
    more=st.integers(1, 50),
    nothing=NOTHINGS,
)
def test_more_acceptances_never_lower_an_offers_rank(offers, which, layer, more, nothing):
    """Acceptances that last; one that does not is a cost."""
    offer = offers[which % len(offers)]
    assume(offer.can_pay)
    layers = tuple(
        counts.plus(Counts(kept=more)) if place == layer else counts
        for place, counts in enumerate(offer.layers)
    )
    stake = Stake(offer.margin_minor, offer.cost_minor)
    better = weigh(offer.option, stake, offer.prior, layers)
    now = tuple(better if one is offer else one for one in offers)
    before = rank(picked(*offers, nothing=nothing), offer.option)
    assert rank(picked(*now, nothing=nothing), offer.option) <= before


@settings(deadline=None)
@given(offers=OFFERS, nothing=NOTHINGS)
def test_nobody_is_made_an_offer_that_may_be_worth_less_than_nothing(offers, nothing):
    order = picked(*offers, nothing=nothing).order
    for offer in offers:
        surely = offer.can_pay and offer.at_least_minor > nothing.expected_minor
        assert (offer.option in order) == surely


@pytest.mark.parametrize("margin", [13_098, 14_240, 21_360])
@pytest.mark.parametrize("cost", [50, 5_340])
def test_without_outcomes_nothing_is_offered(margin, cost):
    choice = picked(an_offer("p", Stake(margin, cost)), nothing=doing_nothing(21_360))
    assert choice.chosen is None
    assert choice.propensities == {"p@1": 0.0, NOTHING: 1.0}


@settings(deadline=None)
@given(layers=LAYERS, margin=st.integers(0, 9_000), above=st.integers(0, 9_000), draw=DRAWS)
def test_nothing_wins_when_costs_exceed_margins(layers, margin, above, draw):
    """However many took it and stayed, and whatever is drawn."""
    offer = an_offer("p", Stake(margin, margin + above), layers)
    choice = pick((offer,), doing_nothing(0), explore_percent=3, draw=draw)
    assert choice.chosen is None
    assert choice.propensities["p@1"] == 0


def test_what_keeps_customers_comes_before_what_they_only_take():
    stay = an_offer("stay", Stake(13_000, 50), seen(kept=60, gone=140))
    rent = an_offer("rent", Stake(21_000, 5_340), seen(kept=40, wasted=120, gone=40))
    assert picked(rent, stay).order == ("stay@1",)


def test_between_equals_the_ladder_decides():
    first = an_offer("first", Stake(13_000, 50), seen(kept=60, gone=140))
    second = an_offer("second", Stake(13_000, 50), seen(kept=60, gone=140))
    assert picked(second, first).order == ("second@1", "first@1")


def test_nothing_does_better_where_customers_stay_anyway():
    offer = an_offer("p", Stake(13_000, 50), seen(kept=60, gone=140))
    assert picked(offer).chosen == "p@1"
    loyal = doing_nothing(layers=seen(kept=40, gone=60))
    assert picked(offer, nothing=loyal).chosen is None


@settings(deadline=None)
@given(offers=OFFERS, nothing=NOTHINGS, percent=PERCENTS, draw=DRAWS)
def test_propensities_sum_to_one_and_what_is_chosen_had_a_chance(offers, nothing, percent, draw):
    choice = pick(offers, nothing, explore_percent=percent, draw=draw)
    assert sum(choice.propensities.values()) == pytest.approx(1)
    assert choice.propensities[choice.chosen or NOTHING] > 0
    assert set(choice.propensities) == {*(o.option for o in offers), NOTHING}


@settings(max_examples=20, deadline=None)
@given(offers=OFFERS, nothing=NOTHINGS, percent=PERCENTS)
def test_each_is_chosen_as_often_as_its_propensity_says(offers, nothing, percent):
    draws = [(n + 0.5) / 1200 for n in range(1200)]
    chosen = [pick(offers, nothing, explore_percent=percent, draw=d).chosen for d in draws]
    told = pick(offers, nothing, explore_percent=percent, draw=0.5).propensities
    for option, chance in told.items():
        drawn = sum((one or NOTHING) == option for one in chosen) / len(draws)
        assert drawn == pytest.approx(chance, abs=2 / len(draws))


@settings(deadline=None)
@given(offers=OFFERS, nothing=NOTHINGS, draw=DRAWS)
def test_nothing_is_tried_unless_the_company_says_so(offers, nothing, draw):
    tried = pick(offers, nothing, explore_percent=0, draw=draw)
    assert tried == pick(offers, nothing, explore_percent=0, draw=0)
    assert not tried.explored


@given(attempt=st.text(max_size=30), salt=st.text(max_size=10))
def test_an_attempt_always_draws_the_same_number_from_zero_up_to_one(attempt, salt):
    draw = draw_of(attempt, salt=salt)
    assert 0 <= draw < 1
    assert draw == draw_of(attempt, salt=salt)


def test_draws_are_spread_evenly():
    drawn = sum(draw_of(f"sa-{n}", salt="larder") < 0.03 for n in range(20_000))
    assert abs(drawn - 600) < 4 * 600**0.5, "within four standard deviations"


def a_choice(
    offers: tuple[Weighed, ...], nothing: Weighed, percent: int = 0, draw: float = 0.999
) -> Choice:
    chosen = pick(offers, nothing, explore_percent=percent, draw=draw)
    return Choice(
        by=Choosing.VALUE,
        reason="too_expensive",
        segment="long_standing",
        eligible=tuple(offer.option for offer in offers),
        insisted=False,
        held_out=False,
        chosen=chosen.chosen,
        propensities=chosen.propensities,
        explored=chosen.explored,
        explore_percent=percent,
        draw=draw,
        options=offers,
        nothing=nothing,
    )


@settings(deadline=None)
@given(offers=OFFERS, nothing=NOTHINGS, percent=PERCENTS, draw=DRAWS)
def test_a_choice_comes_out_the_same_from_its_record_alone(offers, nothing, percent, draw):
    record = json.loads(json.dumps(a_choice(offers, nothing, percent, draw).to_document()))
    assert json.loads(json.dumps(chosen_again(record))) == record


def test_a_record_that_was_changed_does_not_come_out_the_same():
    offer = an_offer("p", Stake(13_000, 50), seen(kept=60, gone=140))
    record = a_choice((offer,), doing_nothing()).to_document()
    record["options"][0]["layers"][2] = [0, 0, 200]
    assert chosen_again(record) != record


def test_the_agent_is_told_in_one_sentence():
    good = an_offer("stay", Stake(13_000, 50), seen(kept=60, gone=140))
    poor = an_offer("rent", Stake(21_000, 5_340))
    assert because(a_choice((good,), doing_nothing())) == (
        "stay@1 is worth $35.90 a customer, at least $30.95, against $10.00 for nothing: "
        "60 of 200 took it and stayed."
    )
    assert because(a_choice((poor,), doing_nothing())) == (
        "Nothing was offered: no granted offer is surely worth more than the $10.00 of doing "
        "without."
    )
    assert because(a_choice((good,), doing_nothing(), 3, 0.02)) == (
        "Nothing was drawn by lot, as 3 in a hundred are, to learn what it does."
    )
