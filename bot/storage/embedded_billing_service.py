"""What customers may do themselves: pause, resume, skip a box, change how often boxes come."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.errors import NotPossible
from bot.retention import commands as c
from bot.retention.command_bounds import check_longer_pause, check_pause_length
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_records import (
    BillingTerms,
    BoxRecord,
    PauseRecord,
    SubscriptionRecord,
)
from bot.storage.embedded_billing_time import start_period

_LONGEST_RHYTHM_WEEKS = 8


def pause(
    books: Books,
    command: c.PauseSubscription,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.staying(command.subscription)
    if subscription.status == "trialing":
        raise NotPossible("A trial cannot be paused; it can be extended or ended.")
    agreed = books.pause_of(subscription)
    if agreed is not None:
        _move_end(agreed, subscription, command.resumes_on, now.date(), terms)
        agreed.concession = concession or agreed.concession
        return
    if command.starts_on != subscription.renews_on:
        raise NotPossible(
            f"A pause starts with the next renewal, on {subscription.renews_on}, "
            f"not on {command.starts_on}."
        )
    check_pause_length(command.starts_on, command.resumes_on, months=terms.pause_months)
    books.pauses.append(
        PauseRecord(
            id=books.new_id("P"),
            account=subscription.account,
            subscription=subscription.id,
            starts_on=command.starts_on,
            resumes_on=command.resumes_on,
            concession=concession,
        )
    )


def _move_end(
    pause: PauseRecord,
    subscription: SubscriptionRecord,
    resumes_on: date,
    today: date,
    terms: BillingTerms,
) -> None:
    check_longer_pause(
        pause.starts_on,
        pause.resumes_on,
        longer_until=resumes_on,
        today=today,
        months=terms.pause_months,
        in_a_row=terms.pause_months_in_a_row,
    )
    pause.resumes_on = resumes_on
    if subscription.status == "paused":
        subscription.renews_on = resumes_on


def resume(
    books: Books,
    command: c.ResumeSubscription,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.staying(command.subscription)
    pause = books.pause_of(subscription)
    if pause is None:
        raise NotPossible(f"Subscription {subscription.id} is not paused.")
    pause.ended_at = now
    if subscription.status == "paused":
        start_period(books, subscription, now.date(), terms)


def skip(
    books: Books,
    command: c.SkipDelivery,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.live(command.subscription)
    today = now.date()
    if command.on in books.skipped_days(subscription):
        raise NotPossible(f"The box of {command.on} is already skipped.")
    if not _is_coming(books, subscription, command.on, today, terms):
        raise NotPossible(f"No box of {subscription.id} goes out on {command.on}.")
    if command.on - today < timedelta(days=terms.skip_days_before_dispatch):
        raise NotPossible(
            f"The box of {command.on} is being packed; a box can be skipped until "
            f"{terms.skip_days_before_dispatch} days before its dispatch."
        )
    due_on = command.on + timedelta(days=terms.delivery_days)
    books.boxes.append(
        BoxRecord(
            account=subscription.account,
            subscription=subscription.id,
            dispatch_on=command.on,
            due_on=due_on,
            arrives_on=due_on,
            skipped=True,
            concession=concession,
        )
    )


def _is_coming(
    books: Books, subscription: SubscriptionRecord, day: date, today: date, terms: BillingTerms
) -> bool:
    """Tell whether a box is to go out on that day of the delivery rhythm."""
    first = subscription.next_box_on
    if first is None or not first <= day <= today + timedelta(weeks=terms.skippable_weeks_ahead):
        return False
    if (day - first).days % (7 * subscription.every_weeks):
        return False
    if subscription.cancels_on is not None and day >= subscription.cancels_on:
        return False
    pause = books.pause_of(subscription)
    return pause is None or not pause.starts_on <= day < pause.resumes_on


def change_frequency(
    books: Books,
    command: c.ChangeFrequency,
    concession: str | None,
    now: datetime,
    terms: BillingTerms,
) -> None:
    subscription = books.live(command.subscription)
    if not 1 <= command.every_weeks <= _LONGEST_RHYTHM_WEEKS:
        raise NotPossible(f"Boxes can come every 1 to {_LONGEST_RHYTHM_WEEKS} weeks.")
    subscription.every_weeks = command.every_weeks
