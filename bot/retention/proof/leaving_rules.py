"""Rules about leaving: it is carried out, in words or by the control, at any hour, by oneself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone

from bot.retention.account import Subscription
from bot.retention.calendar import write_instant
from bot.retention.commands import EXITS, CancelSubscription
from bot.retention.dialogue import Awaiting, Heard
from bot.retention.exit_rules import leaves
from bot.retention.proof.exits import can_be_left, can_be_taken_back, due, insists, is_gone, left_by
from bot.retention.proof.inputs import EXITS as WAYS_TO_INSIST
from bot.retention.proof.passages import Billing, Passage, done
from bot.retention.proof.place import Place
from bot.retention.proof.rule import Broken
from bot.retention.say import PRESS_CANCEL

PRESS = Heard(PRESS_CANCEL)
YES = Heard("affirm", "yes")
WORDS = WAYS_TO_INSIST[1]
_IDENTIFYING = (Awaiting.EMAIL, Awaiting.CODE)
# Around a renewal, which begins at midnight (R8).
_AROUND = tuple(timedelta(hours=hours) for hours in (-48, -1, 0, 1))
# How late billing may hear of an exit that had to wait: the next charge was booked meanwhile.
_MUCH_LATER = timedelta(days=40)


def an_insisting_cancel_is_carried_out(passage: Passage) -> Iterator[Broken]:
    """R1. What only identifying stands before is judged once the customer is known."""
    place, heard = passage.before, passage.heard
    if passage.billing in (Billing.DOWN, Billing.REFUSED) or not insists(place, heard):
        return
    subjects = due(place, heard)
    if not subjects:
        return
    if any(is_gone(passage.after, subject) for subject in subjects):
        if not leaves(passage.says):
            yield Broken("an insisting cancel was carried out and not confirmed")
    elif _is_clear(passage, subjects) and can_be_taken_back(place, subjects[0], heard):
        yield Broken("an insisting cancel that can be undone was not carried out at once")
    else:
        for second in _second_turns(passage.after, subjects):
            if not any(is_gone(second.after, subject) for subject in subjects):
                what = "an insisting cancel was not carried out within two turns"
                yield Broken(what, (second,))


def words_equal_the_control(place: Place) -> Iterator[Broken]:
    """R6. Typos and other ways to say it are understood before they come here."""
    if place.ledger is None or not can_be_left(place):
        return
    pressed, said = done(place, PRESS), done(place, WORDS)
    gone = left_by(pressed)
    if gone and set(gone) - set(left_by(said)):
        yield Broken("words of cancelling do not do what the control does", (said,))
    elif not gone and pressed.after.dialogue.awaiting is not said.after.dialogue.awaiting:
        yield Broken("words of cancelling lead elsewhere than the control", (said,))


def the_exit_works_at_every_hour(place: Place) -> Iterator[Broken]:
    """R8. From 48 hours before the renewal to an hour after it."""
    if place.is_late or place.dialogue.misunderstood:
        return
    for subscription in _staying(place)[:1]:
        for moment in _moments(subscription, place):
            yield from _no_exit_at(place.at(moment))


def leaving_needs_nobody_and_nothing_else(passage: Passage) -> Iterator[Broken]:
    """R9. No person, and no more identification than the chat already has."""
    place = passage.before
    if place.ledger is not None and passage.after.dialogue.awaiting in _IDENTIFYING:
        yield Broken("a known customer was asked to identify again")
    if passage.billing in (Billing.DOWN, Billing.REFUSED) or not insists(place, passage.heard):
        return
    subjects = due(place, passage.heard)
    waits = passage.after.dialogue.awaiting in (Awaiting.CONFIRMATION, Awaiting.SUBJECT)
    gone = any(is_gone(passage.after, subject) for subject in subjects)
    confirmed = leaves(passage.says)
    if subjects and passage.step.escalate and not (gone or waits or confirmed):
        yield Broken("an insisting cancel was put off until a person comes")


def an_exit_outlives_billing(passage: Passage) -> Iterator[Broken]:
    """R18. Queued with the time of the request, told, and effective as of the request."""
    act, place = passage.act, passage.before
    if passage.billing is not Billing.DOWN or act is None or place.ledger is None:
        return
    asked_at = place.situation.requested_at
    exits = tuple(command for command in act.commands if isinstance(command, EXITS))
    if not exits:
        return
    if not all(command in passage.after.owed for command in exits):
        yield Broken("billing was down and the cancellation was not queued")
        return
    told = [s for s in passage.says if s.response == "utter_cancellation_queued"]
    if not told or told[0].figures.get("requested_at") != write_instant(asked_at):
        yield Broken("billing was down and the customer was not told from when it counts")
    for command in exits:
        # What is set to end already ends then at the latest, whatever billing hears later.
        leaving = isinstance(command, CancelSubscription) and is_gone(place, command.subscription)
        if isinstance(command, CancelSubscription) and not leaving:
            yield from _not_as_of_the_request(place, command, asked_at)


def _is_clear(passage: Passage, subjects: tuple[str, ...]) -> bool:
    """Say whether it is known what is meant: one thing, and no other to ask about."""
    dialogue = passage.after.dialogue
    asks_which = dialogue.awaiting is Awaiting.SUBJECT and len(dialogue.options) > 1
    return len(subjects) == 1 and not asks_which


def _second_turns(place: Place, subjects: tuple[str, ...]) -> Iterator[Passage]:
    """Yield the answers to what stands between an insisting cancel and the exit."""
    if place.dialogue.awaiting is Awaiting.SUBJECT:
        for option in (o for o in place.dialogue.options if o.id in subjects):
            chosen = done(place, Heard("choose_option", option.title, (("option", option.id),)))
            # Which one was meant is known only now: what cannot be undone is confirmed once.
            asks = chosen.after.dialogue.awaiting is Awaiting.CONFIRMATION
            yield done(chosen.after, YES) if asks else chosen
    elif place.dialogue.awaiting is Awaiting.CONFIRMATION:
        yield from (done(place, answer) for answer in (YES, PRESS, WORDS))
    else:
        yield done(place, PRESS)


def _staying(place: Place) -> tuple[Subscription, ...]:
    history = place.situation.history
    subscriptions = history.subscriptions if history else ()
    return tuple(s for s in subscriptions if s.is_live and not s.is_leaving)


def _moments(subscription: Subscription, place: Place) -> Iterator[datetime]:
    if subscription.renews_on is None:
        return
    renewal = datetime.combine(subscription.renews_on, time(), timezone.utc)
    yield from (renewal + hours for hours in _AROUND if renewal + hours >= place.now)


def _no_exit_at(place: Place) -> Iterator[Broken]:
    turns = [done(place, PRESS)]
    if not (left_by(turns[0]) or leaves(turns[0].says)):
        options = turns[0].after.dialogue.options
        chosen = (Heard("choose_option", o.title, (("option", o.id),)) for o in options)
        turns.append(done(turns[0].after, next(chosen, YES)))
    if turns[-1].after.dialogue.awaiting is Awaiting.CONFIRMATION:
        turns.append(done(turns[-1].after, YES))
    left = left_by(turns[-1])
    # What is on its way out already has nothing left to be carried out.
    if not left and not leaves(turns[-1].says):
        yield Broken(f"the exit does not work on {place.now:%d %B %H:%M} UTC", tuple(turns))
    for subject in left:
        yield from _still_charged(turns[-1].after, subject, tuple(turns))


def _still_charged(place: Place, subject: str, turns: tuple[Passage, ...]) -> Iterator[Broken]:
    subscriptions = {s.id: s for s in place.situation.account.subscriptions}
    ends_on = subscriptions[subject].cancels_on if subject in subscriptions else None
    if place.ledger is None or ends_on is None:
        return
    later = place.ledger.after((), place.now + _MUCH_LATER)
    if later.charged_after(subject, ends_on):
        yield Broken(f"{subject} ends on {ends_on} and is charged afterwards", turns)


def _not_as_of_the_request(
    place: Place, command: CancelSubscription, asked_at: datetime
) -> Iterator[Broken]:
    if command.requested_at != asked_at:
        yield Broken("the queued cancellation does not hold the time it was asked for")
    if place.ledger is None:
        return
    subject, late = command.subscription, place.now + _MUCH_LATER
    at_once = place.ledger.after((command,), place.now)
    ends_on = at_once.history(late).subscription(subject).cancels_on
    waited = place.ledger.after((command,), late)
    if waited.history(late).subscription(subject).cancels_on != ends_on:
        yield Broken("an exit that billing heard of late does not end on the day asked for")
    elif ends_on is not None and waited.charged_after(subject, ends_on):
        yield Broken("an exit that billing heard of late is charged for afterwards")
