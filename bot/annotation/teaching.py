"""Which messages teach most: those the assistant was unsure of, or that went on badly."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from bot.annotation.alike import share, words_of
from bot.annotation.judgement import Judgement, decided, disagree
from bot.conversations.understood import Guess, Heard, Understood

# Below this confidence a guess is worth a look; below the second margin two guesses are close.
UNSURE, CLOSE = 0.6, 0.2
# Below it a guess is none, and how close the next one is says nothing.
_A_GUESS = 0.2
# One in twelve sentences of the simulated customers is farther from every example than this.
FAR = 0.25
# Shorter messages are far from everything, or mean what was asked before.
_SHORTEST_NEW = 3
# Who says nearly the same again was not heard the first time.
_SAID_AGAIN = 0.4
# One in so many messages is looked at by a second trainer too, to see whether they agree.
_SECOND_LOOK = 5
_LEAVING = ("request_cancellation", "cancel_order", "return_order")
_TO_PEOPLE = ("ask_for_agent",)


@dataclass(frozen=True)
class Sign:
    """One reason to look at a message, in words, with how much it weighs."""

    kind: str
    weight: float
    words: str


@dataclass(frozen=True)
class Next:
    """What the customer did next: pressed a button (`pressed`, its intent), or said `heard`."""

    pressed: str | None = None
    heard: Heard | None = None


@dataclass(frozen=True)
class Happened:
    """A message with what came of it.

    `escalated` says that it went to a person because it was not understood.
    """

    heard: Heard
    next: Next | None = None
    escalated: bool = False
    judgements: tuple[Judgement, ...] = ()

    def judged_by(self, trainer: str) -> Judgement | None:
        return next((one for one in self.judgements if one.trainer == trainer), None)

    def is_for(self, trainer: str) -> bool:
        """Whether the trainer's decision is written: nobody else's was the first."""
        return all(one.trainer == trainer for one in decided(self.judgements)[:1])


def signs(happened: Happened) -> tuple[Sign, ...]:
    """Return why a message is worth a trainer's time, the weightiest first."""
    found = [
        *_disagreed(happened),
        *_went_on(happened),
        *_unsure(happened.heard.understood),
        *_new(happened.heard),
    ]
    return tuple(sorted(found, key=lambda sign: -sign.weight))


def worth(happened: Happened) -> float:
    """Return how much a message teaches; 0 where it was plainly understood."""
    return sum(sign.weight for sign in signs(happened))


def likeliest(happened: Happened) -> str | None:
    """Return the intent to try first: as it was understood when said again, or the first guess."""
    following = happened.next.heard if happened.next else None
    if following is not None and _corrected(happened.heard, following):
        return following.understood.intent
    return next((guess.intent for guess in happened.heard.understood.guesses), None)


def is_open_to(happened: Happened, trainer: str) -> bool:
    """Whether the trainer has something to decide about the message.

    Who disagrees with others may look again; who has agreed, or skipped it, is done.
    """
    if happened.heard.understood.language not in (None, "en"):
        return False  # no example of ours would help
    own, ruled = happened.judged_by(trainer), decided(happened.judgements)
    if disagree(happened.judgements):
        return own is None or own.is_decided
    if own is not None:
        return False
    return not ruled or (len(ruled) == 1 and is_second_look(happened.heard))


def is_second_look(heard: Heard) -> bool:
    """Whether this message is one of those that two trainers judge; the same ones for everybody."""
    digest = hashlib.sha256(f"{heard.conversation}:{heard.turn}".encode()).digest()
    return digest[0] % _SECOND_LOOK == 0


def _disagreed(happened: Happened) -> list[Sign]:
    if not disagree(happened.judgements):
        return []
    said = "; ".join(
        f"{one.trainer_name} says {' and '.join((*one.intents, *one.reasons))}"
        for one in decided(happened.judgements)
    )
    return [Sign("disagreed", 100, f"Trainers disagree: {said}")]


def _went_on(happened: Happened) -> list[Sign]:
    found = []
    heard, following = happened.heard, happened.next
    if happened.escalated:
        found.append(Sign("escalated", 4, "It went to a person because it was not understood"))
    if following is None:
        return found
    if following.heard is not None:
        found += _corrected(heard, following.heard)
    if following.pressed in ("press_cancel", "press_person"):
        wanted = _LEAVING if following.pressed == "press_cancel" else _TO_PEOPLE
        pressed = "“Cancel”" if following.pressed == "press_cancel" else "“Talk to a person”"
        if heard.understood.intent not in wanted and heard.understood.intent != "give_reason":
            found.append(Sign("took_exit", 2.5, f"The customer pressed {pressed} next"))
    return found


def _corrected(heard: Heard, again: Heard) -> list[Sign]:
    now, then = again.understood, heard.understood
    if now.intent == then.intent or not now.is_understood:
        return []
    is_again = share(words_of(heard.text), words_of(again.text)) >= _SAID_AGAIN
    if not is_again and then.is_understood:
        return []
    if is_again:
        words = f"The customer said it again, and it was understood as {now.intent}"
        return [Sign("corrected", 3, words)]
    return [Sign("corrected", 2, f"What the customer said next was understood as {now.intent}")]


def _unsure(understood: Understood) -> list[Sign]:
    found = []
    if not understood.is_understood:
        found.append(Sign("not_understood", 3, "It was not understood"))
    elif understood.confidence < UNSURE:
        weight = 2 * (1 - understood.confidence)
        found.append(Sign("unsure", weight, f"It was unsure: {understood.confidence:.0%}"))
    first, second = [*understood.guesses[:2], None, None][:2]
    if first and second and first.confidence >= _A_GUESS:
        found += _close(first, second)
    return found


def _close(first: Guess, second: Guess) -> list[Sign]:
    apart = first.confidence - second.confidence
    if apart >= CLOSE:
        return []
    guesses = ", ".join(f"{one.intent} {one.confidence:.0%}" for one in (first, second))
    return [Sign("close", 1.5 * (1 - apart / CLOSE), f"Two close guesses: {guesses}")]


def _new(heard: Heard) -> list[Sign]:
    near = heard.understood.nearness
    if near is None or near >= FAR or len(heard.text.split()) < _SHORTEST_NEW:
        return []
    return [Sign("new", 1.5 * (1 - near / FAR), "No example is like it")]


def in_order(found: Sequence[Happened], trainer: str) -> list[Happened]:
    """Return what is open to the trainer, what teaches most first, then the newest."""
    mine = [one for one in found if is_open_to(one, trainer)]
    # A second look waits behind what nobody has decided, unless two disagree.
    return sorted(
        mine,
        key=lambda one: (
            bool(decided(one.judgements)) and not disagree(one.judgements),
            -worth(one),
            -one.heard.at.timestamp(),
        ),
    )
