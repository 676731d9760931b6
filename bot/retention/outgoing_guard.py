"""The guard on what goes out: the exit rules, held against a message as the customer would get it.

It trusts nothing that made the message. It reads the finished words and buttons, and holds them
against the save attempts as recorded, the billing record and the jurisdiction's profile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from bot.retention.account import Order, Subscription
from bot.retention.offer import Offer, price_terms
from bot.retention.pressure import Pressing, pressing
from bot.retention.recorded_figures import (
    Ledger,
    amounts_on_record,
    days_on_record,
    is_day_of_a_box,
    may_end_a_pause,
    names_with_figures,
    percents_on_record,
    savings_on_record,
)
from bot.retention.save_attempt import CONTINUES_WITHIN, OfferMade, SaveAttempt
from bot.retention.say import PRESS_CANCEL, Button
from bot.retention.stated_figures import (
    has_figures,
    stated_amounts,
    stated_days,
    stated_percents,
)

ASSISTANT, SYSTEM, AGENT = "assistant", "system", "agent"
RULES = ("R2", "R3", "R4", "R11", "R12", "pressure", "hardship")

# What agreeing to something is called; beside it stands the exit.
_AGREEING = frozenset({"accept_offer", "affirm"})
_ASKING_WHY = "give_reason"
# Words that say what leaving would bring about.
_CONSEQUENCE = re.compile(
    r"\b(?:if|when|once|should) you (?:do |now |really )?(?:cancel|leave|end (?:it|your)|stop your)"
    r"|\bwith [\"“„«]\s?cancel now|\bcancell?ing (?:now )?(?:means|would|will|costs|ends)\b"
    r"|\byou(?:'d| would|'ll| will) lose\b",
)
_STAYS_EVEN_SO = re.compile(r"\beven (?:if|when) you (?:leave|cancel)\b")
_HUMAN = re.compile(
    r"\bi(?:'m| am) (?:just |only )?(?:(?:a|an|your) )?(?:\w+ )?(?:person|human|man|woman)\b"
    r"|\bi(?:'m| am) (?:not|no) (?:a |an )?(?:ro)?(?:bot|machine|robot|computer|program|automated)"
    r"|\b(?:talking|chatting|speaking|writing) (?:to|with) (?:a|an) (?:real |actual |live )*"
    r"(?:person|human)\b(?! (?:is|can|will|any))"
    r"|\b(?:as a|like any|fellow) (?:human|person)\b|\bnot (?:a|an) (?:ro)?bot\b",
)
_NOT_HUMAN = re.compile(r"\b(?:not|never|no) (?:a |an )?(?:real )?(?:person|human)\b")
_BOX = re.compile(r"\bbox", re.IGNORECASE)
_PAUSE = re.compile(r"\bpaus", re.IGNORECASE)
_LATEST = re.compile(r"\bat the latest\b", re.IGNORECASE)


@dataclass(frozen=True)
class Outgoing:
    """A message ready to be sent; `sender` is `assistant`, `system` or `agent`."""

    text: str
    buttons: tuple[Button, ...] = ()
    offer: dict[str, Any] | None = None
    sender: str = ASSISTANT

    @property
    def parts(self) -> tuple[str, ...]:
        """Everything in it that a customer reads."""
        offer = self.offer or {}
        offered = (str(offer[part]) for part in ("title", "terms") if offer.get(part))
        return (self.text, *offered, *(button.title for button in self.buttons))

    @property
    def words(self) -> str:
        return "\n".join(self.parts)

    @property
    def asks_for_a_yes(self) -> bool:
        return any(button.intent in _AGREEING for button in self.buttons)

    @property
    def offers_or_asks(self) -> bool:
        """Whether save attempts matter to it: it makes an offer or asks for the reason."""
        return self.offer is not None or any(b.intent == _ASKING_WHY for b in self.buttons)

    @property
    def has_figures(self) -> bool:
        return self.offer is not None or has_figures(self.words)


@dataclass(frozen=True)
class Known:
    """What a message is held against.

    `attempts` are the account's as recorded, oldest first; `cancel_pressed_at` is when the customer
    last pressed the cancel control in this conversation. `ledger` is None when the billing system
    does not answer: then figures cannot be judged.
    """

    conversation: str
    attempts: tuple[SaveAttempt, ...] = ()
    cancel_pressed_at: datetime | None = None
    ledger: Ledger | None = None

    @property
    def attempt(self) -> SaveAttempt | None:
        """The newest attempt of this conversation."""
        return next(
            (a for a in reversed(self.attempts) if a.conversation == self.conversation), None
        )

    def made(self, offer: dict[str, Any]) -> tuple[SaveAttempt, OfferMade] | None:
        """Return the recorded offer with this one's id, and the attempt it belongs to."""
        return next(
            ((a, made) for a in self.attempts for made in a.offers if made.offer.id == offer["id"]),
            None,
        )


@dataclass(frozen=True)
class Breach:
    """A rule that a message breaks, and how; `what` holds no figure and no customer's word."""

    rule: str
    what: str


def breaches(message: Outgoing, known: Known) -> tuple[Breach, ...]:
    """Return every rule the message breaks; none is the only answer that lets it out."""
    return tuple(Breach(rule, what) for rule, check in _CHECKS for what in check(message, known))


def more_offers_than_allowed(message: Outgoing, known: Known) -> Iterator[str]:
    """R2: no more offers in an attempt, and on its subject within a day, than the profile's cap."""
    found = known.made(message.offer) if message.offer else None
    if found is None or known.ledger is None:
        return
    attempt, made = found
    profile, now = known.ledger.profile, made.shown_at
    cap = profile.offers_on(profile.day_of(now), began_on=_began_on(made.offer, known.ledger))
    allowed = cap + 1 if cap and attempt.asked_for_more else cap
    count = sum(
        now - CONTINUES_WITHIN <= other.shown_at <= now
        for a in known.attempts
        if a.about == attempt.about
        for other in a.offers
    )
    if count > allowed:
        yield f"offer {count} where {allowed} are allowed"


def offer_after_a_no(message: Outgoing, known: Known) -> Iterator[str]:
    """R3: after a refusal or a press of the control, no offer is made and no reason asked."""
    attempt = known.attempt
    if attempt is None or not message.offers_or_asks:
        return
    pressed = known.cancel_pressed_at is not None and known.cancel_pressed_at >= attempt.opened_at
    if attempt.refused or pressed:
        yield "an offer or a question why after the customer had said no"


def exit_is_missing(message: Outgoing, _known: Known) -> Iterator[str]:
    """R4: whatever is offered, or said about leaving, has the exit beside it."""
    text = _STAYS_EVEN_SO.sub("", _plain(message.text))
    weighs = message.offer or message.asks_for_a_yes or _CONSEQUENCE.search(text)
    if weighs and not any(button.intent == PRESS_CANCEL for button in message.buttons):
        yield "no cancel control beside an offer or a consequence"


def claims_to_be_human(message: Outgoing, _known: Known) -> Iterator[str]:
    """R11: the assistant never says or hints that it is a person; an agent is one."""
    if message.sender != AGENT and _HUMAN.search(_NOT_HUMAN.sub("", _plain(message.words))):
        yield "the assistant claims to be human"


def presses(message: Outgoing, _known: Known) -> Iterator[str]:
    """R12: nothing hurries, shames, hinders or misleads."""
    parts = message.parts
    if message.sender == AGENT:  # who misstates nothing by saying that they are a person
        parts = tuple(_HUMAN.sub("", _plain(part)) for part in parts)
    yield from dict.fromkeys(found.kind for part in parts for found in _pressing(part))


def offer_differs(message: Outgoing, known: Known) -> Iterator[str]:
    """R12: an offer is the recorded one, to the cent and the day, at today's price."""
    if message.offer is None:
        return
    found = known.made(message.offer)
    if found is None:
        yield "an offer that is not on record"
        return
    offer = found[1].offer
    subject = _subject(offer, known.ledger)
    recorded = offer.to_document()
    if known.ledger and known.ledger.history and isinstance(subject, Subscription):
        recorded |= price_terms(offer, known.ledger.history)
    for part in _BINDING & message.offer.keys() & recorded.keys():
        if message.offer[part] != recorded[part]:
            yield f"the offer's {part} is not the recorded one"
    if subject is not None and subject.price != offer.price:
        yield "the offer's price is not today's"


def figure_differs(message: Outgoing, known: Known) -> Iterator[str]:
    """R12: every amount, percentage and day is the billing record's, or a recorded offer's."""
    ledger = known.ledger
    if ledger is None or not message.has_figures:
        return
    text = message.words
    for name in names_with_figures(ledger):
        text = text.replace(name, "…")
    yield from _amounts_that_differ(text, message.words, ledger)
    percents = percents_on_record(ledger, message.words)
    if any(percent not in percents for percent in stated_percents(text)):
        yield "a percentage that is not on record"
    # What a person writes has other days in it as well: of a call, of a holiday.
    if message.sender != AGENT:
        yield from _days_that_differ(text, message, ledger)


def sells_in_hardship(message: Outgoing, known: Known) -> Iterator[str]:
    """Nothing is sold to somebody who is bereaved, ill or in need."""
    if message.offer is not None and known.attempt is not None and known.attempt.hardship:
        yield "an offer to a customer in hardship"


_BINDING = frozenset(
    {
        "kind",
        "policy",
        "price_minor",
        "price_after_minor",
        "price_later_minor",
        "price_per",
        "price_after_per",
        "currency",
        "starts_on",
        "until",
        "expires_at",
    }
)
_CHECKS: tuple[tuple[str, Callable[[Outgoing, Known], Iterator[str]]], ...] = (
    ("R2", more_offers_than_allowed),
    ("R3", offer_after_a_no),
    ("R4", exit_is_missing),
    ("R11", claims_to_be_human),
    ("R12", offer_differs),
    ("R12", figure_differs),
    ("pressure", presses),
    ("hardship", sells_in_hardship),
)


@lru_cache(maxsize=1024)
def _pressing(part: str) -> tuple[Pressing, ...]:
    """The same few titles and sentences go out again and again."""
    return pressing(part)


def _plain(text: str) -> str:
    return text.lower().replace("’", "'")


def _began_on(offer: Offer, ledger: Ledger) -> date:
    """Return the day from which a right to withdraw counts: the contract's, or the delivery's."""
    subject = _subject(offer, ledger)
    if isinstance(subject, Order):
        return subject.delivered_on or subject.ordered_on
    return subject.started_on if subject else date.min


def _subject(offer: Offer, ledger: Ledger | None) -> Subscription | Order | None:
    history = ledger.history if ledger else None
    if history is None:
        return None
    return next((subject for subject in history.subjects if subject.id == offer.about), None)


def _amounts_that_differ(text: str, words: str, ledger: Ledger) -> Iterator[str]:
    on_record, saved = amounts_on_record(ledger, words), savings_on_record(ledger)
    for amount in stated_amounts(text):
        if amount.is_saving and amount.money not in saved:
            yield "a saving that is not on record"
        elif amount.money not in on_record:
            yield "an amount that is not on record"


def _days_that_differ(text: str, message: Outgoing, ledger: Ledger) -> Iterator[str]:
    on_record = days_on_record(ledger, message.words)
    for readings in stated_days(text):
        if any(reading.is_on(day) for reading in readings for day in on_record):
            continue
        days = [day for reading in readings if (day := reading.full) is not None]
        if not any(_is_worked_out(day, message, ledger) for day in days):
            yield "a day that is not on record"


def _is_worked_out(day: date, message: Outgoing, ledger: Ledger) -> bool:
    """Say whether a day that is on no record follows from it: a later box, a pause not yet made."""
    if _BOX.search(message.text) and is_day_of_a_box(ledger, day):
        return True
    is_open = message.asks_for_a_yes or _LATEST.search(message.text) is not None
    is_new_pause = is_open and message.offer is None and _PAUSE.search(message.text)
    return bool(is_new_pause) and may_end_a_pause(ledger, day)
