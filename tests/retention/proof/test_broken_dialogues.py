"""A proof that cannot fail proves nothing: broken dialogues, each caught by its rule.

Every test breaks one real function and nothing else, walks a beginning where that shows, and
finds the rule with a chat that leads to the break.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import bootstrap_proof, settings
from bot.retention import (
    answering,
    buttons,
    consent,
    identifying,
    jurisdiction,
    knowing,
    leaving,
    moves,
    offering,
    people,
    service,
    small_talk,
)
from bot.retention.commands import CancelSubscription
from bot.retention.dialogue import Act, Awaiting, Heard, Scene, Situation, Step
from bot.retention.proof import inputs
from bot.retention.proof.place import Beginning
from bot.retention.proof.rules import NUMBERS
from bot.retention.proof.walk import Violation, Walk
from bot.retention.save_attempt import Outcome
from bot.retention.say import PRESS_CANCEL, Say
from tests.factories import TODAY

Break = Callable[[pytest.MonkeyPatch], None]

# Enough moves for the breaks below, so that each is found in seconds.
WISH = "request_cancellation"
FEW = (
    *inputs.EXITS,
    Heard(WISH, "I want to leave you"),
    Heard(WISH, "it costs too much", (("cancellation_reason", "too_expensive"),)),
    *(
        Heard(intent, intent)
        for intent in (
            "accept_offer",
            "affirm",
            "ask_are_you_human",
            "ask_for_agent",
            "ask_other_options",
            "customer_silent",
            "deny",
            "express_hardship",
            "keep_subscription",
            "request_discount",
            "request_pause",
            "skip_delivery",
        )
    ),
    Heard("request_pause", "for two months", (("duration", "P2M"),)),
    inputs.NOT_UNDERSTOOD,
)
MAYA, LENA, EVE, BRAZIL = "A-1001", "A-1005", "A-1013", "an account in BR"
BUSINESS = "a business"


@pytest.fixture(scope="module")
def beginnings() -> tuple[Beginning, ...]:
    return bootstrap_proof.proof_beginnings(settings.load(), on=TODAY)


def found(beginnings: tuple[Beginning, ...], title: str) -> dict[str, Violation]:
    """Return the violations of the first moves, or of the whole walk if there is none."""
    [beginning] = [b for b in beginnings if b.title.startswith(title)]
    walk = Walk(beginning, inputs=FEW, deepest=3)
    for _passage in walk.explore():
        pass
    return walk.violations


def offers_after_a_no(patch: pytest.MonkeyPatch) -> None:
    """Declining leads to the next offer on the ladder."""
    patch.setattr(answering, "decline", lambda scene: answering.other_options(scene))


def offers_once_more_unasked(patch: pytest.MonkeyPatch) -> None:
    """Not understanding the answer to an offer brings another one."""
    real = small_talk.misunderstood

    def misunderstood(scene: Scene) -> Step:
        asked = scene.dialogue.awaiting is Awaiting.OFFER
        return answering.other_options(scene) if asked else real(scene)

    patch.setitem(moves._NEEDS_NOBODY, "nlu_fallback", misunderstood)


def hides_the_exit(patch: pytest.MonkeyPatch) -> None:
    """The offer has no way to cancel."""
    real = offering.offer_say

    def offer_say(scene: Scene, offer: Any) -> Say:
        say = real(scene, offer)
        return replace(say, buttons=tuple(b for b in say.buttons if b.intent != PRESS_CANCEL))

    patch.setattr(offering, "offer_say", offer_say)


def puts_the_exit_last(patch: pytest.MonkeyPatch) -> None:
    """The way to cancel is the last of the offer's buttons."""
    real = offering.offer_say

    def offer_say(scene: Scene, offer: Any) -> Say:
        say = real(scene, offer)
        ordered = sorted(say.buttons, key=lambda button: button.intent == PRESS_CANCEL)
        return replace(say, buttons=tuple(ordered))

    patch.setattr(offering, "offer_say", offer_say)


def leaves_only_by_a_person(patch: pytest.MonkeyPatch) -> None:
    """Cancelling has to be done by an agent."""
    patch.setattr(leaving, "carry_out", lambda scene: people.escalate(scene, "requested"))


def insists_on_a_reason(patch: pytest.MonkeyPatch) -> None:
    """Not telling the reason is met by asking again."""

    def ask_again(scene: Scene) -> Step:
        say = Say("utter_resume_reason", {}, buttons.WHY)
        return scene.step(say)

    patch.setattr(answering, "without_reason", ask_again)


def hides_the_price_afterwards(patch: pytest.MonkeyPatch) -> None:
    """The terms say the new price, and not what is paid later."""
    real = consent.offer_figures

    def figures(offer: Any, history: Any) -> dict[str, str]:
        return {**real(offer, history), "price": "the usual price"}

    patch.setattr(consent, "offer_figures", figures)


def offers_in_a_strict_profile(patch: pytest.MonkeyPatch) -> None:
    """The profile that forbids offers is taken for one that allows them."""
    patch.setattr(jurisdiction.Profile, "is_strict", False)
    patch.setattr(jurisdiction.Profile, "offers_on", lambda profile, day, began_on: 1)


def loses_the_queue(patch: pytest.MonkeyPatch) -> None:
    """When billing is down, an exit is to be tried again later like anything else."""
    patch.setattr(Act, "is_exit", False)


def queues_from_now_on(patch: pytest.MonkeyPatch) -> None:
    """What has to wait counts from when it is heard, not from when it was asked for."""
    real = leaving.CancelSubscription

    def cancel(*given: Any, requested_at: Any, **named: Any) -> CancelSubscription:
        return real(*given, requested_at=requested_at.replace(second=0), **named)

    patch.setattr(leaving, "CancelSubscription", cancel)


def accepts_without_restating(patch: pytest.MonkeyPatch) -> None:
    """Accepting is carried out on the spot."""
    real = answering.accept

    def accept(scene: Scene) -> Step:
        step = real(scene)
        plea = step.dialogue.plea
        if step.dialogue.awaiting is not Awaiting.CONSENT or plea is None:
            return step
        return service.carry_out(scene.with_dialogue(step.dialogue), plea)

    patch.setitem(moves._HANDLERS, "accept_offer", accept)


def ignores_cancelling_while_asked(patch: pytest.MonkeyPatch) -> None:
    """Words of cancelling are not heard while consent is awaited."""
    real = moves.request_cancellation

    def request_cancellation(scene: Scene) -> Step:
        if scene.dialogue.awaiting is Awaiting.CONSENT:
            return small_talk.say_again(scene)
        return real(scene)

    patch.setitem(moves._HANDLERS, WISH, request_cancellation)


def works_by_control_alone(patch: pytest.MonkeyPatch) -> None:
    """Words are asked about, where the control is carried out."""
    patch.setitem(
        moves._HANDLERS,
        WISH,
        lambda scene: (
            leaving.sympathise(scene) if scene.dialogue.open_attempt else leaving.leave(scene)
        ),
    )


def takes_silence_for_staying(patch: pytest.MonkeyPatch) -> None:
    """Who says nothing is recorded as saved."""
    real = small_talk.silent

    def silent(scene: Scene) -> Step:
        step = real(scene)
        closed = tuple(replace(attempt, outcome=Outcome.SAVED) for attempt in step.closed)
        return replace(step, closed=closed)

    patch.setitem(moves._NEEDS_NOBODY, "customer_silent", silent)


def closes_at_the_renewal(patch: pytest.MonkeyPatch) -> None:
    """Nothing can be cancelled in the last two days before a renewal."""
    real = leaving.carry_out

    def carry_out(scene: Scene) -> Step:
        account, now = scene.situation.account, scene.situation.now
        renewals = [s.renews_on for s in account.subscriptions if s.renews_on]
        if any((day - now.date()).days <= 2 for day in renewals):
            return leaving.nothing_to_leave(scene)
        return real(scene)

    patch.setattr(leaving, "carry_out", carry_out)


def keeps_the_person_away(patch: pytest.MonkeyPatch) -> None:
    """Who asks for a person is talked to first."""
    patch.setitem(moves._NEEDS_NOBODY, "ask_for_agent", small_talk.out_of_scope)


def says_nothing_of_itself(patch: pytest.MonkeyPatch) -> None:
    """Who asks whether this is a person is given no answer."""
    patch.setitem(moves._NEEDS_NOBODY, "ask_are_you_human", small_talk.greet)


def asks_the_known_who_they_are(patch: pytest.MonkeyPatch) -> None:
    """To cancel, an e-mail address has to be given once more."""
    patch.setattr(leaving, "carry_out", identifying.ask_who)


def is_lenient_where_nothing_is_known(patch: pytest.MonkeyPatch) -> None:
    """An unknown jurisdiction gets the mildest profile."""

    def of(profiles: Any, key: str | None, on: Any) -> Any:
        exact = [p for p in profiles.known if key and p.key in (key, key.split("-")[0])]
        return (exact or sorted(profiles.known, key=lambda p: -p.offers_before_completion))[0]

    patch.setattr(jurisdiction.Profiles, "of", of)


def holds_businesses_to_less(patch: pytest.MonkeyPatch) -> None:
    """Several households count as a business, for which offers may be made."""
    real = knowing.situation_at

    def situation_at(now: Any, history: Any, **named: Any) -> Situation:
        situation = real(now, history, **named)
        if history is None or history.households < 10:
            return situation
        return replace(situation, profile=named["rules"].profiles.of("US", now.date()))

    patch.setattr(knowing, "situation_at", situation_at)


def forgets_hardship(patch: pytest.MonkeyPatch) -> None:
    """Hardship counts in the attempt it is told in, and not in the next one."""
    real = leaving.with_new_attempt

    def with_new_attempt(scene: Scene, subscription: Any) -> Any:
        dialogue = replace(scene.dialogue, in_hardship=False)
        return real(scene.with_dialogue(dialogue), subscription)

    patch.setattr(leaving, "with_new_attempt", with_new_attempt)


BROKEN: list[tuple[str, Break, str]] = [
    ("R1", ignores_cancelling_while_asked, MAYA),
    ("R1", leaves_only_by_a_person, EVE),
    ("R2", offers_once_more_unasked, MAYA),
    ("R2", offers_in_a_strict_profile, LENA),
    ("R2", forgets_hardship, MAYA),
    ("R3", offers_after_a_no, MAYA),
    ("R4", hides_the_exit, MAYA),
    ("R4", puts_the_exit_last, MAYA),
    ("R5", insists_on_a_reason, MAYA),
    ("R6", works_by_control_alone, MAYA),
    ("R7", takes_silence_for_staying, MAYA),
    ("R8", closes_at_the_renewal, MAYA),
    ("R9", leaves_only_by_a_person, EVE),
    ("R9", asks_the_known_who_they_are, EVE),
    ("R10", keeps_the_person_away, EVE),
    ("R11", says_nothing_of_itself, EVE),
    ("R13", accepts_without_restating, MAYA),
    ("R13", hides_the_price_afterwards, MAYA),
    ("R18", loses_the_queue, EVE),
    ("R18", queues_from_now_on, EVE),
    ("R19", is_lenient_where_nothing_is_known, BRAZIL),
    ("R20", holds_businesses_to_less, BUSINESS),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "breaks", "title"), BROKEN, ids=lambda given: getattr(given, "__name__", str(given))
)
def test_the_proof_catches_it(rule, breaks, title, beginnings, monkeypatch):
    assert breaks.__doc__
    breaks(monkeypatch)
    violation = found(beginnings, title)[rule]
    assert violation.rule == rule
    assert violation.what


@pytest.mark.slow
@pytest.mark.parametrize("title", [MAYA, LENA, EVE, BRAZIL, BUSINESS])
def test_the_real_dialogue_breaks_no_rule_there(title, beginnings):
    """The premise of the tests above."""
    assert found(beginnings, title) == {}


def test_every_rule_is_broken_by_one_of_these():
    assert {rule for rule, _breaks, _title in BROKEN} == set(NUMBERS)
