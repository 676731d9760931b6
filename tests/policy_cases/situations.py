"""Turns the words of a table of cases into an account, and asks the desk what it may be offered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any

from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.account import (
    AccountHistory,
    ConcessionKind,
    Order,
    OrderStatus,
    Subscription,
    SubscriptionStatus,
    Ticket,
)
from bot.retention.authority import ASSISTANT, Grantor
from bot.retention.calendar import add_months
from bot.retention.cancellation import CancellationReason
from bot.retention.dialogue import Dialogue, Heard, Scene, Situation
from bot.retention.offer import Offer
from bot.retention.offering import granted_offers
from bot.retention.save_attempt import SaveAttempt
from bot.settings import ROOT
from tests.factories import (
    NOW,
    TODAY,
    a_catalogue,
    a_concession,
    a_discount,
    a_pause,
    a_pending_change,
    a_subscription,
    an_account,
    an_incident,
    an_invoice,
    an_order,
    boxes,
    days_from_now,
)

FOLDER = ROOT / "data" / "retention"


@dataclass(frozen=True)
class Given:
    """What a case may say; whatever it leaves out is an uneventful monthly subscription.

    `paused_months` is how long the pause that runs was agreed for, ending in 9 days.
    `delivered_days_ago` makes the subject an order instead of a subscription. Of twelve weekly
    boxes the newest are the late or skipped ones. `level` is whose authority counts: anybody's but
    the assistant's is a person at the desk.
    """

    reason: str | None = None
    jurisdiction: str | None = "US-TX"
    plan: str = "family"
    status: str = "active"
    tenure_months: int = 6
    renews_in_days: int = 12
    households: int = 1
    overdue_invoices: int = 0
    open_incidents: int = 0
    discount_percent: int = 0
    conceded_days_ago: int | None = None
    paused_months: int = 0
    pause_agreed: bool = False
    pending_plan: str | None = None
    trial_extensions: int = 0
    order_status: str = "delivered"
    delivered_days_ago: int | None = None
    order_price_minor: int = 7900
    hardship: bool = False
    held_out: bool = False
    asked_for_more: bool = False
    late_boxes: int = 0
    boxes_skipped: int = 0
    open_tickets: int = 0
    language: str = "en"
    level: str = "assistant"


@dataclass(frozen=True)
class Answer:
    """The verdict of one policy (None: it does not speak of the reason) and its offer, if any."""

    unmet: tuple[str, ...] | None
    offer: Offer | None


def judge(given: Given, policy: str) -> Answer:
    """Return what the named policy says, as the desk would ask it."""
    scene, offers = granted_offers(a_scene(given))
    attempt = scene.dialogue.attempt
    assert attempt is not None
    verdict = next((v for v in attempt.verdicts if v["policy"] == policy), None)
    return Answer(
        unmet=_unmet(verdict) if verdict else None,
        offer=next((offer for offer in offers if offer.policy == policy), None),
    )


def a_scene(given: Given) -> Scene:
    """Return the open save attempt about the subject of a case, before anything was offered."""
    account = account_of(given)
    subject = account.subjects[0]
    attempt = SaveAttempt(
        id="sa-1",
        conversation="c-1",
        account=account.account,
        about=subject.id,
        opened_at=NOW,
        reasons=(CancellationReason(given.reason),) if given.reason else (),
        hardship=given.hardship,
        asked_for_more=given.asked_for_more,
    )
    situation = a_situation(account, in_holdout=given.held_out)
    person = None if given.level == ASSISTANT else "p-1"
    situation = replace(situation, grantor=Grantor(given.level, person))
    heard = Heard("give_reason", entities=(("language", given.language),))
    return Scene(Dialogue(account.account, attempt=attempt), heard, situation)


def a_situation(account: AccountHistory, *, in_holdout: bool = False) -> Situation:
    """Return what the desk knows about an account now, under the policies that are in force."""
    policies, profiles, terms = _rules()
    return Situation(
        now=NOW,
        conversation="c-1",
        new_id="1",
        history=account,
        catalogue=account.catalogue,
        policies=policies,
        profile=profiles.of(account.customer.jurisdiction, TODAY),
        terms=terms,
        in_holdout=in_holdout,
    )


def account_of(given: Given) -> AccountHistory:
    """Return an account of which everything in `given` is true."""
    is_order = given.delivered_days_ago is not None
    return an_account(
        jurisdiction=given.jurisdiction,
        households=given.households,
        subscriptions=() if is_order else (_subscription(given),),
        orders=(_order(given),) if is_order else (),
        invoices=tuple(
            an_invoice(f"I-{number}", status="overdue", due_on=days_from_now(-11))
            for number in range(given.overdue_invoices)
        ),
        incidents=tuple(an_incident(f"N-{n}") for n in range(given.open_incidents)),
        concessions=_concessions(given),
        boxes=boxes(late=given.late_boxes, skipped=given.boxes_skipped),
        tickets=tuple(
            Ticket(f"T-{number}", "box", "open", TODAY) for number in range(given.open_tickets)
        ),
    )


def _subscription(given: Given) -> Subscription:
    trialing, paused = given.status == "trialing", given.status == "paused"
    renews_on = days_from_now(9 if paused else given.renews_in_days)
    pause = None
    if paused:
        pause = a_pause(starts_on=add_months(renews_on, -given.paused_months), resumes_on=renews_on)
    elif given.pause_agreed:
        pause = a_pause(starts_on=renews_on, resumes_on=add_months(renews_on, 1))
    pending = next((p for p in a_catalogue() if p.code == given.pending_plan), None)
    return replace(
        a_subscription(plan=given.plan, status=SubscriptionStatus(given.status)),
        started_on=add_months(TODAY, -given.tenure_months),
        renews_on=renews_on,
        trial_ends_on=renews_on if trialing else None,
        discount=a_discount(given.discount_percent) if given.discount_percent else None,
        pause=pause,
        pending_change=(
            a_pending_change(pending.code, price=pending.price.minor, starts_on=renews_on)
            if pending
            else None
        ),
    )


def _order(given: Given) -> Order:
    assert given.delivered_days_ago is not None
    delivered_on = days_from_now(-given.delivered_days_ago)
    return an_order(
        status=OrderStatus(given.order_status),
        price=given.order_price_minor,
        ordered_on=delivered_on - timedelta(days=3),
        delivered_on=delivered_on,
    )


def _concessions(given: Given) -> tuple[Any, ...]:
    extensions = tuple(
        a_concession(f"C-{n}", kind=ConcessionKind.EXTEND_TRIAL, policy="trial_extension@1")
        for n in range(given.trial_extensions)
    )
    if given.conceded_days_ago is None:
        return extensions
    granted_at = NOW - timedelta(days=given.conceded_days_ago)
    return (*extensions, a_concession("C-price", granted_at=granted_at))


def _unmet(verdict: dict[str, Any]) -> tuple[str, ...]:
    return tuple(
        f"{c['fact']} {c['operator']} {_words(c['bound'])}"
        for c in verdict["conditions"]
        if not c["holds"]
    )


def _words(bound: Any) -> str:
    if isinstance(bound, list):
        return ", ".join(str(choice) for choice in bound)
    return str(bound).lower() if isinstance(bound, bool) else str(bound)


@lru_cache(maxsize=1)
def _rules() -> tuple[Any, Any, Any]:
    return (
        load_policies(FOLDER / "policies"),
        load_profiles(FOLDER / "profiles"),
        load_terms(FOLDER / "company.yml"),
    )
