"""Conclusions: what is said, and kept as a receipt, once the billing system has done its part."""

from __future__ import annotations

from dataclasses import replace

from bot.money import Money
from bot.retention import buttons
from bot.retention.account import Subscription
from bot.retention.calendar import write_day, write_instant
from bot.retention.cancellation import asks_to_delete_account
from bot.retention.dialogue import (
    SOLVED,
    Act,
    Awaiting,
    Conclusion,
    Plea,
    Receipt,
    Scene,
    Step,
)
from bot.retention.figures import (
    last_charge,
    last_charge_words,
    offer_figures,
    subject_name,
    subscription_figures,
)
from bot.retention.offer import read_offer
from bot.retention.orders import order_figures
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


def queued(scene: Scene, act: Act) -> Step:
    """Billing is down: the cancellation stands with the time it was asked for (R18)."""
    subjects = act.detail.get("subjects") or [act.detail["subject"]]
    named = ", ".join(subject_name(scene.situation.subject(subject)) for subject in subjects)
    figures = {"contract": named, "requested_at": write_instant(scene.situation.now)}
    lines = (("contract", named), ("requested", figures["requested_at"]))
    receipt = Receipt(f"r-{scene.situation.new_id}", "queued", lines)
    step = _close(scene, Outcome.CANCELED)
    say = Say("utter_cancellation_queued", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def try_later(scene: Scene, act: Act) -> Step:
    """Billing is down and this is no exit: nothing was done, and it can be tried again."""
    say = Say("utter_try_later", {}, (buttons.CANCEL, buttons.PERSON))
    return scene.step(say, dialogue=replace(scene.dialogue.asks(None), plea=None))


def _left(scene: Scene, act: Act) -> Step:
    account = scene.situation.account
    subscriptions = [account.subscription(subject) for subject in act.detail["subjects"]]
    says, receipts = [], []
    for number, subscription in enumerate(subscriptions):
        figures = _exit_figures(scene, subscription)
        receipt = Receipt(
            f"r-{scene.situation.new_id}-{number}",
            "cancellation",
            tuple(
                (key, figures[key])
                for key in ("contract", "requested", "effective", "last_charge", "refund", "open")
                if figures[key]
            ),
        )
        receipts.append(receipt)
        before = act.detail["before"].get(subscription.id)
        response = _exit_response(subscription, before, refund=act.detail["refund"])
        offered = () if not subscription.is_live else (buttons.UNDO,)
        says.append(Say(response, figures, (*offered, buttons.PERSON), receipt=receipt.id))
        if figures["open"]:
            says.append(Say("utter_left_open_invoice", figures, (buttons.PERSON,)))
    if act.detail["offer_person"]:
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


def _exit_figures(scene: Scene, subscription: Subscription) -> dict[str, str]:
    account = scene.situation.account
    charge = last_charge(account, subscription)
    open_invoices = [
        i for i in account.invoices if i.subscription == subscription.id and i.status == "overdue"
    ]
    refunded = charge.refunded if charge else Money(0, account.currency)
    ends_on = subscription.cancels_on or scene.situation.now.date()
    return {
        **subscription_figures(subscription),
        "contract": f"{subject_name(subscription)} ({subscription.id})",
        "requested": write_instant(scene.situation.now),
        "effective": write_day(ends_on),
        "last_charge": last_charge_words(account, subscription),
        "refund": str(refunded) if refunded.minor else "none",
        "open": ", ".join(f"{i.id}: {i.amount}" for i in open_invoices),
    }


def _offer_taken(scene: Scene, act: Act) -> Step:
    offer = read_offer(act.detail["offer"])
    figures = offer_figures(offer, scene.situation.account)
    lines = (
        ("contract", figures["subject"]),
        ("agreed", write_instant(scene.situation.now)),
        ("price_before", figures["price"]),
        ("price_after", figures["price_after"]),
        *((key, figures[figure]) for key, figure in _SPAN if figures[figure] != "-"),
        ("next_charge_on", figures["next_charge_on"]),
    )
    receipt = Receipt(f"r-{scene.situation.new_id}", f"offer_{offer.kind.value}", lines)
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


# Receipt lines, each with the figure it shows; a span's end may be open.
_SPAN = (("starts", "starts_on"), ("until", "until"))
_SERVED_LINES = {
    "pause": (*_SPAN, ("next_charge_on", "next_charge_on")),
    "skip": (("skipped", "on"),),
    "plan": (
        ("new_plan", "plan"),
        ("price_before", "price"),
        ("price_after", "price_after"),
        ("starts", "starts_on"),
    ),
    "frequency": (("rhythm", "every_weeks"),),
}


def _served(scene: Scene, act: Act) -> Step:
    kind, figures = act.detail["kind"], dict(act.detail["figures"])
    lines = (
        ("contract", figures["subject"]),
        ("agreed", write_instant(scene.situation.now)),
        *((key, figures[figure]) for key, figure in _SERVED_LINES[kind]),
    )
    receipt = Receipt(f"r-{scene.situation.new_id}", f"service_{kind}", lines)
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
    requested = write_instant(scene.situation.now)
    figures = {**order_figures(order), "refund": str(order.refund), "requested": requested}
    lines = (
        ("contract", f"{order.item} ({order.id})"),
        ("requested", requested),
        ("refund", figures["refund"]),
    )
    receipt = Receipt(f"r-{scene.situation.new_id}", "order_canceled", lines)
    step = _close(scene, Outcome.CANCELED)
    say = Say("utter_order_canceled", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def _returning(scene: Scene, act: Act) -> Step:
    account = scene.situation.account
    order, kind = account.order(act.detail["subject"]), act.detail["kind"]
    bonus = Money(int(act.detail.get("bonus_minor", 0)), order.price.currency)
    figures = {
        **order_figures(order),
        "requested": write_instant(scene.situation.now),
        "refund": str(order.refund_due),
        "new_item": act.detail.get("item", order.item),
        "credit": str(order.price + bonus),
        "balance": str(account.credit),
    }
    lines = (
        ("contract", f"{order.item} ({order.id})"),
        ("requested", figures["requested"]),
        *_settlement(kind, figures),
    )
    receipt = Receipt(f"r-{scene.situation.new_id}", kind, lines)
    is_refund = kind == "order_refund"
    attempt = scene.dialogue.open_attempt
    if attempt:
        answered = attempt.answered(Answer.DECLINED if is_refund else Answer.ACCEPTED)
        scene = scene.with_dialogue(replace(scene.dialogue, attempt=answered))
    step = _close(scene, Outcome.CANCELED if is_refund else Outcome.SAVED)
    say = Say(f"utter_{kind}_requested", figures, (buttons.PERSON,), receipt=receipt.id)
    return replace(step, says=(say,), receipts=(receipt,))


def _settlement(kind: str, figures: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the receipt line that says what the customer gets for what goes back."""
    if kind == "order_refund":
        return (("refund_due", figures["refund"]),)
    if kind == "order_exchange":
        return (("new_item", figures["new_item"]),)
    return (("credit", figures["credit"]),)


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
    if incident:
        figures["incident"] = incident.title
        figures["fix_on"] = write_day(incident.expected_fix_on) if incident.expected_fix_on else "-"
    response = "utter_remedy_with_incident" if incident else "utter_remedy"
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
