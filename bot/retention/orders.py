"""Orders: cancelling what has not left, and taking back what has arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.money import Money
from bot.retention import buttons
from bot.retention.account import OPEN_TO_RETURN, ConcessionKind, Order, OrderStatus
from bot.retention.calendar import write_day
from bot.retention.cancellation import read_reasons
from bot.retention.commands import (
    CancelOrder,
    ConcessionNote,
    ExchangeOrder,
    RequestReturn,
    ReturnForCredit,
)
from bot.retention.dialogue import Act, Awaiting, Conclusion, Plea, Scene, Step
from bot.retention.figures import order_figures, order_option, subject_name
from bot.retention.leaving import insists
from bot.retention.offer import Offer
from bot.retention.offering import granted_offers, public_offer
from bot.retention.return_choices import (
    choice_button,
    choice_of,
    choice_options,
    wished_item,
    wished_way,
)
from bot.retention.save_attempt import SaveAttempt
from bot.retention.say import Say
from bot.retention.subjects import insisting, orders_named


def open_orders(scene: Scene) -> tuple[Order, ...]:
    """Return the orders that can still be cancelled or sent back, newest first."""
    treatable = (OrderStatus.PAID, OrderStatus.DISPATCHED, OrderStatus.DELIVERED)
    return tuple(o for o in scene.situation.account.orders if o.status in treatable)


def treat(scene: Scene) -> Step:
    """Hear that an order is to be cancelled or sent back: find it, then treat it by its state."""
    attempt = scene.dialogue.open_attempt
    candidates = orders_named(scene)
    if not candidates and attempt and _is_order(scene, attempt.about):
        return insist(scene)
    candidates = candidates or _likely(scene)
    if not candidates:
        return _no_open_order(scene)
    if len(candidates) > 1:
        return _ask_which(scene, candidates)
    if attempt and attempt.about == candidates[0].id:
        return insist(scene)
    return begin(scene, candidates[0])


def begin(scene: Scene, order: Order) -> Step:
    """Open the attempt about one order and take its first step."""
    situation = scene.situation
    if order.status in _SETTLED or _too_late(scene, order):
        return _cannot(scene, order)
    named = read_reasons(scene.heard.values("cancellation_reason"))
    attempt = SaveAttempt(
        id=f"sa-{situation.new_id}",
        conversation=situation.conversation,
        account=situation.account.account,
        about=order.id,
        opened_at=situation.now,
        hardship=scene.dialogue.in_hardship,
    ).with_reasons(named, scene.heard.text if named else "")
    dialogue = replace(scene.dialogue, attempt=attempt, plea=None, waiting_move=None)
    scene = scene.with_dialogue(dialogue)
    if order.status is OrderStatus.PAID:
        return confirm_cancel(scene, order)
    if order.status is OrderStatus.DISPATCHED:
        # Nobody has to wait for a parcel to withdraw from it; there is nothing to exchange yet.
        return carry_out(scene, Plea("order_refund", order.id))
    return offer_return(scene, order)


def insist(scene: Scene) -> Step:
    attempt = scene.dialogue.open_attempt
    if attempt:
        dialogue = replace(scene.dialogue, attempt=replace(attempt, refused=True))
        return leave_order(scene.with_dialogue(dialogue))
    return treat(scene)


def leave_order(scene: Scene) -> Step:
    """Carry the exit out: a cancelled order is confirmed once, a return can be withdrawn."""
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        return treat(scene)
    order = scene.situation.account.order(attempt.about)
    if order.status is OrderStatus.PAID:
        plea = scene.dialogue.plea
        if plea and plea.kind == "order_cancel":
            return carry_out(scene, plea)
        return confirm_cancel(scene, order)
    if order.status in OPEN_TO_RETURN and not _too_late(scene, order):
        return carry_out(scene, Plea("order_refund", order.id))
    return _cannot(scene, order)


def confirm_cancel(scene: Scene, order: Order) -> Step:
    """An order's cancellation cannot be undone, so it is confirmed once (settled 1)."""
    plea = Plea("order_cancel", order.id)
    dialogue = replace(scene.dialogue.asks(Awaiting.CONFIRMATION), plea=plea)
    say = Say(
        "utter_confirm_cancel_order",
        order_figures(order),
        (buttons.CONFIRM, buttons.CANCEL_ORDER, buttons.KEEP_ORDER, buttons.PERSON),
    )
    return scene.step(say, dialogue=dialogue)


def offer_return(scene: Scene, order: Order) -> Step:
    """Name the refund, which is a right, and the other ways beside it in the same message."""
    text = scene.heard.text
    scene, offers = granted_offers(scene)
    attempt = scene.dialogue.open_attempt
    if attempt is None:
        raise LookupError("a return needs an open save attempt")
    if insists(scene) or not offers:
        return carry_out(scene, Plea("order_refund", order.id))
    choices = tuple(choice_of(o, order) for o in offers)
    offer = replace(
        offers[0].named(f"{attempt.id}-1"),
        choices=choices,
        detail={o.kind.value: {**o.detail, "policy": o.policy} for o in offers},
    )
    dialogue = replace(
        scene.dialogue.asks(Awaiting.CHOICE, *choice_options(choices)),
        attempt=attempt.offering(offer, scene.situation.now),
    )
    scene = scene.with_dialogue(dialogue)
    wished = wished_way(text)
    if wished in {choice.kind for choice in choices}:
        return restate(scene, offer, wished)
    return scene.step(return_say(scene, offer))


def return_say(scene: Scene, offer: Offer) -> Say:
    """Word the ways a delivered order can go back, each with its figure."""
    order = scene.situation.account.order(offer.about)
    offered = tuple(choice_button(choice) for choice in offer.choices)
    bonus = offer.detail.get("store_credit", {}).get("bonus_minor", 0)
    figures = {
        **order_figures(order),
        "credit": str(order.price + Money(bonus, order.price.currency)),
        "bonus": str(Money(bonus, order.price.currency)),
        "until": write_day(_return_until(scene, order)),
    }
    # The words name only what may be chosen: a policy may allow one of the ways alone.
    ways = "_or_".join(sorted({choice.kind for choice in offer.choices}))
    public = {
        **public_offer(offer, subject_name(order)),
        "title": "utter_offer_title_return",
        "terms": f"utter_offer_terms_return_{ways}",
    }
    return Say(
        f"utter_offer_return_{ways}",
        figures,
        (buttons.RETURN_FOR_REFUND, *offered, buttons.PERSON),
        offer=public,
    )


def pick(scene: Scene) -> Step:
    """One of the ways was chosen: restate its terms, or take the refund, which is a right."""
    attempt = scene.dialogue.open_attempt
    offer = attempt.open_offer if attempt else None
    if offer is None:
        return treat(scene)
    wished = scene.heard.value("option") or wished_way(scene.heard.text)
    if wished == "refund":
        return leave_order(scene)
    if wished in {choice.kind for choice in offer.choices}:
        return restate(scene, offer, wished)
    if attempt and (attempt.refused or attempt.hardship):  # it is not shown to them again
        order = scene.situation.account.order(offer.about)
        controls = (buttons.exit_control(order), buttons.KEEP_ORDER, buttons.PERSON)
        return scene.step(Say("utter_nothing_changed", {}, controls))
    return scene.step(return_say(scene, offer))


def pick_item(scene: Scene) -> Step:
    """They would rather have something else: restate the terms with it."""
    attempt = scene.dialogue.open_attempt
    offer = attempt.open_offer if attempt else None
    if offer is None:
        return treat(scene)
    return restate(scene, offer, ConcessionKind.EXCHANGE.value)


def restate(scene: Scene, offer: Offer, kind: str) -> Step:
    """Restate the terms of the chosen way and ask for consent."""
    order = scene.situation.account.order(offer.about)
    detail = offer.detail[kind]
    item = wished_item(scene, order)
    figures = {**order_figures(order), "new_item": item}
    if kind == ConcessionKind.STORE_CREDIT.value:
        bonus = Money(detail["bonus_minor"], order.price.currency)
        figures |= {"credit": str(order.price + bonus), "bonus": str(bonus)}
    plea = Plea(f"order_{kind}", order.id, {**detail, "item": item, "figures": figures})
    dialogue = replace(scene.dialogue.asks(Awaiting.CONSENT), plea=plea)
    return scene.step(
        Say(
            f"utter_terms_order_{kind}",
            figures,
            (buttons.CONFIRM, buttons.RETURN_FOR_REFUND, buttons.PERSON),
        ),
        dialogue=dialogue,
    )


def carry_out(scene: Scene, plea: Plea) -> Step:
    """Turn the exit, or the chosen way, into its command."""
    order = scene.situation.account.order(plea.about)
    dialogue = replace(scene.dialogue.asks(None), plea=None, waiting_move=None)
    detail = {"kind": plea.kind, "subject": order.id}
    if plea.kind == "order_cancel":
        return Step(dialogue, act=Act((CancelOrder(order.id),), Conclusion.ORDER_CANCELED, detail))
    if plea.kind == "order_refund":
        return Step(dialogue, act=Act((RequestReturn(order.id),), Conclusion.RETURNING, detail))
    zero = Money(0, order.price.currency)
    if plea.kind == "order_exchange":
        note = ConcessionNote(ConcessionKind.EXCHANGE, plea.detail["policy"], zero)
        command = ExchangeOrder(order.id, plea.detail["item"], note)
        detail["item"] = plea.detail["item"]
        return Step(dialogue, act=Act((command,), Conclusion.RETURNING, detail))
    bonus = Money(plea.detail["bonus_minor"], order.price.currency)
    note = ConcessionNote(ConcessionKind.STORE_CREDIT, plea.detail["policy"], bonus)
    credit = ReturnForCredit(order.id, bonus, note)
    detail["bonus_minor"] = str(bonus.minor)
    return Step(dialogue, act=Act((credit,), Conclusion.RETURNING, detail))


_SETTLED = (
    OrderStatus.CANCELED,
    OrderStatus.RETURN_REQUESTED,
    OrderStatus.RETURNED,
    OrderStatus.EXCHANGE_REQUESTED,
    OrderStatus.EXCHANGED,
)


def _likely(scene: Scene) -> tuple[Order, ...]:
    """Without a name: what the verb fits, undelivered to cancel and delivered to send back."""
    orders = open_orders(scene)
    if scene.heard.intent == "cancel_order":
        undelivered = tuple(o for o in orders if o.status is not OrderStatus.DELIVERED)
        return undelivered or orders
    delivered = tuple(o for o in orders if o.status is OrderStatus.DELIVERED)
    return delivered or orders


def _ask_which(scene: Scene, orders: tuple[Order, ...]) -> Step:
    options = tuple(order_option(o) for o in orders)
    waiting, asked = scene.dialogue.waiting_move, scene.dialogue.awaiting is Awaiting.SUBJECT
    if asked and waiting and waiting.flag("insisting"):
        scene = insisting(scene)  # asked again, they still insist
    dialogue = replace(scene.dialogue.asks(Awaiting.SUBJECT, *options), waiting_move=scene.heard)
    offered = tuple(buttons.choose(o.id, o.title) for o in options)
    return scene.step(
        Say("utter_ask_which_order", {}, (*offered, buttons.PERSON)), dialogue=dialogue
    )


def _no_open_order(scene: Scene) -> Step:
    return scene.step(Say("utter_no_open_order", {}, (buttons.PERSON,)))


def _cannot(scene: Scene, order: Order) -> Step:
    """Say plainly why the order cannot be treated this way any more, and offer a person."""
    late = order.status is OrderStatus.DELIVERED
    response = "utter_return_too_late" if late else "utter_order_settled"
    figures = {
        **order_figures(order),
        "until": write_day(_return_until(scene, order)) if order.delivered_on else "-",
        "days": str(scene.situation.terms.return_days),
    }
    if late:  # only a person may take it back
        scene = scene.offering_person("over_authority")
    dialogue = replace(scene.dialogue.asks(None), plea=None)
    return scene.step(Say(response, figures, (buttons.PERSON,)), dialogue=dialogue)


def _return_until(scene: Scene, order: Order) -> date:
    if order.delivered_on is None:
        raise LookupError(f"order {order.id} was not delivered")
    return order.delivered_on + timedelta(days=scene.situation.terms.return_days)


def _too_late(scene: Scene, order: Order) -> bool:
    return order.status is OrderStatus.DELIVERED and scene.situation.now.date() > _return_until(
        scene, order
    )


def _is_order(scene: Scene, about: str) -> bool:
    return any(o.id == about for o in scene.situation.account.orders)
