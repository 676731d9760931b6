"""Offers: a policy's terms turned into exact figures and dates of one account."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.money import Money
from bot.retention.account import (
    AccountHistory,
    ConcessionKind,
    Order,
    Plan,
    Subscription,
    SubscriptionStatus,
)
from bot.retention.authority import FOR_PEOPLE
from bot.retention.calendar import add_months, whole_months
from bot.retention.facts import monthly
from bot.retention.gifts import work_out
from bot.retention.policy import OfferTerms

OFFER_STANDS = timedelta(hours=24)


@dataclass(frozen=True)
class Choice:
    """One of several ways inside an offer (a return: exchange or store credit)."""

    id: str
    title: str
    kind: str
    value_minor: int


@dataclass(frozen=True)
class Offer:
    """A concrete proposal. Amounts are minor units of `currency`.

    `price_minor` is today's price and `price_after_minor` the price while the offer runs; `until`
    is the first day it no longer does (None: until changed); `detail` is what carrying it out
    needs (a plan code, months, percent, cycles, days).
    """

    id: str
    kind: ConcessionKind
    policy: str
    about: str
    price_minor: int
    price_after_minor: int
    currency: str
    value_minor: int
    starts_on: date | None
    until: date | None
    expires_at: datetime
    detail: dict[str, Any]
    choices: tuple[Choice, ...] = ()

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def price_after(self) -> Money:
        return Money(self.price_after_minor, self.currency)

    @property
    def value(self) -> Money:
        return Money(self.value_minor, self.currency)

    def named(self, offer_id: str) -> Offer:
        return replace(self, id=offer_id)

    def to_document(self) -> dict[str, Any]:
        document = asdict(self)
        document["kind"] = self.kind.value
        document["starts_on"] = self.starts_on.isoformat() if self.starts_on else None
        document["until"] = self.until.isoformat() if self.until else None
        document["expires_at"] = self.expires_at.isoformat()
        document["choices"] = [asdict(choice) for choice in self.choices]
        return document


def read_offer(document: dict[str, Any]) -> Offer:
    """Read what `to_document` wrote."""
    return Offer(
        **{
            **document,
            "kind": ConcessionKind(document["kind"]),
            "starts_on": _day(document["starts_on"]),
            "until": _day(document["until"]),
            "expires_at": datetime.fromisoformat(document["expires_at"]),
            "choices": tuple(Choice(**choice) for choice in document["choices"]),
        }
    )


def price_terms(offer: Offer, history: AccountHistory) -> dict[str, Any]:
    """Return what its prices are for: an interval each, and the price once the offer is over.

    `price_later_minor` is None when the offer does not end by itself, or when a change already
    agreed makes what comes after another question.
    """
    subscription = history.subscription(offer.about)
    plan = offer.detail.get("plan")
    ends = offer.until is not None and subscription.pending_change is None
    return {
        "price_per": subscription.interval,
        "price_after_per": history.plan(str(plan)).interval if plan else subscription.interval,
        "price_later_minor": offer.price_minor if ends else None,
    }


def smaller_plan(history: AccountHistory, subscription: Subscription) -> Plan | None:
    """Return the next smaller advertised plan, compared by the month; None when there is none.

    Smaller than the plan that a change already agreed leads to, if there is one.
    """
    plan, price = coming_plan(history, subscription), coming_price(history, subscription)
    smaller = [
        other
        for other in history.catalogue
        if other.advertised
        and other.interval == "month"
        and other.size < plan.size
        and other.price < price
    ]
    return max(smaller, key=lambda other: other.size, default=None)


def coming_plan(history: AccountHistory, subscription: Subscription) -> Plan:
    """Return the plan from the next charge on: that of a change already agreed, if there is one."""
    change = subscription.pending_change
    return history.plan(change.plan if change else subscription.plan)


def coming_price(history: AccountHistory, subscription: Subscription) -> Money:
    """Return what a month costs from the next charge on, without any discount."""
    change = subscription.pending_change
    if change is None:
        return monthly(subscription.price, subscription.interval)
    return monthly(change.price, history.plan(change.plan).interval)


def charged_next_on(subscription: Subscription) -> date | None:
    """Return the day of the next charge: the renewal, or the end of a pause; None when ended."""
    return subscription.pause.resumes_on if subscription.pause else subscription.renews_on


def rescue_plan(history: AccountHistory) -> Plan | None:
    """Return the plan that is not advertised and may be offered, if the catalogue has one."""
    return next((plan for plan in history.catalogue if not plan.advertised), None)


def cheaper_rescue_plan(history: AccountHistory, subscription: Subscription) -> Plan | None:
    """Return the rescue plan if it costs less than what the subscription will cost."""
    rescue = rescue_plan(history)
    return rescue if rescue and rescue.price < coming_price(history, subscription) else None


def pause_months_left(subscription: Subscription, *, in_a_row_at_most: int) -> int:
    """Return how many more whole months the subscription may be paused in one go."""
    if subscription.status is SubscriptionStatus.TRIALING:
        return 0
    if subscription.pause is None:
        return in_a_row_at_most
    starts_on, resumes_on = subscription.pause.starts_on, subscription.pause.resumes_on
    used = whole_months(starts_on, resumes_on)
    if add_months(starts_on, used) < resumes_on:
        used += 1  # a month begun counts whole, or the limit in a row would be passed
    return max(0, in_a_row_at_most - used)


def offer_on_subscription(
    terms: OfferTerms,
    policy: str,
    history: AccountHistory,
    subscription: Subscription,
    *,
    now: datetime,
) -> Offer | None:
    """Work an offer out for a subscription; None when there is nothing of that kind to give."""
    blank = _blank(terms.kind, policy, subscription.id, subscription.price, now)
    build = _BUILDERS.get(terms.kind)
    return build(terms, blank, history, subscription) if build else None


def _downgrade(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    plan = (
        smaller_plan(history, subscription)
        if terms.to == "next_smaller"
        else next((p for p in history.catalogue if p.code == terms.to), None)
    )
    starts_on = charged_next_on(subscription)
    if plan is None or plan.code == subscription.plan or starts_on is None:
        return None
    saving = coming_price(history, subscription) - plan.price
    if saving.minor <= 0:
        return None
    return replace(
        blank,
        price_after_minor=plan.price.minor,
        value_minor=saving.minor,
        starts_on=starts_on,
        detail={"plan": plan.code},
    )


def _pause(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    """A pause from the next renewal; a running one is made longer, from where it would end."""
    running = subscription.pause
    starts_on = running.resumes_on if running else subscription.renews_on
    if starts_on is None:
        return None
    since = {"running_since": running.starts_on.isoformat()} if running else {}
    return replace(
        blank,
        price_after_minor=0,
        value_minor=0,
        starts_on=starts_on,
        until=add_months(starts_on, terms.months),
        detail={"months": terms.months, **since},
    )


def _discount(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    starts_on, change = charged_next_on(subscription), subscription.pending_change
    if starts_on is None or subscription.discount is not None:
        return None
    plan = coming_plan(history, subscription)
    price = change.price if change else subscription.price
    reduced = price.less_percent(terms.percent)
    return replace(
        blank,
        price_after_minor=reduced.minor,
        value_minor=(price - reduced).times(terms.cycles).minor,
        starts_on=starts_on,
        until=add_months(starts_on, terms.cycles * (12 if plan.interval == "year" else 1)),
        detail={"percent": terms.percent, "cycles": terms.cycles},
    )


def _extend_trial(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    trialing = subscription.status is SubscriptionStatus.TRIALING
    if subscription.trial_ends_on is None or not trialing:
        return None
    return replace(
        blank,
        price_after_minor=0,
        starts_on=subscription.trial_ends_on,
        until=subscription.trial_ends_on + timedelta(days=terms.days),
        detail={"days": terms.days},
    )


def _skip(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    if subscription.next_dispatch_on is None:
        return None
    return replace(blank, starts_on=subscription.next_dispatch_on, detail={})


def _change_frequency(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    if terms.every_weeks <= subscription.every_weeks:
        return None
    return replace(blank, detail={"every_weeks": terms.every_weeks})


def _gift(
    terms: OfferTerms, blank: Offer, history: AccountHistory, subscription: Subscription
) -> Offer | None:
    worked_out = work_out(terms, history, subscription)
    if worked_out is None:
        return None
    value_minor, detail = worked_out
    return replace(blank, value_minor=value_minor, detail=detail)


_BUILDERS = {
    ConcessionKind.DOWNGRADE: _downgrade,
    ConcessionKind.PAUSE: _pause,
    ConcessionKind.DISCOUNT: _discount,
    ConcessionKind.EXTEND_TRIAL: _extend_trial,
    ConcessionKind.CREDIT: _gift,
    ConcessionKind.SKIP: _skip,
    ConcessionKind.CHANGE_FREQUENCY: _change_frequency,
    **dict.fromkeys(FOR_PEOPLE, _gift),
}


def offer_on_order(terms: OfferTerms, policy: str, order: Order, *, now: datetime) -> Offer | None:
    """Work an offer out for an order: an exchange, or store credit with its bonus."""
    blank = _blank(terms.kind, policy, order.id, order.price, now)
    if terms.kind is ConcessionKind.EXCHANGE:
        return replace(blank, detail={"item": order.item})
    if terms.kind is ConcessionKind.STORE_CREDIT:
        bonus = order.price.percent(terms.percent)
        return replace(blank, value_minor=bonus.minor, detail={"bonus_minor": bonus.minor})
    return None


def _blank(kind: ConcessionKind, policy: str, about: str, price: Money, now: datetime) -> Offer:
    return Offer(
        id="",
        kind=kind,
        policy=policy,
        about=about,
        price_minor=price.minor,
        price_after_minor=price.minor,
        currency=price.currency,
        value_minor=0,
        starts_on=None,
        until=None,
        expires_at=now + OFFER_STANDS,
        detail={},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
