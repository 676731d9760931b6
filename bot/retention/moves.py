"""Moves: what each thing a customer can say or press leads to; the save attempt's state machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.retention import (
    answering,
    complaints,
    correcting,
    identifying,
    leaving,
    orders,
    people,
    questions,
    return_choices,
    service,
    small_talk,
    subjects,
    ways,
)
from bot.retention.account import ConcessionKind, Order
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Awaiting, Dialogue, Heard, Scene, Situation, Step
from bot.retention.resuming import resume
from bot.retention.save_attempt import Outcome
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON

MISUNDERSTOOD = "nlu_fallback"


def take(dialogue: Dialogue, heard: Heard, situation: Situation) -> Step:
    """Return what follows from one move; pure, so that every state can be explored."""
    if heard.intent != MISUNDERSTOOD:
        dialogue = understood(dialogue)
    if dialogue.person_for and heard.intent not in _ASKS_FOR_A_PERSON:
        dialogue = replace(dialogue, person_for=None)
    if people.tells_of_hardship(heard):
        dialogue = people.in_hardship(dialogue)
    scene = _in_context(Scene(dialogue, heard, situation))
    heard = scene.heard
    if heard.flag("fraud") and heard.intent not in (PRESS_CANCEL, PRESS_PERSON):
        return _fraud(scene)
    if heard.flag("distress") and heard.intent not in _LEAVES_BY_ITSELF:
        return people.distress(scene)
    return _treat(scene)


def understood(dialogue: Dialogue) -> Dialogue:
    """Return the dialogue without what was not understood in it, and the guesses that were shown:
    whatever is understood next comes as if it had never been."""
    if dialogue.awaiting is Awaiting.GUESS:
        return replace(dialogue, misunderstood=0, awaiting=None)
    return replace(dialogue, misunderstood=0) if dialogue.misunderstood else dialogue


def _treat(scene: Scene) -> Step:
    heard = scene.heard
    if ways.answers(scene):
        return ways.go(scene)
    if return_choices.names_another_item(scene):
        return orders.pick_item(scene)
    corrected = correcting.corrected_subject(scene) if heard.intent in _MAY_CORRECT else None
    if corrected:
        return correcting.begin_instead(scene, corrected)
    if heard.intent in _NEEDS_NOBODY:
        return _NEEDS_NOBODY[heard.intent](scene)
    if scene.situation.history is None:
        return _from_a_visitor(scene)
    return _HANDLERS.get(heard.intent, small_talk.misunderstood)(scene)


def _from_a_visitor(scene: Scene) -> Step:
    """Whose account it is must be known first; a bare answer on the way to a person is no wish."""
    if scene.dialogue.awaiting in ways.ON_THE_WAY and scene.heard.intent in _BARE:
        return scene.step(*ways.again(scene))
    return identifying.ask_who(scene)


def _fraud(scene: Scene) -> Step:
    """A person at once; an exit insisted on in the same words is carried out first (R10)."""
    insists = scene.heard.intent == "request_cancellation" and scene.heard.flag("insisting")
    if insists and scene.situation.history is not None:
        return people.beside(scene, _treat(scene), "fraud")
    return people.escalate(scene, "fraud")


def _in_context(scene: Scene) -> Scene:
    """Take words for what they mean here: another length for the pause on offer is a yes to it,
    and "just do it", said to someone who asks why, is the exit."""
    awaiting, heard = scene.dialogue.awaiting, scene.heard
    attempt = scene.dialogue.open_attempt
    if attempt is None or heard.intent not in _VAGUE:
        return scene
    offer = attempt.open_offer
    meant = None
    if awaiting is Awaiting.OFFER and offer and offer.kind is ConcessionKind.PAUSE:
        meant = "accept_offer" if heard.flag("duration") else None
    elif awaiting in (Awaiting.REASON, Awaiting.RESOLUTION):
        meant = "request_cancellation" if heard.flag("insisting") else None
    return scene.with_heard(replace(heard, intent=meant)) if meant else scene


def press_cancel(scene: Scene) -> Step:
    """The cancel control: carried out, wherever the conversation stands (R3, R6)."""
    plea, awaiting = scene.dialogue.plea, scene.dialogue.awaiting
    if awaiting is Awaiting.CONFIRMATION and plea:
        return answering.carry_out_plea(leaving.refused(scene), plea)
    if awaiting is Awaiting.SUBJECT and scene.dialogue.waiting_move:
        return _insisting_while_asked_which(scene)
    attempt = scene.dialogue.attempt
    if attempt and isinstance(scene.situation.subject(attempt.about), Order):
        if attempt.outcome in (None, Outcome.ESCALATED):
            reopened = replace(scene.dialogue, attempt=attempt.reopened())
            return orders.insist(scene.with_dialogue(reopened))
    elif subjects.is_about_a_subscription(scene):
        return leaving.insist(scene)
    return _leave_anything(scene, insisting=True)


def request_cancellation(scene: Scene) -> Step:
    """A stated wish to leave, of a subscription or of the order that was named."""
    attempt, plea = scene.dialogue.open_attempt, scene.dialogue.plea
    if scene.dialogue.awaiting in ways.ON_THE_WAY:
        scene = subjects.insisting(scene)  # said while waiting for a person (settled 5)
    if scene.dialogue.awaiting is Awaiting.CONFIRMATION and plea:
        return answering.carry_out_plea(leaving.refused(scene), plea)
    if scene.dialogue.awaiting is Awaiting.SUBJECT and scene.dialogue.waiting_move:
        return _insisting_while_asked_which(scene)
    if attempt and isinstance(scene.situation.subject(attempt.about), Order):
        return orders.insist(scene)
    if scene.dialogue.asks_whether_solved:
        return leaving.insist(_with_what_was_not_solved(scene))
    if attempt is None and subjects.names_an_order(scene):
        return orders.treat(scene)
    names = subjects.names_a_subscription(scene) or subjects.names_an_order(scene)
    if scene.heard.flag("insisting") and not names:
        return press_cancel(scene)  # words that name nothing do what the control does (R6)
    return _leave_anything(scene, insisting=False)


def _with_what_was_not_solved(scene: Scene) -> Scene:
    """Leaving although the fault was made good is a refusal; why is known already (settled 2)."""
    why = ("cancellation_reason", CancellationReason.DELIVERY_PROBLEM.value)
    heard = scene.heard
    return scene.with_heard(replace(heard, entities=(why, *heard.entities)))


def choose(scene: Scene) -> Step:
    """One of the options was picked: go on with the move that had to wait for it."""
    waiting, option = scene.dialogue.waiting_move, scene.heard.value("option")
    if scene.dialogue.awaiting is Awaiting.CHOICE:
        return orders.pick(scene)
    if scene.dialogue.awaiting is Awaiting.DURATION:
        return service.pause(scene)
    known = {o.id for o in scene.dialogue.options}
    if waiting is None or option is None or (known and option not in known):
        asked_again = resume(scene) if waiting else ()
        return scene.step(*asked_again) if asked_again else small_talk.misunderstood(scene)
    chosen = ("both", "true") if option == "both" else ("option", option)
    entities = tuple(e for e in waiting.entities if e[0] not in ("plan", "subscription"))
    again = replace(waiting, entities=(chosen, *entities), text=waiting.text)
    dialogue = replace(scene.dialogue.asks(None), waiting_move=None)
    scene = Scene(dialogue, again, scene.situation)
    if any(o.id == option for o in scene.situation.account.orders):
        return orders.begin(scene, scene.situation.account.order(option))
    return _HANDLERS[again.intent](scene)


def complain(scene: Scene) -> Step:
    """Anger is met by a person, at once; other dissatisfaction is mended where it can be."""
    if scene.heard.flag("anger") and scene.dialogue.open_attempt is None:
        return people.escalate(scene, "complaint")
    return complaints.hear_complaint(scene)


def _insisting_while_asked_which(scene: Scene) -> Step:
    """Asked which one, they say it again or name it: keep that they insist; ask on if needed."""
    waiting = scene.dialogue.waiting_move
    assert waiting is not None  # the caller checked; said for the reader
    entities = dict.fromkeys((*waiting.entities, *scene.heard.entities, ("insisting", "true")))
    heard = Heard("request_cancellation", scene.heard.text, tuple(entities))
    return _leave_anything(scene.with_heard(heard), insisting=False)


def _leave_anything(scene: Scene, *, insisting: bool) -> Step:
    """Leave a subscription if there is one, else cancel or send back the order there is."""
    live = any(s.is_live for s in scene.situation.account.subscriptions)
    scene = subjects.insisting(scene) if insisting else scene
    if not live and orders.open_orders(scene):
        heard = replace(scene.heard, intent="cancel_order")
        return orders.treat(scene.with_heard(heard))
    return leaving.insist(scene) if insisting else leaving.leave(scene)


# Somebody in distress who wants out is met with sympathy and the exit, as any hardship is; the
# controls mean what they say.
_LEAVES_BY_ITSELF = frozenset(
    {"request_cancellation", "cancel_order", "return_order", PRESS_CANCEL, PRESS_PERSON}
)

_ASKS_FOR_A_PERSON = frozenset({"ask_for_agent", PRESS_PERSON})

# Short answers, and words that mean little without what was asked.
_VAGUE = frozenset(
    {
        "affirm",
        "deny",
        "accept_offer",
        "decline_offer",
        "ask_other_options",
        "request_pause",
        "change_frequency",
        "out_of_scope",
        MISUNDERSTOOD,
    }
)

Handler = Callable[[Scene], Step]

_BARE = frozenset({"affirm", "deny", "accept_offer", "decline_offer"})

# "No, the other one": said as an answer, a reason, or in words that mean nothing by themselves.
_MAY_CORRECT = frozenset(
    {
        "affirm",
        "ask_other_options",
        "choose_option",
        "deny",
        "give_reason",
        "request_cancellation",
        MISUNDERSTOOD,
    }
)

# What anybody may do, known or not.
_NEEDS_NOBODY: dict[str, Handler] = {
    "conversation_opened": small_talk.greet_first,
    "conversation_closed": small_talk.left,
    "customer_silent": small_talk.silent,
    PRESS_PERSON: people.ask_for_agent,
    "ask_for_agent": people.ask_for_agent,
    "threaten_legal": people.legal,
    "provide_email": identifying.take_email,
    "provide_code": identifying.take_code,
    "greet": small_talk.greet,
    "thank": small_talk.thank,
    "goodbye": small_talk.goodbye,
    "ask_are_you_human": small_talk.are_you_human,
    "out_of_scope": small_talk.out_of_scope,
    "other_language": small_talk.other_language,
    "ask_to_repeat": small_talk.say_again,
    MISUNDERSTOOD: small_talk.misunderstood,
    "ask_plan": questions.plan,
}

_HANDLERS: dict[str, Handler] = {
    PRESS_CANCEL: press_cancel,
    "request_cancellation": request_cancellation,
    "cancel_order": orders.treat,
    "return_order": orders.treat,
    "choose_option": choose,
    "affirm": answering.affirm,
    "accept_offer": answering.accept,
    "deny": answering.deny,
    "decline_offer": answering.decline,
    "ask_other_options": answering.other_options,
    "keep_subscription": answering.keep,
    "give_reason": answering.give_reason,
    "request_discount": answering.ask_discount,
    "undo_cancellation": service.undo,
    "request_pause": service.pause,
    "skip_delivery": service.skip,
    "request_downgrade": service.change_plan,
    "change_frequency": service.change_frequency,
    "report_problem": complaints.hear_problem,
    "complain": complain,
    "express_hardship": people.hardship,
    "ask_cancellation_terms": questions.cancellation_terms,
    "ask_refund_terms": questions.refund_terms,
    "ask_billing": questions.billing,
    "ask_order_status": questions.order_status,
    "request_data_erasure": people.erase_data,
}

KNOWN_INTENTS = frozenset({*_NEEDS_NOBODY, *_HANDLERS, "provide_phone"})
