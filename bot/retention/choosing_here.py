"""Choosing in its place: one offer among those granted to the subject of a save attempt."""

from __future__ import annotations

from dataclasses import replace

from bot.retention.account import Order, Subscription
from bot.retention.choosing import Choice, Choosing, Weighed, draw_of, pick, weigh
from bot.retention.decision import Decision
from bot.retention.dialogue import Scene
from bot.retention.facts import Facts
from bot.retention.offer import Offer
from bot.retention.outcomes import (
    NOTHING,
    PRIOR_OF_NOTHING,
    PRIOR_OF_OFFER,
    UNKNOWN,
    segment_of,
)
from bot.retention.policy import Verdict
from bot.retention.save_attempt import SaveAttempt
from bot.retention.say import PRESS_CANCEL
from bot.retention.worth import Worth, stake_of, stake_of_nothing


def chosen_among(
    scene: Scene, attempt: SaveAttempt, decision: Decision, facts: Facts, *, cap: int
) -> tuple[Choice, tuple[Offer, ...]]:
    """Return the choice as it is recorded, and the offers that may be made, best first.

    `cap` is how many offers the attempt may have. An order's ways back are shown side by side, so
    that among them nothing is chosen by value.
    """
    situation = scene.situation
    worth, subject = situation.terms.worth, situation.subject(attempt.about)
    offers = decision.offers
    segment = segment_of(facts, asked_for_more=attempt.asked_for_more)
    choice = replace(
        _by_ladder(scene, attempt, decision, segment),
        judged_on={"facts": dict(facts), "cap": cap, "hardship": attempt.hardship},
    )
    if choice.insisted:
        return choice, offers
    by_value = situation.terms.choose is Choosing.VALUE and not situation.in_holdout
    if worth is None or not by_value or isinstance(subject, Order):
        return choice, offers
    options, nothing = _weighed(scene, worth, subject, offers, choice)
    explore = 0 if attempt.offers or attempt.asked_for_more else situation.terms.explore_percent
    draw = draw_of(attempt.id, salt=situation.terms.holdout_salt)
    picked = pick(options, nothing, explore_percent=explore, draw=draw)
    by_policy = {offer.policy: offer for offer in offers}
    choice = replace(
        choice,
        by=Choosing.VALUE,
        chosen=picked.chosen,
        propensities=picked.propensities,
        explored=picked.explored,
        explore_percent=explore,
        draw=draw,
        options=options,
        nothing=nothing,
    )
    return choice, tuple(by_policy[policy] for policy in picked.order)


def _by_ladder(scene: Scene, attempt: SaveAttempt, decision: Decision, segment: str) -> Choice:
    situation = scene.situation
    insisted = _insisted(scene, attempt)
    first = None if insisted or not decision.offers else decision.offers[0].policy
    eligible = tuple(v.policy for v in decision.verdicts if _but_for_the_holdout(v))
    return Choice(
        by=Choosing.LADDER,
        reason=attempt.reason.value if attempt.reason else None,
        segment=segment,
        eligible=eligible,
        insisted=insisted,
        held_out=situation.in_holdout,
        chosen=first,
        propensities={first or NOTHING: 1.0},
        currency=situation.account.currency,
    )


def _weighed(
    scene: Scene,
    worth: Worth,
    subscription: Subscription,
    offers: tuple[Offer, ...],
    choice: Choice,
) -> tuple[tuple[Weighed, ...], Weighed]:
    situation = scene.situation
    account, today, evidence = situation.account, situation.now.date(), situation.evidence
    reason, segment = choice.reason or UNKNOWN, choice.segment
    options = tuple(
        weigh(
            offer.policy,
            stake_of(worth, offer, account, subscription, today),
            PRIOR_OF_OFFER,
            evidence.layers(offer.policy, reason, segment),
        )
        for offer in offers
    )
    idle = stake_of_nothing(worth, account, subscription, today)
    layers = evidence.layers(NOTHING, reason, segment)
    return options, weigh(NOTHING, idle, PRIOR_OF_NOTHING, layers)


def _insisted(scene: Scene, attempt: SaveAttempt) -> bool:
    """Say whether the customer wanted no offer; the holdout's exits are carried out unasked."""
    heard = scene.heard
    wants_none = any(heard.flag(flag) for flag in ("insisting", "immediate", "legal"))
    refused = attempt.refused and not scene.situation.in_holdout
    return wants_none or refused or heard.intent == PRESS_CANCEL


def _but_for_the_holdout(verdict: Verdict) -> bool:
    return all(one.holds or one.fact == "in_holdout" for one in verdict.conditions)
