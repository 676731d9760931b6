"""What save attempts take from the monthly budgets, and what they give back."""

from __future__ import annotations

from collections.abc import Iterable

from bot.retention.budget import Line, cost_of, name_of
from bot.retention.commands import Command, ConcessionNote
from bot.retention.facts import PRICE_CONCESSIONS, REMEDY
from bot.retention.offer import Offer
from bot.retention.save_attempt import Answer, OfferMade, SaveAttempt


def to_set_aside(attempt: SaveAttempt) -> tuple[Line, ...]:
    """Return what the attempt's unanswered offer takes from the budgets."""
    return tuple(
        line
        for made in attempt.offers
        if _stands(attempt, made)
        for line in _lines(attempt.account, made)
    )


def to_free(attempt: SaveAttempt) -> tuple[str, ...]:
    """Return the offers of the attempt that take nothing, because nothing came of them."""
    return tuple(
        made.offer.id
        for made in attempt.offers
        if made.answer is not Answer.ACCEPTED and not _stands(attempt, made)
    )


def to_spend(attempt: SaveAttempt | None, commands: Iterable[Command]) -> tuple[Line, ...]:
    """Return what is agreed by these commands, and costs something; remedies are owed, not given.

    `attempt` is the open one, whose offer they carry out.
    """
    offer = attempt.open_offer if attempt else None
    if attempt is None or offer is None:
        return ()
    made = attempt.offers[-1]
    return tuple(
        Line(
            offer.id,
            attempt.account,
            name_of(note.policy),
            note.value.minor,
            offer.expires_at,
            note.kind in PRICE_CONCESSIONS,
            made.made_by,
        )
        for command in commands
        if (note := _given(command)) and cost_of(note.kind, note.value.minor)
    )


def _given(command: Command) -> ConcessionNote | None:
    note: ConcessionNote | None = getattr(command, "note", None)
    return None if note is None or note.policy.startswith(REMEDY) else note


def _stands(attempt: SaveAttempt, made: OfferMade) -> bool:
    return attempt.is_open and made.answer is Answer.NONE


def _lines(account: str, made: OfferMade) -> list[Line]:
    """Return what an offer may cost; of an order's ways back each under its own policy."""
    offer = made.offer
    costs = _costs_of_ways(offer) if offer.choices else {offer.policy: _cost(offer)}
    return [
        Line(
            offer.id,
            account,
            name_of(policy),
            cost,
            offer.expires_at,
            offer.kind in PRICE_CONCESSIONS,
            made.made_by,
        )
        for policy, cost in costs.items()
        if cost
    ]


def _costs_of_ways(offer: Offer) -> dict[str, int]:
    return {way["policy"]: int(way.get("bonus_minor", 0)) for way in offer.detail.values()}


def _cost(offer: Offer) -> int:
    return cost_of(offer.kind, offer.value_minor)
