"""Rules about conduct: silence, pauses, people, who is talking, and whose law holds."""

from __future__ import annotations

from collections.abc import Iterator

from bot.retention.commands import EXITS
from bot.retention.exit_rules import leaves
from bot.retention.proof.exits import left_by
from bot.retention.proof.passages import Billing, Passage
from bot.retention.proof.place import Place
from bot.retention.proof.rule import Broken
from bot.retention.save_attempt import Outcome
from bot.retention.say import PRESS_PERSON

_SILENCE = frozenset({"customer_silent", "conversation_closed"})
_ASKS_FOR_A_PERSON = frozenset({PRESS_PERSON, "ask_for_agent"})
_ASKS_WHO = frozenset({"conversation_opened", "ask_are_you_human"})
_WHO = "automated assistant"


def nothing_is_taken_for_something_else(passage: Passage) -> Iterator[Broken]:
    """R7. Silence, a pause or a skip is no cancellation and no consent to stay, nor the reverse."""
    act, closed = passage.act, passage.step.closed
    outcomes = {attempt.outcome for attempt in closed}
    if passage.heard.intent in _SILENCE:
        if act is not None or outcomes - {Outcome.ABANDONED}:
            yield Broken("silence was taken for an answer")
        return
    asks_to_leave = act is not None and any(isinstance(c, EXITS) for c in act.commands)
    if Outcome.CANCELED in outcomes and not asks_to_leave:
        yield Broken("a cancellation was recorded that nobody asked for")
    if Outcome.SAVED in outcomes and asks_to_leave:
        yield Broken("leaving was recorded as staying")
    serves = act is not None and not asks_to_leave
    if serves and (_ended(passage) or leaves(passage.says)):
        yield Broken("a service was carried out or worded as a cancellation")


def _ended(passage: Passage) -> bool:
    """Say whether a subscription ends by this; an order that is exchanged does not."""
    history = passage.before.situation.history
    subscriptions = {s.id for s in history.subscriptions} if history else set()
    return bool(subscriptions.intersection(left_by(passage)))


def a_person_comes_at_once(passage: Passage) -> Iterator[Broken]:
    """R10. That waiting delays no cancellation is R1 in the places that come after."""
    if passage.heard.intent in _ASKS_FOR_A_PERSON and passage.step.escalate is None:
        yield Broken("a person was asked for and not fetched")


def it_says_who_is_talking(passage: Passage) -> Iterator[Broken]:
    """R11. In the first message, and whenever it is asked."""
    if passage.heard.intent not in _ASKS_WHO:
        return
    word = passage.before.beginning.rules.word
    if not any(_WHO in word(say) for say in passage.says):
        yield Broken("it does not say that an automated assistant is talking")


def only_what_was_done_is_confirmed(passage: Passage) -> Iterator[Broken]:
    """R7. An exit is confirmed only where it was carried out, queued or agreed before."""
    confirmed = [s for s in passage.says if s.response.startswith("utter_left_")]
    if confirmed and passage.billing is not Billing.DONE:
        yield Broken("an exit was confirmed that was not carried out")


def the_strictest_profile_where_nothing_is_known(place: Place) -> Iterator[Broken]:
    """R19. Known is the jurisdiction itself, or else its country."""
    if not place.beginning.business:
        yield from _held_to_another(place)


def businesses_are_consumers(place: Place) -> Iterator[Broken]:
    """R20. A business is held to the profile of a consumer in its place."""
    if place.beginning.business:
        yield from _held_to_another(place)


def _held_to_another(place: Place) -> Iterator[Broken]:
    history, profile = place.situation.history, place.situation.profile
    jurisdiction = (history.customer.jurisdiction if history else None) or ""
    today, known = place.now.date(), place.beginning.rules.profiles.known
    in_force = [profile for profile in known if profile.in_force_from <= today]
    keys = {one.key for one in in_force}
    fitting = next((k for k in (jurisdiction, jurisdiction.split("-")[0]) if k in keys), None)
    strictest = min(one.offers_before_completion for one in in_force)
    if fitting is None and profile.offers_before_completion > strictest:
        yield Broken(f"{jurisdiction or 'an unknown jurisdiction'} is held to {profile.key}")
    elif fitting is not None and profile.key != fitting:
        yield Broken(f"{jurisdiction} is held to {profile.key}, not to {fitting}")
