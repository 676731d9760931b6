"""Subjects: which subscription or order the words mean, and what was said of it before."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.retention.account import Order, Subscription
from bot.retention.dialogue import Scene
from bot.retention.save_attempt import CONTINUES_WITHIN, Outcome


def subjects_meant(scene: Scene) -> tuple[Subscription, ...]:
    """Return the live subscriptions the words can mean: the named ones, else the one spoken of,
    else those not leaving."""
    live = tuple(s for s in scene.situation.account.subscriptions if s.is_live)
    named = tuple(s for s in live if is_named(s, scene))
    if named and len(named) < len(live):
        return named
    attempt = scene.dialogue.open_attempt
    spoken_of = tuple(s for s in live if attempt and s.id == attempt.about)
    if spoken_of and not named and not scene.heard.flag("both"):
        return spoken_of
    staying = tuple(s for s in live if not s.is_leaving)
    return staying or live


def has_several(scene: Scene) -> bool:
    """Say whether "both" and "everything" can mean more than one subscription."""
    return sum(s.is_live for s in scene.situation.account.subscriptions) > 1


def names_a_subscription(scene: Scene) -> bool:
    live = (s for s in scene.situation.account.subscriptions if s.is_live)
    means_all = scene.heard.flag("both") and has_several(scene)
    return means_all or any(is_named(s, scene) for s in live)


def is_about_a_subscription(scene: Scene) -> bool:
    """Say whether the last attempt was about a subscription that is not leaving yet."""
    attempt, account = scene.dialogue.attempt, scene.situation.account
    staying = (s for s in account.subscriptions if s.is_live and not s.is_leaving)
    return any(attempt and s.id == attempt.about for s in staying)


def was_left_today(scene: Scene, subscription: Subscription) -> bool:
    since = scene.situation.now - CONTINUES_WITHIN
    return any(
        attempt.about == subscription.id
        and attempt.outcome is Outcome.CANCELED
        and attempt.opened_at >= since
        for attempt in scene.situation.earlier
    )


def insisting(scene: Scene) -> Scene:
    heard = replace(scene.heard, entities=(*scene.heard.entities, ("insisting", "true")))
    return scene.with_heard(heard)


def is_named(subscription: Subscription, scene: Scene) -> bool:
    plans, names = scene.heard.values("plan"), scene.heard.values("subscription")
    text = f" {scene.heard.text.lower()} "
    nickname = (subscription.nickname or "").lower()
    return (
        subscription.plan in plans
        or subscription.id in (*names, scene.heard.value("option"))
        or bool(nickname and (nickname in names or f" {nickname}" in text))
    )


def names_an_order(scene: Scene) -> bool:
    """Say whether the words name an order of this account, by number or by item."""
    return bool(orders_named(scene))


def orders_named(scene: Scene) -> tuple[Order, ...]:
    """Return the orders that the words name, by number or by item."""
    orders = scene.situation.account.orders
    wanted = (*scene.heard.values("order_number"), scene.heard.value("option"))
    by_number = tuple(o for o in orders if o.id in wanted)
    if by_number:
        return by_number
    words = set(re.findall(r"[a-z]+", scene.heard.text.lower()))
    return tuple(o for o in orders if words & {w for w in o.item.lower().split() if len(w) > 2})
