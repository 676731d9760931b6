"""Shapes: places of one shape lead to places of one shape, so that one of them is walked.

A shape keeps everything that the next move, its answer or a rule may depend on. It leaves out
names of attempts and offers, the customer's words, figures, and how exactly a service runs.
"""

from __future__ import annotations

from collections.abc import Hashable

from bot.retention.cancellation import SOLVABLE, deciding_reason
from bot.retention.dialogue import Awaiting, Dialogue
from bot.retention.offering import only_discounts_beyond_authority
from bot.retention.policy import RetentionPolicy
from bot.retention.proof.place import Place
from bot.retention.save_attempt import Outcome, SaveAttempt

_WISHES = ("request_cancellation", "cancel_order", "return_order")
_WAYS_OF_LEAVING = ("insisting", "immediate")
# Asked which one is meant, these two go on alike.
_ALIKE = dict.fromkeys(("skip_delivery", "change_frequency"), "rhythm")
_AGREEING = (Awaiting.CONSENT, Awaiting.CONFIRMATION, Awaiting.DURATION)
_READ_ANYWHERE = ("solved", "order_cancel")
_SERVICES = ("pause", "skip", "plan", "frequency", "undo")
# Once agreed, something is agreed for the subscription, whichever of these it is.
_ON_A_YES_ALIKE = ("pause", "skip", "plan", "frequency")
_PUT_OFF = (Awaiting.SUBJECT, Awaiting.EMAIL, Awaiting.CODE)
# From the third time on something not understood goes to a person, however often before.
_TIMES_COUNTED = 2


def shapes_of(place: Place) -> tuple[Hashable, ...]:
    """Return what sets this place apart from others of its beginning: it is walked if any is new.

    Which service waits for a yes is a shape of its own. The way on is the same for all of them:
    to the same books, as far as these are told apart. Each is agreed beside an attempt
    of every kind, and beside each attempt one of them.
    """
    plea, whole = place.dialogue.plea, shape_of(place)
    if plea is None or plea.kind not in _ON_A_YES_ALIKE:
        return (whole,)
    return (whole, (plea.kind, plea.about, _roughly(place), place.ledger and place.ledger.shape))


def misunderstood_shape(place: Place) -> Hashable:
    """Return what sets a place apart that stands elsewhere, too, but for what was not understood.

    What else is said there forgets that first, and a person is fetched for it as on request.
    """
    return (min(place.dialogue.misunderstood, _TIMES_COUNTED), _roughly(place))


def shape_of(place: Place) -> Hashable:
    """Return what sets this place apart, but for which service waits for a yes."""
    return (what_stands(place), _memory(place))


def what_stands(place: Place) -> Hashable:
    """Return the shape without what the customer was shown before: what can be done from here."""
    return (
        _dialogue(place.dialogue),
        _attempt(place),
        place.ledger.shape if place.ledger else None,
        place.is_late,
        place.turns > 0,
    )


def _roughly(place: Place) -> Hashable:
    """How a place looks from afar: what is awaited, and what kind of attempt stands there."""
    dialogue, attempt = place.dialogue, place.dialogue.attempt
    stands = attempt and (attempt.is_open, attempt.refused, attempt.hardship)
    return (dialogue.awaiting, stands, dialogue.in_hardship, place.is_late, place.ledger is None)


def _dialogue(dialogue: Dialogue) -> Hashable:
    return (
        dialogue.awaiting,
        tuple(option.id for option in dialogue.options),
        _plea(dialogue),
        _waiting(dialogue),
        min(dialogue.misunderstood, _TIMES_COUNTED),
        dialogue.in_hardship,
    )


def _plea(dialogue: Dialogue) -> Hashable:
    """What waits for a yes; elsewhere only two kinds are still read."""
    plea = dialogue.plea
    if plea is None or not (dialogue.awaiting in _AGREEING or plea.kind in _READ_ANYWHERE):
        return None
    offer = plea.detail.get("offer")
    kind = "service" if plea.kind in _ON_A_YES_ALIKE else plea.kind
    return (kind, plea.about, plea.detail.get("item"), offer and offer["policy"])


def _waiting(dialogue: Dialogue) -> Hashable:
    """What is kept of a move that has to wait: how a wish to leave was said, else what it was."""
    heard = dialogue.waiting_move
    if heard is None or dialogue.awaiting not in _PUT_OFF:
        return None
    flags = {name for name, _value in heard.entities if name in _WAYS_OF_LEAVING}
    intent = _ALIKE.get(heard.intent, heard.intent)
    return (intent, intent in _WISHES and frozenset(flags))


def _attempt(place: Place) -> Hashable:
    attempt, policies = place.dialogue.attempt, place.beginning.rules.policies
    if attempt is None:
        return None
    if not attempt.is_open:
        # Nobody asks whether it was left open in words or by silence.
        left_open = attempt.outcome in (Outcome.UNDECIDED, Outcome.ABANDONED)
        return (attempt.about, "left open" if left_open else attempt.outcome)
    about = (attempt.about, attempt.refused, attempt.hardship)
    if attempt.hardship or attempt.refused or _is_service(place.dialogue):
        return about
    return (
        about,
        _reason(attempt, policies),
        attempt.reason_asked,
        attempt.asked_for_more and not place.is_strict,
        attempt.right_named,
        len(attempt.offers),
        attempt.offers and (attempt.offers[-1].offer.policy, attempt.offers[-1].answer),
        only_discounts_beyond_authority(attempt, policies),
    )


def _is_service(dialogue: Dialogue) -> bool:
    """While a service is agreed upon, the attempt beside it stands still."""
    if dialogue.awaiting is Awaiting.DURATION:
        return True
    plea = dialogue.plea
    consents = dialogue.awaiting is Awaiting.CONSENT
    return consents and plea is not None and plea.kind in _SERVICES


def _reason(attempt: SaveAttempt, policies: tuple[RetentionPolicy, ...]) -> Hashable:
    """Of several reasons one decides, now and after any other; some decide the same."""
    reason = deciding_reason(attempt.reasons, hardship=False)
    speaking = frozenset(policy.cited for policy in policies if policy.speaks_of(reason))
    return (reason is None, reason in SOLVABLE, speaking)


def _memory(place: Place) -> Hashable:
    memory, attempt = place.memory, place.dialogue.open_attempt
    flags: Hashable = (memory.asked_for_more, memory.said_no, memory.asked_why)
    if attempt is None or attempt.hardship or attempt.refused or _is_service(place.dialogue):
        flags = attempt is not None and memory.said_no
    spoken_of = place.dialogue.attempt
    about = [subject for subject, _offer in memory.offers if subject]
    offers = sum(spoken_of is None or subject == spoken_of.about for subject in about)
    # In hardship any offer breaks a rule, however many came before.
    offers = 0 if memory.hardship else offers
    return (offers, flags, memory.insisting, memory.hardship, memory.terms is not None)
