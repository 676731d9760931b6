"""Inputs: everything a customer can say or press, as the dialogue hears it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.retention import moves
from bot.retention.account import ConcessionKind
from bot.retention.dialogue import Awaiting, Heard
from bot.retention.proof.place import Place
from bot.retention.say import PRESS_CANCEL

_WISH = "request_cancellation"
# Causes that lead different ways: one with a policy of its own for price, for use, one that can
# be mended, and one that nobody speaks of.
REASONS = ("too_expensive", "unused", "delivery_problem", "other")
_SAID_BELOW = frozenset({"conversation_opened", "provide_email", "nlu_fallback"})
_PLAIN = sorted(moves.KNOWN_INTENTS - _SAID_BELOW)

EXITS: tuple[Heard, ...] = (
    Heard(PRESS_CANCEL),
    Heard(_WISH, "just end it, no offers", (("insisting", "true"),)),
    Heard(_WISH, "end it right now", (("immediate", "true"),)),
    Heard(_WISH, "my lawyer wants it ended", (("legal", "true"),)),
    Heard(_WISH, "close my account for good", (("insisting", "true"),)),
    Heard(_WISH, "end it, it was fraud", (("insisting", "true"), ("fraud", "true"))),
)
NOT_UNDERSTOOD = Heard("nlu_fallback", "hm", ranking=("ask_plan", "report_problem"))
ACCEPT = Heard("accept_offer", "I take what you offered")
OPENED = Heard("conversation_opened")

MOVES: tuple[Heard, ...] = (
    *EXITS,
    *(Heard(intent, intent.replace("_", " ")) for intent in _PLAIN if intent != PRESS_CANCEL),
    *(
        Heard(intent, f"because: {reason}", (("cancellation_reason", reason),))
        for intent in (_WISH, "give_reason")
        for reason in REASONS
    ),
    Heard(_WISH, "I want out of both of them", (("both", "true"),)),
    Heard(_WISH, "I lost my job and want out", (("hardship", "true"),)),
    Heard(_WISH, "I can't cope any more, end it", (("distress", "true"),)),
    Heard("give_reason", "I am ill", (("hardship", "true"),)),
    Heard("give_reason", "the one of my mother", (("subscription", "mother"),)),
    Heard("deny", "no, I meant the other one"),
    Heard("complain", "late again", (("cancellation_reason", "delivery_problem"),)),
    Heard("complain", "this makes me furious", (("anger", "true"),)),
    Heard("request_pause", "two months", (("duration", "P2M"),)),
    Heard("request_pause", "a year", (("duration", "P12M"),)),
    Heard("return_order", "exchange the pan", (("order_number", "O-5002"),)),
    Heard("return_order", "the mat goes back", (("order_number", "O-5003"),)),
    Heard("choose_option", "both", (("option", "both"),)),
    Heard("choose_option", "refund", (("option", "refund"),)),
    Heard("other_language", "...", (("language", "de"),)),
    Heard("greet", "somebody stole my card", (("fraud", "true"),)),
    Heard("provide_email", "me@home.example", (("email", "me@home.example"),)),
    Heard("provide_email", "my address"),
    Heard("provide_code", "123456", (("code", "123456"),)),
    NOT_UNDERSTOOD,
)


def answers_of(place: Place) -> Iterator[Heard]:
    """Yield what can only be said here: to the open offer, to what is asked for."""
    attempt = place.dialogue.open_attempt
    if attempt and attempt.open_offer:
        yield Heard("accept_offer", "I'll take it", (("offer", attempt.open_offer.id),))
        if attempt.open_offer.kind is ConcessionKind.PAUSE:
            yield Heard("accept_offer", "for a month", (("duration", "P1M"),))
    if place.dialogue.awaiting is Awaiting.PHONE:
        yield Heard("provide_phone", "+44 20 7946 0018", (("phone", "+44 20 7946 0018"),))
    for option in place.dialogue.options:
        yield Heard("choose_option", option.title, (("option", option.id),))
