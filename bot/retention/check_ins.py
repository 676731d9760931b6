"""Check-ins: what a customer is told unasked, when, and how seldom; service, and nothing sold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import Enum

from bot.retention import buttons
from bot.retention.account import AccountHistory, Subscription, SubscriptionStatus
from bot.retention.calendar import write_day
from bot.retention.facts import usage_trend
from bot.retention.figures import subject_name
from bot.retention.say import Button, Say

# The do-not-disturb limit: unwanted contact drives people away.
MOST, PERIOD = 2, timedelta(days=30)
APART = timedelta(days=4)
RAISED_LASTS = timedelta(days=7)
HARDSHIP_RESTS = timedelta(days=180)
# No mail is sent before and after these, by the customer's clock.
EARLIEST, LATEST = time(9), time(20)
# By which every clock of the countries we serve is in those hours, where the zone is not known.
EVERYWHERE = (time(17), time(19))

_PAUSE_ENDS_WITHIN = timedelta(days=3)
_RENEWS_WITHIN = timedelta(days=14)
_LATE_WITHIN = timedelta(days=7)


class CheckInKind(str, Enum):
    """Why somebody is told something unasked; the first that holds comes first."""

    FAILED_PAYMENT = "failed_payment"
    DELIVERY_LATE = "delivery_late"
    PAUSE_ENDING = "pause_ending"
    RENEWAL_AHEAD = "renewal_ahead"
    FALLING_USAGE = "falling_usage"


@dataclass(frozen=True)
class CheckIn:
    """One occasion; `key` names it for good, so that nobody is told of it twice."""

    kind: CheckInKind
    account: str
    about: str
    key: str
    figures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contacts:
    """What is on record about reaching an account unasked.

    `told` are the occasions told, with when; `raised` those that wait. `hardship_at` is when
    hardship was last heard of.
    """

    told: dict[str, datetime] = field(default_factory=dict)
    raised: dict[str, datetime] = field(default_factory=dict)
    is_on: bool = True
    with_people: bool = False
    hardship_at: datetime | None = None


OFF = buttons.choose("check_ins_off", "utter_button_check_ins_off")
_BUTTONS: dict[CheckInKind, tuple[Button, ...]] = {
    CheckInKind.FAILED_PAYMENT: (Button("utter_button_check_in_billing", "ask_billing"),),
    CheckInKind.DELIVERY_LATE: (Button("utter_button_check_in_late", "report_problem"),),
    CheckInKind.PAUSE_ENDING: (Button("utter_button_check_in_longer", "request_pause"),),
    CheckInKind.RENEWAL_AHEAD: (Button("utter_button_check_in_billing", "ask_billing"),),
    CheckInKind.FALLING_USAGE: (Button("utter_button_check_in_skip", "skip_delivery"),),
}


def due(history: AccountHistory, today: date, *, in_holdout: bool) -> tuple[CheckIn, ...]:
    """Return every occasion there is today, the most pressing for the customer first.

    Nobody who has left, or is leaving, is told anything. In the holdout nothing is said that could
    keep somebody: falling usage.
    """
    staying = [s for s in history.subscriptions if s.is_live and not s.is_leaving]
    found = [one for s in staying for one in _of(history, s, today)]
    if in_holdout:
        found = [one for one in found if one.kind is not CheckInKind.FALLING_USAGE]
    order = list(CheckInKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.key)))


def why_not(check_in: CheckIn, contacts: Contacts, now: datetime) -> str | None:
    """Return what keeps it from being told at all, or None."""
    if not contacts.is_on:
        return "switched_off"
    if contacts.with_people:
        return "with_people"
    if contacts.hardship_at and contacts.hardship_at > now - HARDSHIP_RESTS:
        return "hardship"
    if check_in.key in contacts.told:
        return "told_already"
    recent = [at for at in contacts.told.values() if at > now - PERIOD]
    if len(recent) >= MOST:
        return "enough_this_period"
    if recent and max(recent) > now - APART:
        return "too_soon"
    waiting = [
        key
        for key, at in contacts.raised.items()
        if key not in contacts.told and key != check_in.key and at > now - RAISED_LASTS
    ]
    return "another_waits" if waiting else None


def is_quiet(now: datetime, zone: tzinfo | None) -> bool:
    """Whether no mail may be sent now."""
    if zone is None:
        return not EVERYWHERE[0] <= now.time() < EVERYWHERE[1]
    return not EARLIEST <= now.astimezone(zone).time() < LATEST


def to_show(
    history: AccountHistory,
    contacts: Contacts,
    now: datetime,
    *,
    in_holdout: bool,
) -> CheckIn | None:
    """Return the raised occasion that still holds, to be told to who has just come in."""
    for check_in in due(history, now.date(), in_holdout=in_holdout):
        raised_at = contacts.raised.get(check_in.key)
        lasts = raised_at is not None and raised_at > now - RAISED_LASTS
        if lasts and why_not(check_in, contacts, now) is None:
            return check_in
    return None


def check_in_say(check_in: CheckIn) -> Say:
    """Word it, with what fits, the exit, a person, and the way to hear no more of this."""
    offered = (*_BUTTONS[check_in.kind], buttons.CANCEL, buttons.PERSON, OFF)
    return Say(f"utter_check_in_{check_in.kind.value}", check_in.figures, offered)


def _of(history: AccountHistory, s: Subscription, today: date) -> Iterator[CheckIn]:
    name = {"subject": subject_name(s)}
    for invoice in history.invoices:
        if invoice.subscription == s.id and invoice.status == "overdue":
            figures = {**name, "amount": str(invoice.amount), "due_on": write_day(invoice.due_on)}
            yield _check_in(CheckInKind.FAILED_PAYMENT, history, s, invoice.id, figures)
    for box in history.boxes_of(s.id):
        on_its_way = box.status in ("dispatched", "scheduled")
        if box.late and on_its_way and today - _LATE_WITHIN <= box.due_on <= today:
            figures = {**name, "due_on": write_day(box.due_on)}
            yield _check_in(CheckInKind.DELIVERY_LATE, history, s, str(box.due_on), figures)
    if s.pause and today <= s.pause.resumes_on <= today + _PAUSE_ENDS_WITHIN:
        figures = {**name, "resumes_on": write_day(s.pause.resumes_on)}
        yield _check_in(CheckInKind.PAUSE_ENDING, history, s, str(s.pause.resumes_on), figures)
    yearly = s.interval == "year" and s.status is SubscriptionStatus.ACTIVE
    if yearly and s.renews_on and today < s.renews_on <= today + _RENEWS_WITHIN:
        figures = {**name, "renews_on": write_day(s.renews_on), "price": str(s.price)}
        yield _check_in(CheckInKind.RENEWAL_AHEAD, history, s, str(s.renews_on), figures)
    if s.status is SubscriptionStatus.ACTIVE and usage_trend(history, s) == "falling":
        yield _check_in(CheckInKind.FALLING_USAGE, history, s, f"{today:%Y-%m}", name)


def _check_in(
    kind: CheckInKind, history: AccountHistory, s: Subscription, which: str, figures: dict[str, str]
) -> CheckIn:
    key = f"{history.account}:{kind.value}:{s.id}:{which}"
    return CheckIn(kind, history.account, s.id, key, figures)
