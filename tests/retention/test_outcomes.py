"""Outcomes: each is counted once, when it is certain, and thin cells lean on fuller ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retention.outcomes import (
    KEPT_AFTER,
    NOTHING,
    PRIOR_OF_OFFER,
    UNKNOWN,
    Cell,
    Counts,
    Evidence,
    PastAttempt,
    Turning,
    certain_before,
    expected,
    learn,
    segment_of,
)
from tests.factories import TODAY

CERTAIN = certain_before(TODAY)
SHOWN_AT = CERTAIN - timedelta(days=1)
A_CHOICE = {
    "segment": "long_standing",
    "eligible": ["right_size@1"],
    "insisted": False,
    "chosen": None,
}
COUNTS = st.builds(Counts, *[st.integers(0, 60)] * 3)
LAYERS = st.tuples(COUNTS, COUNTS, COUNTS)


def an_attempt(
    answer: str | None = "accepted", *, shown_at: datetime = SHOWN_AT, **choice: Any
) -> PastAttempt:
    """Build an attempt of one offer, or of none where `answer` is None."""
    made = {"policy": "right_size@1", "shown_at": shown_at.isoformat(), "answer": answer}
    return PastAttempt(
        account="A-1",
        about="S-1",
        opened_at=shown_at,
        reason="too_expensive",
        offers=(made,) if answer else (),
        choices=({**A_CHOICE, **choice},),
    )


def leaving(at: datetime, *, about: str = "S-1", leaves: bool = True) -> Turning:
    return Turning("A-1", about, at, leaves)


def counted(attempt: PastAttempt, *turnings: Turning) -> dict[Cell, Counts]:
    return dict(learn([attempt], turnings, as_of=TODAY).cells)


OFFERED = Cell("right_size@1", "too_expensive", "long_standing")
WITHOUT = Cell(NOTHING, "too_expensive", "long_standing")


@pytest.mark.parametrize(
    ("answer", "counts"),
    [
        ("accepted", Counts(kept=1)),
        ("declined", Counts(gone=1)),
        ("none", Counts(gone=1)),
    ],
)
def test_an_offer_is_counted_by_its_answer(answer, counts):
    assert counted(an_attempt(answer)) == {OFFERED: counts}


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(), Counts(wasted=1)),
        (KEPT_AFTER - timedelta(seconds=1), Counts(wasted=1)),
        (KEPT_AFTER, Counts(kept=1)),
        (-timedelta(seconds=1), Counts(kept=1)),
    ],
)
def test_who_took_it_and_left_within_90_days_is_no_success(after, counts):
    assert counted(an_attempt(), leaving(SHOWN_AT + after)) == {OFFERED: counts}


def test_who_took_leaving_back_is_still_there():
    left_at = SHOWN_AT + timedelta(days=3)
    undone = leaving(left_at + timedelta(days=1), leaves=False)
    assert counted(an_attempt(), leaving(left_at), undone) == {OFFERED: Counts(kept=1)}


def test_leaving_another_subscription_is_not_leaving_this_one():
    assert counted(an_attempt(), leaving(SHOWN_AT, about="S-2")) == {OFFERED: Counts(kept=1)}


def test_an_offer_counts_once_its_90_days_are_over_and_not_before():
    assert counted(an_attempt(shown_at=CERTAIN)) == {}
    assert counted(an_attempt("declined", shown_at=CERTAIN)) == {}, "or losses would come early"
    assert counted(an_attempt(shown_at=CERTAIN - timedelta(seconds=1))) != {}


def test_who_was_left_without_an_offer_says_what_nothing_does():
    assert counted(an_attempt(None)) == {WITHOUT: Counts(kept=1)}
    assert counted(an_attempt(None), leaving(SHOWN_AT)) == {WITHOUT: Counts(gone=1)}


@pytest.mark.parametrize(
    "choice", [{"insisted": True}, {"eligible": []}, {"chosen": "right_size@1"}]
)
def test_who_could_have_had_none_anyway_says_nothing(choice):
    """They differ from those to whom offers are made, and would make offers look better."""
    assert counted(an_attempt(None, **choice), leaving(SHOWN_AT)) == {}


def test_attempts_from_before_choices_were_recorded_count_without_a_segment():
    old = PastAttempt("A-1", "S-1", SHOWN_AT, None, an_attempt().offers, ())
    assert counted(old) == {Cell("right_size@1", UNKNOWN, UNKNOWN): Counts(kept=1)}


def test_a_second_offer_is_counted_among_who_asked_for_more_and_by_the_reason_of_then():
    first = an_attempt("declined")
    second = {**first.offers[0], "policy": "price_relief@1", "answer": "accepted"}
    choices = (
        {**A_CHOICE, "reason": "too_expensive"},
        {**A_CHOICE, "reason": "unused", "segment": "asked_for_more"},
    )
    attempt = PastAttempt("A-1", "S-1", SHOWN_AT, "unused", (*first.offers, second), choices)
    assert counted(attempt) == {
        OFFERED: Counts(gone=1),
        Cell("price_relief@1", "unused", "asked_for_more"): Counts(kept=1),
    }


def test_second_offers_from_before_choices_were_recorded_are_known_by_their_place():
    first = an_attempt("declined")
    second = {**first.offers[0], "policy": "price_relief@1"}
    old = PastAttempt("A-1", "S-1", SHOWN_AT, None, (*first.offers, second), ())
    segments = {cell.option: cell.segment for cell in counted(old)}
    assert segments == {"right_size@1": UNKNOWN, "price_relief@1": "asked_for_more"}


def test_who_asked_for_more_tells_nothing_about_who_did_not_but_may_learn_from_them():
    evidence = Evidence(
        TODAY,
        {
            Cell("right_size@1", "too_expensive", "asked_for_more"): Counts(kept=10),
            Cell("right_size@1", "too_expensive", "trial"): Counts(kept=1),
        },
    )
    first = evidence.layers("right_size@1", "too_expensive", "trial")
    second = evidence.layers("right_size@1", "too_expensive", "asked_for_more")
    assert [layer.kept for layer in first] == [0, 0, 1]
    assert [layer.kept for layer in second] == [0, 1, 10]


def test_every_outcome_of_a_policy_is_in_one_layer_and_others_in_none():
    evidence = Evidence(
        TODAY,
        {
            Cell("right_size@1", "too_expensive", "first_year"): Counts(kept=1),
            Cell("right_size@1", "too_expensive", "trial"): Counts(kept=10),
            Cell("right_size@1", "unused", "first_year"): Counts(kept=100),
            Cell("right_size@2", "too_expensive", "first_year"): Counts(kept=1000),
            Cell("price_relief@1", "too_expensive", "first_year"): Counts(kept=5),
        },
    )
    layers = evidence.layers("right_size@1", "too_expensive", "first_year")
    assert [layer.kept for layer in layers] == [1100, 10, 1]


@given(layers=LAYERS, at=st.integers(0, 2), more=st.integers(1, 40))
def test_more_customers_who_stayed_never_make_staying_less_likely(layers, at, more):
    added = tuple(
        layer.plus(Counts(kept=more)) if place == at else layer
        for place, layer in enumerate(layers)
    )
    before, after = expected(PRIOR_OF_OFFER, layers), expected(PRIOR_OF_OFFER, added)
    assert after.kept >= before.kept - 1e-9
    assert after.wasted <= before.wasted + 1e-9
    assert after.gone <= before.gone + 1e-9


@given(elsewhere=COUNTS)
def test_a_full_cell_hardly_heeds_what_others_did(elsewhere):
    here = Counts(kept=300, gone=700)
    belief = expected(PRIOR_OF_OFFER, (elsewhere, Counts(), here))
    assert abs(belief.kept / sum(belief) - 0.3) < 0.02


def test_an_empty_cell_believes_what_others_did_like_twenty_customers_of_its_own():
    belief = expected(PRIOR_OF_OFFER, (Counts(), Counts(kept=300, gone=700), Counts()))
    assert abs(belief.kept / sum(belief) - 0.3) < 0.02
    assert sum(belief) == pytest.approx(20)


def test_who_asked_for_more_is_a_kind_of_their_own():
    facts = {"subject": "order", "status": "trialing", "tenure_months": 12}
    assert segment_of(facts, asked_for_more=True) == "asked_for_more"


@pytest.mark.parametrize(
    ("facts", "segment"),
    [
        ({"subject": "order"}, "order"),
        ({"status": "trialing", "tenure_months": 0}, "trial"),
        ({"status": "active", "tenure_months": 2}, "first_months"),
        ({"status": "active", "tenure_months": 3}, "first_year"),
        ({"status": "paused", "tenure_months": 11}, "first_year"),
        ({"status": "active", "tenure_months": 12}, "long_standing"),
        ({}, UNKNOWN),
    ],
)
def test_customers_are_told_apart_by_how_long_they_have_been_there(facts, segment):
    assert segment_of(facts) == segment
