"""How far a command may go, whatever billing system carries it out; beyond it is a refusal."""

from __future__ import annotations

from datetime import date

from bot.errors import NotPossible
from bot.money import Money
from bot.retention.calendar import add_months

_LONGEST_TRIAL_EXTENSION_DAYS = 60
_LONGEST_DISCOUNT_CYCLES = 12


def check_discount(percent: int, cycles: int) -> None:
    if not 1 <= percent <= 100 or not 1 <= cycles <= _LONGEST_DISCOUNT_CYCLES:
        raise NotPossible(
            f"A discount is 1 to 100 percent for 1 to {_LONGEST_DISCOUNT_CYCLES} billing cycles."
        )


def check_trial_extension(days: int) -> None:
    if not 1 <= days <= _LONGEST_TRIAL_EXTENSION_DAYS:
        raise NotPossible(f"A trial can be extended by 1 to {_LONGEST_TRIAL_EXTENSION_DAYS} days.")


def check_pause_length(starts_on: date, resumes_on: date, *, months: int) -> None:
    """Refuse what lasts no time, or longer than that many months at a time."""
    if resumes_on <= starts_on:
        raise NotPossible(f"A pause from {starts_on} must end later than that.")
    latest = add_months(starts_on, months)
    if resumes_on > latest:
        raise NotPossible(
            f"A pause can be {months} months long at a time: from {starts_on} until {latest}."
        )


def check_longer_pause(
    starts_on: date,
    resumes_on: date,
    *,
    longer_until: date,
    today: date,
    months: int,
    in_a_row: int,
) -> None:
    """Refuse a new end of a pause that was agreed from `starts_on` until `resumes_on`."""
    if longer_until <= max(today, starts_on):
        raise NotPossible(f"The pause cannot end on {longer_until}; that day is too early.")
    if longer_until > resumes_on:
        check_pause_length(resumes_on, longer_until, months=months)
    latest = add_months(starts_on, in_a_row)
    if longer_until > latest:
        raise NotPossible(
            f"A pause lasts at most {in_a_row} months in a row; this one can last until {latest}."
        )


def check_money(currency: str, *amounts: Money | None) -> None:
    """Refuse amounts in another currency than the account's."""
    for amount in amounts:
        if amount is not None and amount.currency != currency:
            raise NotPossible(f"This account is kept in {currency}, not in {amount.currency}.")


def check_worth(value: Money) -> None:
    if value.minor < 0:
        raise NotPossible("A concession cannot be worth less than nothing.")


def check_credit(amount: Money) -> None:
    if amount.minor <= 0:
        raise NotPossible("A credit must be more than nothing.")


def check_refund(invoice: str, status: str, amount: Money, *, left: Money) -> None:
    if status != "paid":
        raise NotPossible(f"Invoice {invoice} is {status}; only a paid one is refunded.")
    if not 0 < amount.minor <= left.minor:
        raise NotPossible(f"Of invoice {invoice} up to {left} can be refunded.")
