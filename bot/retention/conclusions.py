"""Conclusions: what is said, and kept as a receipt, once the billing system has done its part."""

from __future__ import annotations

from dataclasses import replace

from bot.money import Money
from bot.retention import buttons
from bot.retention.account import Subscription
from bot.retention.calendar import write_instant
from bot.retention.cancellation import asks_to_delete_account
from bot.retention.dialogue import SOLVED, Act, Awaiting, Conclusion, Plea, Scene, Step
from bot.retention.figures import (
    exit_figures,
    incident_figures,
    offer_figures,
    order_figures,
    subject_name,
    subscription_figures,
    undated,
)
from bot.retention.offer import read_offer
from bot.retention.receipts import (
    exit_receipt,
    offer_receipt,
    order_receipt,
    queued_receipt,
    service_receipt,
)
from bot.retention.save_attempt import Answer, Outcome, SaveAttempt
from bot.retention.say import Say


def concluded(scene: Scene, act: Act) -> Step:
    """Word what is now true: `scene` holds the account as billing tells it after the act."""
    return {
        Conclusion.LEFT: _left,
        Conclusion.OFFER_TAKEN: _offer_taken,
        Conclusion.SERVED: _served,
        Conclusion.UNDONE: _undone,
        Conclusion.ORDER_CANCELED: _order_canceled,
        Conclusion.RETURNING: _returning,
        Conclusion.REMEDIED: _remedied,
    }[act.then](scene, act)


def not_possible(scene: Scene, act: Act) -> Step:
    """Billing refused: nothing was changed, and the customer is told; exit and person stay."""
    dialogue = replace(scene.dialogue.asks(None), plea=None)
    leaving = act.then in (Conclusion.LEFT, Conclusion.ORDER_CANCELED)
    response = "utter_not_possible_exit" if leaving else "utter_not_possible"
    return scene.step(Say(response, {}, (buttons.CANCEL, buttons.PERSON)), dialogue=dialogue)


def billing_down(scene: Scene, act: Act, *, unsure_whether_done: bool = False) -> Step:
    """Billing does not answer: an exit is queued, anything else can be tried again."""
    if act.is_exit:
        return queued(scene, act)
    return unsure(scene, act) if unsure_whether_done else try_later(scene, act)


def queued(scene: Scene, act: Act) -> Step:
    """Billing is down: the cancellation stands with the time it was asked for (R18)."""
    subjects = act.detail.get("subjects") or [act.detail["subject"]]
    named = ", ".join(subject_name(scene.situation.subject(subject)) for subject in subjects)
    figures = {"contract": named, "requested_at": write_instant(scene.situation.requested_at)}
    receipt = queued_receipt(scene, figures)
    account = scene.situation.account
    subscriptions = [account.subscription(subject) for subject in act.detail.get("subjects", ())]
    step = _close(scene.offering_person("backend_failing"), Outcome.CANCELED, subscriptions)
    say = Say("utter_cancellation_queued", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def try_later(scene: Scene, act: Act) -> Step:
    """Billing is down and this is no exit: nothing was done, and it can be tried again."""
    scene = scene.offering_person("backend_failing")
    say = Say("utter_try_later", {}, (buttons.CANCEL, buttons.PERSON))
    return scene.step(say, dialogue=replace(scene.dialogue.asks(None), plea=None))


def ran_out(scene: Scene) -> Step:
    """The offer ran out before consent, and cannot be had any more: nothing was done."""
    say = Say("utter_offer_expired", {}, (buttons.CANCEL, buttons.PERSON))
    return scene.step(say, dialogue=replace(scene.dialogue.asks(None), plea=None))


def unsure(scene: Scene, act: Act) -> Step:
    """Billing broke off in the middle: what was agreed is finished later, under the same key."""
    settles = {
        Conclusion.OFFER_TAKEN: Answer.ACCEPTED,
        Conclusion.SERVED: Answer.DECLINED,
        Conclusion.UNDONE: Answer.DECLINED,
    }
    scene = scene.offering_person("backend_failing")
    say = Say("utter_will_be_done", {}, (buttons.CANCEL, buttons.PERSON))
    if act.then not in settles:
        return scene.step(say, dialogue=replace(scene.dialogue.asks(None), plea=None))
    attempt = scene.dialogue.open_attempt
    if attempt:
        answered = replace(scene.dialogue, attempt=attempt.answered(settles[act.then]))
        scene = scene.with_dialogue(answered)
    return replace(_close(scene, Outcome.SAVED), says=(say,))


def _left(scene: Scene, act: Act) -> Step:
    account = scene.situation.account
    subscriptions = [account.subscription(subject) for subject in act.detail["subjects"]]
    says, receipts = [], []
    for number, subscription in enumerate(subscriptions):
        figures = exit_figures(subscription, account, requested_at=scene.situation.requested_at)
        receipt = exit_receipt(scene, figures, number=number)
        receipts.append(receipt)
        before = act.detail["before"].get(subscription.id)
        response = _exit_response(subscription, before, refund=act.detail["refund"])
        offered = () if not subscription.is_live else (buttons.UNDO,)
        says.append(Say(response, figures, (*offered, buttons.PERSON), receipt=receipt.id))
        if figures["open"]:
            says.append(Say("utter_left_open_invoice", figures, (buttons.PERSON,)))
    if act.detail["person_for"]:
        scene = scene.offering_person(act.detail["person_for"])
        says.append(Say("utter_left_person_offered", {}, (buttons.PERSON,)))
    if asks_to_delete_account(scene.heard.text):
        says.append(Say("utter_left_erasure_offered", {}, (buttons.ERASE_DATA, buttons.PERSON)))
    step = _close(scene, Outcome.CANCELED, subscriptions)
    return replace(step, says=tuple(says), receipts=tuple(receipts))


def _exit_response(subscription: Subscription, before: str | None, *, refund: bool) -> str:
    if refund:
        return "utter_left_with_refund"
    if subscription.is_live:
        return "utter_left_at_period_end"
    return {"trialing": "utter_left_trial", "paused": "utter_left_paused"}.get(
        before or "", "utter_left_at_once"
    )


def _offer_taken(scene: Scene, act: Act) -> Step:
    offer = read_offer(act.detail["offer"])
    figures = offer_figures(offer, scene.situation.account)
    receipt = offer_receipt(scene, offer, figures)
    attempt = scene.dialogue.open_attempt
    if attempt:
        accepted = attempt.answered(Answer.ACCEPTED)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=accepted))
    step = _close(scene, Outcome.SAVED)
    say = Say(
        f"utter_done_{offer.kind.value}",
        figures,
        (buttons.CANCEL, buttons.PERSON),
        receipt=receipt.id,
    )
    return replace(step, says=(say,), receipts=(receipt,))


def _served(scene: Scene, act: Act) -> Step:
    kind, figures = act.detail["kind"], dict(act.detail["figures"])
    receipt = service_receipt(scene, kind, figures)
    attempt = scene.dialogue.open_attempt
    if attempt:
        declined = replace(scene.dialogue, attempt=attempt.answered(Answer.DECLINED))
        scene = scene.with_dialogue(declined)
    step = _close(scene, Outcome.SAVED)
    say = Say(f"utter_served_{kind}", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def _undone(scene: Scene, act: Act) -> Step:
    subscription = scene.situation.account.subscription(act.detail["subject"])
    figures = subscription_figures(subscription)
    attempt = scene.dialogue.attempt
    if attempt and attempt.about == subscription.id and attempt.outcome is Outcome.CANCELED:
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=attempt.reopened()))
    step = _close(scene, Outcome.SAVED)
    return replace(step, says=(Say("utter_undone", figures, (buttons.CANCEL, buttons.PERSON)),))


def _order_canceled(scene: Scene, act: Act) -> Step:
    order = scene.situation.account.order(act.detail["subject"])
    requested = write_instant(scene.situation.requested_at)
    figures = {**order_figures(order), "refund": str(order.refund), "requested": requested}
    receipt = order_receipt(scene, order, "order_canceled", figures)
    step = _close(scene, Outcome.CANCELED)
    say = Say("utter_order_canceled", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def _returning(scene: Scene, act: Act) -> Step:
    account = scene.situation.account
    order, kind = account.order(act.detail["subject"]), act.detail["kind"]
    bonus = Money(int(act.detail.get("bonus_minor", 0)), order.price.currency)
    figures = {
        **order_figures(order),
        "requested": write_instant(scene.situation.requested_at),
        "refund": str(order.refund_due),
        "new_item": act.detail.get("item", order.item),
        "credit": str(order.price + bonus),
        "balance": str(account.credit),
    }
    receipt = order_receipt(scene, order, kind, figures)
    is_refund = kind == "order_refund"
    attempt = scene.dialogue.open_attempt
    if attempt:
        answered = attempt.answered(Answer.DECLINED if is_refund else Answer.ACCEPTED)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=answered))
    step = _close(scene, Outcome.CANCELED if is_refund else Outcome.SAVED)
    # What is still on its way to them has to arrive before it can go back.
    coming = "_on_its_way" if order.delivered_on is None else ""
    say = Say(f"utter_{kind}_requested{coming}", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def _remedied(scene: Scene, act: Act) -> Step:
    """Apologise with what is known of the fault, name the credit, ask whether that solves it."""
    account = scene.situation.account
    subscription = account.subscription(act.detail["subject"])
    figures = {
        **subscription_figures(subscription),
        "boxes": str(act.detail["boxes"]),
        "credit": str(Money(act.detail["amount_minor"], account.currency)),
    }
    incident = next((i for i in account.incidents if i.status == "open"), None)
    response = "utter_remedy"
    if incident:
        response = f"utter_remedy_with_incident{undated(incident)}"
        figures |= incident_figures(incident)
    solved = Plea(SOLVED, subscription.id)
    dialogue = replace(scene.dialogue.asks(Awaiting.RESOLUTION), plea=solved)
    say = Say(response, figures, (buttons.SOLVED, buttons.CANCEL, buttons.PERSON))
    return scene.step(say, dialogue=dialogue)


def _close(scene: Scene, outcome: Outcome, subscriptions: list[Subscription] | None = None) -> Step:
    """Close the open attempt; leaving several at once closes one attempt for each of them."""
    now = scene.situation.now
    dialogue = replace(scene.dialogue.asks(None), plea=None, waiting_move=None)
    attempt = dialogue.open_attempt
    closed: tuple[SaveAttempt, ...] = ()
    if attempt:
        if outcome is Outcome.CANCELED:
            attempt = attempt.answered(Answer.DECLINED)
        closed = (attempt.closed(outcome, now),)
    several = tuple(
        SaveAttempt(
            id=f"sa-{scene.situation.new_id}-{number}",
            conversation=scene.situation.conversation,
            account=scene.situation.account.account,
            about=subscription.id,
            opened_at=now,
            refused=True,
        ).closed(outcome, now)
        for number, subscription in enumerate(subscriptions or ())
        if attempt is None or subscription.id != attempt.about
    )
    closed = (*closed, *several)
    return Step(replace(dialogue, attempt=closed[-1]) if closed else dialogue, closed=closed)
