"""Service: what customers ask for by name is done where the plan allows it, in every profile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.retention import buttons
from bot.retention.account import (
    ConcessionKind,
    Plan,
    Subscription,
)
from bot.retention.agreed import commands_for
from bot.retention.calendar import (
    add_duration,
    add_months,
    read_day,
    write_day,
    write_weeks,
)
from bot.retention.capabilities import Capability, needed_for_pause, needed_for_plan
from bot.retention.consent import terms_say
from bot.retention.dialogue import Act, Awaiting, Conclusion, Plea, Scene, Step
from bot.retention.figures import (
    per_interval,
    price_now,
    subscription_figures,
    subscription_option,
)
from bot.retention.offer import pause_months_left, rescue_plan, smaller_plan
from bot.retention.resuming import resume
from bot.retention.say import Option, Say

# A single day after one of these is when the pause should begin, not when it should be over:
# "from next week", "starting on Monday"; but not "away from home until Monday".
_NAMES_THE_START = re.compile(
    r"\b(?:from|as of|after|effective|(?:start|begin)(?:s|n?ing)?)\b"
    r"(?!.*\b(?:until|till|til|through|thru|to|up to|back|ends?|ending|resum\w+|again)\b)",
    re.IGNORECASE | re.DOTALL,
)


def pause(scene: Scene) -> Step:
    """Pause, or pause for longer; how long is asked when it was not said."""
    subscription = _meant(scene)
    if subscription is None:
        return _ask_which(scene)
    offer = scene.dialogue.open_attempt.open_offer if scene.dialogue.open_attempt else None
    terms = scene.situation.terms
    months_left = pause_months_left(
        subscription, in_a_row_at_most=terms.pause_months_in_a_row_at_most
    )
    if months_left == 0 or subscription.is_leaving or subscription.renews_on is None:
        return _refuse(scene, "utter_pause_not_possible", subscription)
    if not _can(scene, Capability.PAUSE):
        return _refuse(scene, "utter_billing_cannot_pause", subscription)
    starts_on, runs_to = _pause_window(subscription)
    resumes_on = _wished_end(scene, runs_to)
    if resumes_on is None:
        if offer and offer.kind is ConcessionKind.PAUSE and offer.until:
            resumes_on = offer.until
        else:
            return _ask_how_long(scene, subscription)
    latest = add_months(runs_to, min(terms.pause_months_at_most, months_left))
    if not runs_to < resumes_on <= latest:
        return _ask_how_long(scene, subscription, "utter_pause_too_long", latest)
    if not _can(scene, needed_for_pause(subscription, resumes_on)):
        return _refuse_pause(scene, subscription)
    figures = {
        **subscription_figures(subscription),
        "starts_on": write_day(starts_on),
        "until": write_day(resumes_on),
        "next_charge_on": write_day(resumes_on),
    }
    detail = {"starts_on": starts_on.isoformat(), "resumes_on": resumes_on.isoformat()}
    return _restate(scene, Plea("pause", subscription.id, {**detail, "figures": figures}))


def skip(scene: Scene) -> Step:
    """Skip the next box that can still be skipped, or the one on the day that was named.

    Where the billing system knows no boxes, the next period is skipped: that is a pause, with a
    pause's own terms.
    """
    subscription = _meant(scene)
    if subscription is None:
        return _ask_which(scene)
    if not _can(scene, Capability.SKIP):
        return _pause_one_period(scene, subscription)
    if subscription.next_dispatch_on is None:
        return _refuse(scene, "utter_no_box_to_skip", subscription)
    notice = timedelta(days=scene.situation.terms.skip_notice_days)
    earliest = scene.situation.now.date() + notice
    on = subscription.next_dispatch_on
    wished = read_day(scene.heard.value("date") or "")
    while on < earliest or (wished and on < wished) or on in subscription.skipped:
        on += timedelta(weeks=subscription.every_weeks)
    figures = {**subscription_figures(subscription), "on": write_day(on)}
    return _restate(
        scene, Plea("skip", subscription.id, {"on": on.isoformat(), "figures": figures})
    )


def change_plan(scene: Scene) -> Step:
    """Change to the plan that was named, else to the next smaller one."""
    subscription = _meant(scene, by_plan=False)
    if subscription is None:
        return _ask_which(scene)
    plan = _wished_plan(scene, subscription)
    if plan is None or subscription.renews_on is None or subscription.is_leaving:
        return _refuse(scene, "utter_no_smaller_plan", subscription)
    needed = needed_for_plan(subscription, scene.situation.account, plan.code)
    if not _can(scene, needed):
        return _refuse(scene, f"utter_billing_cannot_{needed.value}", subscription)
    figures = {
        **subscription_figures(subscription),
        "plan": plan.name,
        "price_after": per_interval(plan.price, plan.interval),
        "next_charge": str(price_now(subscription, price=plan.price)),
        "starts_on": write_day(subscription.renews_on),
    }
    return _restate(scene, Plea("plan", subscription.id, {"plan": plan.code, "figures": figures}))


def change_frequency(scene: Scene) -> Step:
    subscription = _meant(scene)
    if subscription is None:
        return _ask_which(scene)
    if not _can(scene, Capability.CHANGE_FREQUENCY):
        return _refuse(scene, "utter_billing_cannot_change_frequency", subscription)
    weeks = _wished_weeks(scene, subscription)
    figures = {**subscription_figures(subscription), "every_weeks": write_weeks(weeks)}
    return _restate(
        scene, Plea("frequency", subscription.id, {"every_weeks": weeks, "figures": figures})
    )


def undo(scene: Scene) -> Step:
    """Take back a cancellation that has not taken effect; staying needs consent too (R13)."""
    account = scene.situation.account
    leaving = [s for s in account.subscriptions if s.is_leaving]
    if not leaving:
        ended = [s for s in account.subscriptions if not s.is_live]
        response = "utter_undo_too_late" if ended else "utter_nothing_to_undo"
        return scene.step(Say(response, {}, (buttons.PERSON,)), *resume(scene))
    subscription = _meant(scene) if len(leaving) > 1 else leaving[0]
    if subscription is None or not subscription.is_leaving:
        subscription = leaving[0]
    figures = subscription_figures(subscription)
    return _restate(scene, Plea("undo", subscription.id, {"figures": figures}))


def carry_out(scene: Scene, plea: Plea) -> Step:
    """Turn consented terms into the command that does them."""
    dialogue = replace(scene.dialogue.asks(None), plea=None, waiting_move=None)
    then = {"offer": Conclusion.OFFER_TAKEN, "undo": Conclusion.UNDONE}.get(
        plea.kind, Conclusion.SERVED
    )
    detail = {"kind": plea.kind, "subject": plea.about, **plea.detail}
    return Step(dialogue, act=Act(commands_for(plea), then, detail))


def _restate(scene: Scene, plea: Plea) -> Step:
    dialogue = replace(scene.dialogue.asks(Awaiting.CONSENT), plea=plea, waiting_move=None)
    return scene.step(terms_say(scene, plea), dialogue=dialogue)


def _can(scene: Scene, capability: Capability) -> bool:
    return scene.situation.capabilities.can(capability)


def _pause_one_period(scene: Scene, subscription: Subscription) -> Step:
    """Hear "skip the next one" as a pause until the period after it."""
    period = "P1Y" if subscription.interval == "year" else "P1M"
    heard = replace(scene.heard, entities=(*_but_times(scene), ("duration", period)))
    return pause(replace(scene, heard=heard))


def _but_times(scene: Scene) -> tuple[tuple[str, str], ...]:
    return tuple(e for e in scene.heard.entities if e[0] not in {"date", "duration"})


def _refuse_pause(scene: Scene, subscription: Subscription) -> Step:
    """Say that only whole billing periods can be paused, with those that can."""
    if subscription.interval == "year":
        return _refuse(scene, "utter_billing_cannot_pause", subscription)
    return _ask_how_long(scene, subscription, "utter_billing_cannot_pause_to_any_day")


def _refuse(scene: Scene, response: str, subscription: Subscription) -> Step:
    """Say why a service cannot be had now, and go on where we were."""
    say = Say(response, subscription_figures(subscription), (buttons.PERSON,))
    return scene.step(say, *resume(scene))


def _ask_how_long(
    scene: Scene,
    subscription: Subscription,
    response: str = "utter_ask_pause_duration",
    latest: date | None = None,
) -> Step:
    months = range(1, scene.situation.terms.pause_months_at_most + 1)
    options = tuple(Option(f"P{n}M", str(n), (str(n),)) for n in months)
    figures = subscription_figures(subscription)
    if latest:
        figures["latest"] = write_day(latest)
    dialogue = replace(
        scene.dialogue.asks(Awaiting.DURATION, *options),
        plea=Plea("duration", subscription.id, {}),
        waiting_move=scene.heard,
    )
    offered = (*(buttons.pause_for(n) for n in months), buttons.CANCEL, buttons.PERSON)
    return scene.step(Say(response, figures, offered), dialogue=dialogue)


def _ask_which(scene: Scene) -> Step:
    live = _live(scene)
    if not live:
        return scene.step(Say("utter_no_subscription", {}, (buttons.PERSON,)))
    options = tuple(subscription_option(s) for s in live)
    dialogue = replace(scene.dialogue.asks(Awaiting.SUBJECT, *options), waiting_move=scene.heard)
    offered = tuple(buttons.choose(option.id, option.title) for option in options)
    return scene.step(
        Say("utter_ask_which_service", {}, (*offered, buttons.PERSON)), dialogue=dialogue
    )


def _live(scene: Scene) -> tuple[Subscription, ...]:
    return tuple(s for s in scene.situation.account.subscriptions if s.is_live)


def _meant(scene: Scene, *, by_plan: bool = True) -> Subscription | None:
    """Return the one subscription meant: the attempt's, the named one, or the only one."""
    live = _live(scene)
    attempt, plea = scene.dialogue.open_attempt, scene.dialogue.plea
    wanted = (
        scene.heard.value("option"),
        attempt.about if attempt else None,
        plea.about if plea and plea.kind == "duration" else None,
    )
    for subscription_id in wanted:
        found = [s for s in live if s.id == subscription_id]
        if found:
            return found[0]
    names = {name.lower() for name in scene.heard.values("subscription")}
    plans = set(scene.heard.values("plan")) if by_plan else set()
    named = [s for s in live if (s.nickname or "").lower() in names - {""} or s.plan in plans]
    candidates = named or list(live)
    return candidates[0] if len(candidates) == 1 else None


def _pause_window(subscription: Subscription) -> tuple[date, date]:
    """Return when the pause starts and from where its length counts."""
    if subscription.pause is not None:
        return subscription.pause.starts_on, subscription.pause.resumes_on
    renews_on = subscription.renews_on
    if renews_on is None:
        raise LookupError(f"subscription {subscription.id} has no renewal to pause from")
    return renews_on, renews_on


def _wished_end(scene: Scene, runs_to: date) -> date | None:
    """Return the day it should start again; None where no more than its first day was named."""
    duration, days = scene.heard.value("duration"), scene.heard.values("date")
    duration = duration or _chosen_duration(scene)
    if duration:
        return add_duration(runs_to, duration)
    if len(days) == 1 and _NAMES_THE_START.search(scene.heard.text):
        return None
    return read_day(days[-1]) if days else None


def _chosen_duration(scene: Scene) -> str | None:
    option = scene.heard.value("option")
    return option if option and option.startswith("P") else None


def _wished_plan(scene: Scene, subscription: Subscription) -> Plan | None:
    """Return the named plan of the catalogue, else the next smaller, else the rescue plan."""
    account = scene.situation.account
    for code in scene.heard.values("plan"):
        plan = next((p for p in account.catalogue if p.code == code), None)
        if plan and plan.code != subscription.plan:
            return plan
    smaller = smaller_plan(account, subscription)
    if smaller:
        return smaller
    rescue = rescue_plan(account)
    return rescue if rescue and rescue.price < subscription.price else None


def _wished_weeks(scene: Scene, subscription: Subscription) -> int:
    weeks = scene.heard.value("duration") or ""
    if weeks.startswith("P") and weeks.endswith("W") and weeks[1:-1].isdigit():
        return max(1, min(8, int(weeks[1:-1])))
    return 4 if weeks == "P1M" else min(8, subscription.every_weeks * 2)
