"""Questions: answered from the account, after which the thread resumes with nothing lost."""

from __future__ import annotations

from bot.retention import buttons
from bot.retention.account import OrderStatus, Plan, Subscription
from bot.retention.calendar import write_day
from bot.retention.dialogue import Scene, Step
from bot.retention.figures import (
    incident_figures,
    last_charge_words,
    order_figures,
    per_interval,
    subscription_figures,
    undated,
)
from bot.retention.leaving import ends_at_once
from bot.retention.resuming import resume
from bot.retention.rights import live_right
from bot.retention.say import Say


def billing(scene: Scene) -> Step:
    """Answer about renewals, charges and invoices of every live subscription."""
    says = [Say(_billing_response(s), _billing_figures(scene, s)) for s in _live(scene)] or [
        Say("utter_billing_none")
    ]
    credit = scene.situation.account.credit
    if credit.minor:
        says.append(Say("utter_billing_credit", {"credit": str(credit)}))
    overdue = [i for i in scene.situation.account.invoices if i.status == "overdue"]
    says += [
        Say(
            "utter_billing_overdue",
            {"invoice": i.id, "amount": str(i.amount), "due_on": write_day(i.due_on)},
            (buttons.PERSON,),
        )
        for i in overdue
    ]
    return _answered(scene, *says)


def cancellation_terms(scene: Scene) -> Step:
    """Say what leaving would mean; a consequence never stands without the exit beside it (R4)."""
    live = _live(scene)
    if not live:
        return _answered(scene, Say("utter_nothing_to_cancel", {}, (buttons.PERSON,)))
    says = [
        Say(
            _terms_response(s),
            {
                **subscription_figures(s),
                "last_charge": last_charge_words(scene.situation.account, s),
            },
            (buttons.CANCEL, buttons.PERSON),
        )
        for s in live
    ]
    return _answered(scene, *says)


def refund_terms(scene: Scene) -> Step:
    """Say which refunds there are, and name a live money-back right with its last day."""
    account, terms = scene.situation.account, scene.situation.terms
    figures = {"return_days": str(terms.return_days), "money_back_days": str(terms.money_back_days)}
    says = [Say("utter_refund_terms", figures)]
    for subscription in _live(scene):
        right = live_right(subscription, scene.situation)
        if right:
            live = {**subscription_figures(subscription), "until": write_day(right.until)}
            response = f"utter_refund_live_{right.kind}"
            says.append(Say(response, live, (buttons.CANCEL, buttons.PERSON)))
    due = [o for o in account.orders if o.status is OrderStatus.RETURN_REQUESTED]
    says += [
        Say("utter_refund_due", {**order_figures(o), "refund": str(o.refund_due)}) for o in due
    ]
    return _answered(scene, *says)


def order_status(scene: Scene) -> Step:
    """Say where every order and the next boxes are, and which incident holds them up."""
    account = scene.situation.account
    says = [
        Say(f"utter_order_status_{order.status.value}", order_figures(order))
        for order in account.orders
    ]
    says += [
        Say(
            "utter_next_box",
            {**subscription_figures(s), "on": write_day(s.next_dispatch_on)},
        )
        for s in _live(scene)
        if s.next_dispatch_on
    ]
    says += [
        Say(f"utter_open_incident{undated(incident)}", incident_figures(incident))
        for incident in account.incidents
        if incident.status == "open"
    ]
    return _answered(scene, *(says or [Say("utter_nothing_on_the_way")]))


def plan(scene: Scene) -> Step:
    """List the advertised plans and what the customer has."""
    says = [Say("utter_plans", {"plans": _catalogue_words(scene.situation.catalogue)})]
    if scene.situation.history:
        says += [Say("utter_your_plan", subscription_figures(s)) for s in _live(scene)]
    return _answered(scene, *says)


def _answered(scene: Scene, *says: Say) -> Step:
    return scene.step(*says, *resume(scene))


def _live(scene: Scene) -> tuple[Subscription, ...]:
    return tuple(s for s in scene.situation.account.subscriptions if s.is_live)


def _billing_response(subscription: Subscription) -> str:
    if subscription.is_leaving:
        return "utter_billing_leaving"
    if subscription.pause:
        begun = subscription.status.value == "paused"
        return "utter_billing_paused" if begun else "utter_billing_pause_agreed"
    return "utter_billing_trial" if subscription.status.value == "trialing" else "utter_billing"


def _billing_figures(scene: Scene, subscription: Subscription) -> dict[str, str]:
    figures = subscription_figures(subscription)
    figures["last_charge"] = last_charge_words(scene.situation.account, subscription)
    if subscription.pause:
        figures["resumes_on"] = write_day(subscription.pause.resumes_on)
    if subscription.trial_ends_on:
        figures["trial_ends_on"] = write_day(subscription.trial_ends_on)
    return figures


def _terms_response(subscription: Subscription) -> str:
    if subscription.is_leaving:
        return "utter_cancellation_terms_leaving"
    at_once = ends_at_once(subscription)
    return "utter_cancellation_terms_at_once" if at_once else "utter_cancellation_terms"


def _catalogue_words(catalogue: tuple[Plan, ...]) -> str:
    listed = sorted((p for p in catalogue if p.advertised), key=lambda p: (p.interval, p.size))
    return " · ".join(f"{p.name} {per_interval(p.price, p.interval)}" for p in listed)
