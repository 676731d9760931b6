"""Check-ins: which occasions there are, and everything that keeps the desk quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.retention.account import Box, SubscriptionStatus
from bot.retention.check_ins import (
    APART,
    HARDSHIP_RESTS,
    MOST,
    PERIOD,
    CheckInKind,
    Contacts,
    check_in_say,
    due,
    is_quiet,
    to_show,
    why_not,
)
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON
from tests.factories import (
    NOW,
    TODAY,
    a_pause,
    a_subscription,
    an_account,
    an_invoice,
)

OVERDUE = an_invoice("I-9", status="overdue", due_on=TODAY - timedelta(days=6))


def box(days: int, *, status: str = "dispatched", late: bool = True, cooked: bool = True) -> Box:
    return Box("S-1001", TODAY + timedelta(days=days), status, late, cooked)


def yearly(days: int, **more):
    renews_on = TODAY + timedelta(days=days)
    return a_subscription(plan="family_annual", interval="year", renews_on=renews_on, **more)


def paused(days: int):
    pause = replace(a_pause(), resumes_on=TODAY + timedelta(days=days))
    return a_subscription(status=SubscriptionStatus.PAUSED, pause=pause)


def cooked(newest: int, before: int) -> tuple[Box, ...]:
    """Eight delivered boxes, of which so many of the newest and of the four before were cooked."""
    counted = [n < newest for n in range(4)] + [n < before for n in range(4)]
    return tuple(
        box(-7 * (n + 1), status="delivered", late=False, cooked=was)
        for n, was in enumerate(counted)
    )


CASES = {
    "nothing happens": (an_account(), []),
    "a payment failed": (an_account(invoices=(OVERDUE,)), ["failed_payment"]),
    "an invoice is open and not overdue": (
        an_account(invoices=(an_invoice("I-9", status="open"),)),
        [],
    ),
    "a box is late": (an_account(boxes=(box(-1),)), ["delivery_late"]),
    "a box was late and came": (an_account(boxes=(box(-1, status="delivered"),)), []),
    "a box was late long ago": (an_account(boxes=(box(-8),)), []),
    "a box is on its way": (an_account(boxes=(box(-1, late=False),)), []),
    "a pause ends today": (an_account(subscriptions=(paused(0),)), ["pause_ending"]),
    "a pause ends in three days": (an_account(subscriptions=(paused(3),)), ["pause_ending"]),
    "a pause ends in four days": (an_account(subscriptions=(paused(4),)), []),
    "a year renews tomorrow": (an_account(subscriptions=(yearly(1),)), ["renewal_ahead"]),
    "a year renews in two weeks": (an_account(subscriptions=(yearly(14),)), ["renewal_ahead"]),
    "a year renews in 15 days": (an_account(subscriptions=(yearly(15),)), []),
    "a month renews tomorrow": (
        an_account(subscriptions=(a_subscription(renews_on=TODAY + timedelta(days=1)),)),
        [],
    ),
    "boxes are cooked less": (an_account(boxes=cooked(0, 4)), ["falling_usage"]),
    "boxes are cooked as before": (an_account(boxes=cooked(3, 3)), []),
    "two things at once": (
        an_account(invoices=(OVERDUE,), boxes=(box(-1),)),
        ["failed_payment", "delivery_late"],
    ),
    "who is leaving is told nothing": (
        an_account(
            subscriptions=(yearly(3, cancels_on=TODAY + timedelta(days=3)),), invoices=(OVERDUE,)
        ),
        [],
    ),
    "who has left is told nothing": (
        an_account(
            subscriptions=(a_subscription(status=SubscriptionStatus.CANCELED),),
            invoices=(OVERDUE,),
        ),
        [],
    ),
}


@pytest.mark.parametrize("title", CASES)
def test_the_occasions_of_a_day(title):
    history, kinds = CASES[title]
    assert [one.kind.value for one in due(history, TODAY, in_holdout=False)] == kinds


def test_nothing_that_could_keep_somebody_is_said_in_the_holdout():
    history = an_account(boxes=(*cooked(0, 4), box(-1)))
    assert [one.kind.value for one in due(history, TODAY, in_holdout=True)] == ["delivery_late"]


[FAILED] = due(an_account(invoices=(OVERDUE,)), TODAY, in_holdout=False)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


@pytest.mark.parametrize(
    ("contacts", "why"),
    [
        (Contacts(), None),
        (Contacts(is_on=False), "switched_off"),
        (Contacts(with_people=True), "with_people"),
        (Contacts(hardship_at=ago(days=10)), "hardship"),
        (Contacts(hardship_at=NOW - HARDSHIP_RESTS), None),
        (Contacts(told={FAILED.key: ago(days=300)}), "told_already"),
        (Contacts(told={"k": ago(days=1)}), "too_soon"),
        (Contacts(told={"k": NOW - APART}), None),
        (Contacts(told={"k": ago(days=10), "l": ago(days=20)}), "enough_this_period"),
        (Contacts(told={"k": ago(days=10), "l": NOW - PERIOD}), None),
        (Contacts(raised={"k": ago(days=1)}), "another_waits"),
        (Contacts(raised={"k": ago(days=8)}), None),
        (Contacts(raised={FAILED.key: ago(days=1)}), None),
        (Contacts(raised={"k": ago(days=5)}, told={"k": ago(days=5)}), None),
    ],
)
def test_everything_that_keeps_the_desk_quiet(contacts, why):
    assert why_not(FAILED, contacts, NOW) == why


def test_never_more_than_the_limit_in_any_period():
    contacts, said = Contacts(), []
    for day in range(120):
        now = NOW + timedelta(days=day)
        occasion = replace(FAILED, key=f"I-{day}")
        if why_not(occasion, contacts, now) is None:
            said.append(now)
            contacts = replace(contacts, told={**contacts.told, occasion.key: now})
    for now in said:
        assert sum(now - PERIOD < other <= now for other in said) <= MOST
    assert len(said) == 8


@pytest.mark.parametrize(
    ("hour", "zone", "quiet"),
    [
        (8, "Europe/London", True),
        (9, "Europe/London", False),
        (19, "Europe/London", False),
        (20, "Europe/London", True),
        (15, "America/Los_Angeles", True),  # seven or eight in the morning there
        (18, "America/Los_Angeles", False),
        (12, None, True),
        (17, None, False),
        (19, None, True),
    ],
)
def test_no_mail_is_sent_at_night_by_the_customers_clock(hour, zone, quiet):
    now = datetime(2026, 1, 14, hour, 30 if hour < 19 else 0, tzinfo=timezone.utc)
    now = now.replace(minute=0) if hour in (9, 20, 17, 19) else now
    assert is_quiet(now, ZoneInfo(zone) if zone else None) is quiet


def test_only_what_was_raised_and_still_holds_is_shown():
    history, key = an_account(invoices=(OVERDUE,)), FAILED.key
    raised = Contacts(raised={key: ago(hours=1)})
    assert to_show(history, Contacts(), NOW, in_holdout=False) is None
    assert to_show(history, raised, NOW, in_holdout=False) == FAILED
    assert to_show(an_account(), raised, NOW, in_holdout=False) is None  # it was paid meanwhile
    assert to_show(history, raised, NOW + timedelta(days=8), in_holdout=False) is None
    assert to_show(history, replace(raised, is_on=False), NOW, in_holdout=False) is None


@pytest.mark.parametrize("kind", CheckInKind, ids=lambda kind: kind.value)
def test_the_exit_a_person_and_the_way_to_hear_no_more_stand_beside_it(kind):
    say = check_in_say(replace(FAILED, kind=kind))
    intents = [button.intent for button in say.buttons]
    assert PRESS_CANCEL in intents
    assert PRESS_PERSON in intents
    assert ("option", "check_ins_off") in [e for b in say.buttons for e in b.entities]
    assert say.offer is None
