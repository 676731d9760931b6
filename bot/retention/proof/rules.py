"""The honest-exit rules that the proof checks in every reachable place, each with its statement."""

from __future__ import annotations

from bot.retention.proof import conduct_rules as conduct
from bot.retention.proof import leaving_rules as leaving
from bot.retention.proof import offer_rules as offers
from bot.retention.proof.rule import PassageRule, PlaceRule

PASSAGE_RULES = (
    PassageRule(
        "R1",
        "An insisting cancel is carried out and confirmed within two turns; in one where account "
        "and subject are known and it can be undone.",
        leaving.an_insisting_cancel_is_carried_out,
    ),
    PassageRule(
        "R2",
        "No more offers than the profile's cap, one more only if the customer asks what else "
        "there is, and none to a customer in hardship.",
        offers.offers_keep_to_the_cap,
    ),
    PassageRule(
        "R3",
        "After a refusal, a second explicit cancel or a press on the control: no further offer "
        "and no further reason question.",
        offers.nothing_comes_after_a_no,
    ),
    PassageRule(
        "R4",
        "Whatever carries an offer or a consequence shows the cancel control as prominently as "
        "accepting.",
        offers.the_exit_stands_beside_it,
    ),
    PassageRule(
        "R5",
        "The reason question is optional; not answering never blocks.",
        offers.the_reason_is_optional,
    ),
    PassageRule(
        "R7",
        "A pause, a skip or silence is never a cancellation or consent to stay, nor the reverse.",
        conduct.nothing_is_taken_for_something_else,
    ),
    PassageRule(
        "R7",
        "An exit is confirmed only where it was carried out.",
        conduct.only_what_was_done_is_confirmed,
    ),
    PassageRule(
        "R9",
        "Leaving never needs a person or more identification than the chat already has.",
        leaving.leaving_needs_nobody_and_nothing_else,
    ),
    PassageRule("R10", "A person is fetched at once on request.", conduct.a_person_comes_at_once),
    PassageRule(
        "R11",
        "The first message, and the answer to who is talking, say that it is an automated "
        "assistant.",
        conduct.it_says_who_is_talking,
    ),
    PassageRule(
        "R13",
        "Nothing agreed is carried out before new price, duration, price afterwards, next charge "
        "and how to cancel were restated.",
        offers.consent_is_express,
    ),
    PassageRule(
        "R18",
        "If billing fails, the cancellation is queued with the time of the request, the customer "
        "is told, and it takes effect as of the request.",
        leaving.an_exit_outlives_billing,
    ),
)

PLACE_RULES = (
    PlaceRule(
        "R6",
        "Words to the effect of cancelling equal pressing the control.",
        leaving.words_equal_the_control,
    ),
    PlaceRule(
        "R8",
        "The exit works from 48 hours before a renewal to an hour after it, and nothing is "
        "charged after the effective date.",
        leaving.the_exit_works_at_every_hour,
    ),
    PlaceRule(
        "R19",
        "Where the jurisdiction is unknown, the strictest profile holds.",
        conduct.the_strictest_profile_where_nothing_is_known,
    ),
    PlaceRule(
        "R20",
        "Businesses are held to the same rules as consumers.",
        conduct.businesses_are_consumers,
    ),
)

NUMBERS = tuple(
    sorted({rule.number for rule in (*PASSAGE_RULES, *PLACE_RULES)}, key=lambda n: int(n[1:]))
)
