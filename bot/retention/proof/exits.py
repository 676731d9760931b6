"""Exits as the books show them: what can be left, and what a move has left."""

from __future__ import annotations

from datetime import timedelta

from bot.retention.account import OPEN_TO_RETURN, AccountHistory, Order, OrderStatus, Subscription
from bot.retention.dialogue import Awaiting, Heard
from bot.retention.leaving import ends_at_once
from bot.retention.proof.memory import answers_why, corrects
from bot.retention.proof.passages import Passage
from bot.retention.proof.place import Place
from bot.retention.rights import live_right
from bot.retention.save_attempt import Outcome
from bot.retention.say import PRESS_CANCEL
from bot.retention.terms import Terms

_WISH = "request_cancellation"
_OF_AN_ORDER = ("cancel_order", "return_order")
_NAMES_A_SUBJECT = ("subscription", "plan", "order_number", "option")


def can_be_left(place: Place) -> tuple[str, ...]:
    """Return what the customer could still leave here: subscriptions, else orders."""
    history = place.situation.history
    if history is None:
        return ()
    subscriptions = tuple(s.id for s in history.subscriptions if s.is_live and not s.is_leaving)
    return (*subscriptions, *_open_orders(history, place))


def left_by(passage: Passage) -> tuple[str, ...]:
    """Return what stood before the passage and is left after it, by the books."""
    if passage.after.ledger is None or passage.after.ledger is passage.before.ledger:
        return ()
    still = set(can_be_left(passage.after))
    return tuple(one for one in can_be_left(passage.before) if one not in still)


def insists(place: Place, heard: Heard) -> bool:
    """Say whether this demands the exit (settled 2, 26); a first plain wish does not.

    Where nothing may be offered the first wish does: in a strict profile and in the holdout.
    """
    attempt = place.dialogue.open_attempt
    if heard.intent == PRESS_CANCEL:
        return True
    if heard.intent in ("deny", "decline_offer"):
        offered = attempt is not None and attempt.open_offer is not None
        asked = place.dialogue.awaiting is Awaiting.OFFER
        return offered and asked and not corrects(heard)
    if heard.intent in _OF_AN_ORDER:
        return _again_about_the_order(place, heard)
    if heard.intent != _WISH:
        return False
    says_so = any(heard.flag(flag) for flag in ("insisting", "immediate", "legal"))
    again = attempt is not None and not answers_why(place.dialogue, heard)
    return says_so or again or place.is_strict


def due(place: Place, heard: Heard) -> tuple[str, ...]:
    """Return what an insisting cancel said here can mean: one of these has to be left."""
    open_ones, attempt = can_be_left(place), place.dialogue.open_attempt
    plea = place.dialogue.plea
    if place.dialogue.awaiting is Awaiting.CONFIRMATION and plea:
        return (plea.about,)
    named = any(heard.flag(name) for name in _NAMES_A_SUBJECT)
    last = place.dialogue.attempt
    spoken_of = tuple(one for one in open_ones if last and one == last.about)
    handed_over = last is not None and last.outcome is Outcome.ESCALATED
    if not named and attempt:
        return spoken_of
    history = place.situation.history
    running = {s.id for s in history.subscriptions if s.is_live} if history else set()
    # Without another word a subscription is meant, if there is one; it may be leaving already.
    meant = tuple(one for one in open_ones if one in running) if running else open_ones
    if heard.intent == _WISH and running and not meant:
        return ()  # what the words mean is leaving already
    # What was handed over may still be spoken of.
    return tuple(dict.fromkeys((*spoken_of, *meant))) if handed_over and not named else meant


def can_be_taken_back(place: Place, subject: str, heard: Heard) -> bool:
    """Say whether leaving this can be undone, so that it needs no confirmation (settled 1)."""
    found = place.situation.subject(subject)
    if isinstance(found, Order):
        return found.status in OPEN_TO_RETURN
    waiting = place.dialogue.waiting_move
    at_once = heard.flag("immediate") or (waiting is not None and waiting.flag("immediate"))
    if at_once or ends_at_once(found):
        return False
    return live_right(found, place.situation) is None


def is_gone(place: Place, subject: str) -> bool:
    found = place.situation.subject(subject)
    if isinstance(found, Subscription):
        return found.is_leaving or not found.is_live
    return found.id not in _open_orders(place.situation.account, place)


def _again_about_the_order(place: Place, heard: Heard) -> bool:
    attempt = place.dialogue.open_attempt
    numbers = heard.values("order_number")
    history = place.situation.history
    if attempt is None or history is None:
        return False
    about_an_order = any(order.id == attempt.about for order in history.orders)
    return about_an_order and (attempt.about in numbers or not (numbers or heard.text))


def _open_orders(history: AccountHistory, place: Place) -> tuple[str, ...]:
    terms: Terms = place.beginning.rules.terms
    today = place.now.date()
    return tuple(
        order.id
        for order in history.orders
        if order.status in (OrderStatus.PAID, OrderStatus.DISPATCHED)
        or (
            order.status is OrderStatus.DELIVERED
            and order.delivered_on is not None
            and today <= order.delivered_on + timedelta(days=terms.return_days)
        )
    )
