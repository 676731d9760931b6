"""Passages: every way from one place to the next, as the desk would go it.

The same parts in the same order as the use case `make_move`, without a database: the move is
taken, billing carries it out, refuses it or does not answer, and the outcome is worded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from bot.errors import NotPossible
from bot.retention import conclusions, identifying, moves, people
from bot.retention.dialogue import (
    Act,
    Heard,
    Scene,
    SendCode,
    Step,
    TryCode,
)
from bot.retention.proof.memory import remember
from bot.retention.proof.place import Ledger, Place
from bot.retention.say import Say


class Billing(str, Enum):
    """What the billing system did in a passage."""

    NOT_ASKED = "not asked"
    DONE = "done"
    REFUSED = "refused"
    DOWN = "down"


@dataclass(frozen=True)
class Passage:
    """One move and one of its outcomes.

    `said` is what the customer did; `heard` is what it was taken as, which differs where a code
    lets the move go on that had to wait for it.
    """

    before: Place
    said: Heard
    heard: Heard
    step: Step
    after: Place
    billing: Billing = Billing.NOT_ASKED
    act: Act | None = None

    @property
    def says(self) -> tuple[Say, ...]:
        return self.step.says


def passages(place: Place, heard: Heard, *, only: Billing | None = None) -> Iterator[Passage]:
    """Yield every outcome of a move; with `only`, of what billing may do, that alone."""
    step = moves.take(place.dialogue, heard, place.situation)
    scene = Scene(step.dialogue, heard, place.situation)
    if isinstance(step.identify, TryCode):
        yield _said(place, heard, identifying.code_refused(scene))
        yield from _known(scene, place)
    elif step.act is not None:
        yield from _acted(scene, step.act, place, only)
    else:
        yield _said(place, heard, step)
        if isinstance(step.identify, SendCode):
            yield _said(place, heard, identifying.too_many_codes(scene))


def done(place: Place, heard: Heard) -> Passage:
    """Return the outcome of a move when the billing system does what it is told."""
    *_others, last = passages(place, heard, only=Billing.DONE)
    return last


def billing_is_back(place: Place) -> Place:
    """Return the place once the exits that had to wait are carried out."""
    ledger = place.ledger and place.ledger.after(place.owed, place.now)
    return replace(place, ledger=ledger, owed=())


def _said(place: Place, heard: Heard, step: Step) -> Passage:
    memory = remember(place.memory, place.dialogue, heard, step)
    return Passage(place, heard, heard, step, place.then(step, place.ledger, memory))


def _known(scene: Scene, place: Place) -> Iterator[Passage]:
    """The code was right: who it is is known, and what had to wait goes on."""
    known = replace(place, ledger=place.beginning.ledger)
    scene, waiting = identifying.known_now(replace(scene, situation=known.situation))
    known = replace(known, dialogue=scene.dialogue)
    say = Say("utter_known_now", {"name": known.situation.account.customer.name})
    if waiting is None:
        yield _said(known, scene.heard, scene.step(say))
        return
    for passage in passages(known, waiting):
        step = replace(passage.step, says=(say, *passage.says))
        yield replace(passage, said=scene.heard, step=step)


def _acted(scene: Scene, act: Act, place: Place, only: Billing | None) -> Iterator[Passage]:
    for billing in (only,) if only else (Billing.DOWN, Billing.REFUSED, Billing.DONE):
        yield _ACTED[billing](scene, act, place)


def _down(scene: Scene, act: Act, place: Place) -> Passage:
    step = conclusions.billing_down(scene, act)
    owed = (*place.owed, *act.commands) if act.is_exit else place.owed
    passage = _worded(scene, act, step, place, place.ledger)
    return replace(passage, billing=Billing.DOWN, after=replace(passage.after, owed=owed))


def _refused(scene: Scene, act: Act, place: Place) -> Passage:
    step = conclusions.not_possible(scene, act)
    passage = _worded(scene, act, step, place, place.ledger)
    return replace(passage, billing=Billing.REFUSED)


def _done(scene: Scene, act: Act, place: Place) -> Passage:
    if place.ledger is None:
        raise LookupError("nothing can be done for a customer who is not known")
    try:
        ledger = place.ledger.after(act.commands, place.now)
    except NotPossible:
        return _refused(scene, act, place)
    situation = replace(place.situation, history=ledger.history(place.now))
    step = conclusions.concluded(replace(scene, situation=situation), act)
    passage = _worded(scene, act, step, place, ledger)
    return replace(passage, billing=Billing.DONE)


def _worded(scene: Scene, act: Act, step: Step, place: Place, ledger: Ledger | None) -> Passage:
    step = people.after_act(scene, step, act)
    memory = remember(place.memory, place.dialogue, scene.heard, step)
    after = place.then(step, ledger, memory)
    return Passage(place, scene.heard, scene.heard, step, after, act=act)


_ACTED = {Billing.DOWN: _down, Billing.REFUSED: _refused, Billing.DONE: _done}
