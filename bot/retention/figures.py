"""Figures for the wording: every name, amount and date said, from the billing record."""

from __future__ import annotations

from datetime import datetime

from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    ConcessionKind,
    Incident,
    Invoice,
    Order,
    Subscription,
)
from bot.retention.calendar import write_day, write_instant, write_months, write_weeks
from bot.retention.offer import Offer, charged_next_on
from bot.retention.say import Option


def subscription_name(subscription: Subscription) -> str:
    if subscription.nickname:
        return f"{subscription.plan_name} ({subscription.nickname})"
    return subscription.plan_name


def subject_name(subject: Subscription | Order) -> str:
    if isinstance(subject, Subscription):
        return subscription_name(subject)
    return f"{subject.item} ({subject.id})"


def per_interval(price: Money, interval: str) -> str:
    return f"{price} a {interval}"


def price_now(subscription: Subscription, *, price: Money | None = None) -> Money:
    """Return what the next invoice comes to, before any credit, with the discount that runs.

    `price` is what one interval will cost from then on, if that is being changed. A pause moves
    the next invoice and what is left of a discount alike.
    """
    pending = subscription.pending_change
    price = price or (pending.price if pending else subscription.price)
    if subscription.discount is None or subscription.renews_on is None:
        return price
    if subscription.renews_on >= subscription.discount.ends_on:
        return price
    return price.less_percent(subscription.discount.percent)


def last_charge(history: AccountHistory, subscription: Subscription) -> Invoice | None:
    """Return the newest invoice of the subscription that was paid."""
    return history.last_charge(subscription.id)


def last_charge_words(history: AccountHistory, subscription: Subscription) -> str:
    invoice = last_charge(history, subscription)
    if invoice is None or invoice.paid_on is None:
        return "none"
    return f"{invoice.amount} on {write_day(invoice.paid_on)}"


def subscription_figures(subscription: Subscription) -> dict[str, str]:
    """Return the figures nearly every message about a subscription needs."""
    ends_on = subscription.cancels_on or subscription.renews_on
    charged_on = charged_next_on(subscription)
    return {
        "subject": subscription_name(subscription),
        "price": per_interval(subscription.price, subscription.interval),
        "renews_on": write_day(subscription.renews_on) if subscription.renews_on else "-",
        "cancels_on": write_day(ends_on) if ends_on else "-",
        "next_charge": str(price_now(subscription)),
        "next_charge_on": write_day(charged_on) if charged_on else "-",
    }


def offer_figures(offer: Offer, history: AccountHistory) -> dict[str, str]:
    """Return the figures of an offer on a subscription, as its message and terms state them."""
    subscription = history.subscription(offer.about)
    figures = {
        **subscription_figures(subscription),
        "price_after": per_interval(offer.price_after, "month")
        if "plan" in offer.detail
        else per_interval(offer.price_after, subscription.interval),
        "value": str(offer.value),
        "starts_on": write_day(offer.starts_on) if offer.starts_on else "-",
        "until": write_day(offer.until) if offer.until else "-",
        "months": write_months(int(offer.detail.get("months", 0))),
        "percent": f"{offer.detail.get('percent', 0)} %",
        "cycles": str(offer.detail.get("cycles", 0)),
        "minutes": str(offer.detail.get("minutes", 0)),
        "days": str(offer.detail.get("days", 0)),
        "every_weeks": write_weeks(int(offer.detail.get("every_weeks", 0))),
    }
    if offer.kind is ConcessionKind.DISCOUNT:
        figures["next_charge"] = str(offer.price_after)
    if offer.kind in (ConcessionKind.PAUSE, ConcessionKind.EXTEND_TRIAL):
        figures["next_charge_on"] = figures["until"]
    if "plan" in offer.detail:
        figures["plan"] = history.plan(str(offer.detail["plan"])).name
        figures["next_charge"] = str(price_now(subscription, price=offer.price_after))
    return figures


def exit_figures(
    subscription: Subscription, history: AccountHistory, *, requested_at: datetime
) -> dict[str, str]:
    """Return the figures that confirm an exit (R14); `open` is empty when nothing is overdue."""
    charge = last_charge(history, subscription)
    overdue = [
        i for i in history.invoices if i.subscription == subscription.id and i.status == "overdue"
    ]
    refunded = charge.refunded if charge else Money(0, history.currency)
    return {
        **subscription_figures(subscription),
        "contract": f"{subject_name(subscription)} ({subscription.id})",
        "requested": write_instant(requested_at),
        "effective": write_day(subscription.cancels_on or requested_at.date()),
        "last_charge": last_charge_words(history, subscription),
        "refund": str(refunded) if refunded.minor else "none",
        "open": ", ".join(f"{i.id}: {i.amount}" for i in overdue),
    }


def incident_figures(incident: Incident) -> dict[str, str]:
    fix_on = incident.expected_fix_on
    return {
        "incident": incident.title,
        "opened_on": write_day(incident.opened_on),
        "fix_on": write_day(fix_on) if fix_on else "-",
    }


def undated(incident: Incident) -> str:
    """Return what a response's name ends with when nobody knows when a fault will be mended."""
    return "" if incident.expected_fix_on else "_undated"


def subscription_option(subscription: Subscription) -> Option:
    words = (subscription.plan, subscription.plan_name, subscription.nickname or "")
    return Option(subscription.id, subscription_name(subscription), tuple(w for w in words if w))


def order_option(order: Order) -> Option:
    return Option(order.id, subject_name(order), (order.id, order.item, *order.item.split()))


def order_figures(order: Order) -> dict[str, str]:
    """Return the figures every message about an order needs."""
    return {
        "order": order.id,
        "item": order.item,
        "price": str(order.price),
        "delivered_on": write_day(order.delivered_on) if order.delivered_on else "-",
        "status": order.status.value.replace("_", " "),
    }
