"""Agreed terms as commands: what the billing system is asked for after consent."""

from __future__ import annotations

from datetime import date

from bot.retention.account import ConcessionKind
from bot.retention.commands import (
    ApplyDiscount,
    ChangeFrequency,
    ChangePlan,
    Command,
    ConcessionNote,
    ExtendTrial,
    GrantCredit,
    PauseSubscription,
    RefundInvoice,
    SkipDelivery,
    UndoCancellation,
)
from bot.retention.dialogue import Plea
from bot.retention.offer import Offer, read_offer


def commands_for(plea: Plea) -> tuple[Command, ...]:
    """Return what the billing system is asked for once these terms are agreed; a session with an
    expert is nothing it has to do with."""
    if plea.kind != "offer":
        return (_service_command(plea),)
    offer = read_offer(plea.detail["offer"])
    return () if offer.kind is ConcessionKind.EXPERT_SESSION else (_offer_command(offer),)


def _service_command(plea: Plea) -> Command:
    detail = plea.detail
    if plea.kind == "pause":
        starts_on = date.fromisoformat(detail["starts_on"])
        return PauseSubscription(plea.about, starts_on, date.fromisoformat(detail["resumes_on"]))
    if plea.kind == "skip":
        return SkipDelivery(plea.about, date.fromisoformat(detail["on"]))
    if plea.kind == "plan":
        return ChangePlan(plea.about, detail["plan"])
    if plea.kind == "frequency":
        return ChangeFrequency(plea.about, detail["every_weeks"])
    return UndoCancellation(plea.about)


def _offer_command(offer: Offer) -> Command:
    note = ConcessionNote(offer.kind, offer.policy, offer.value)
    about, detail = offer.about, offer.detail
    if offer.kind is ConcessionKind.PAUSE and offer.starts_on and offer.until:
        since = detail.get("running_since")
        starts_on = date.fromisoformat(since) if since else offer.starts_on
        return PauseSubscription(about, starts_on, offer.until, note)
    if offer.kind is ConcessionKind.DOWNGRADE:
        return ChangePlan(about, detail["plan"], note)
    if offer.kind is ConcessionKind.DISCOUNT:
        return ApplyDiscount(about, detail["percent"], detail["cycles"], note)
    if offer.kind is ConcessionKind.EXTEND_TRIAL:
        return ExtendTrial(about, detail["days"], note)
    if offer.kind is ConcessionKind.SKIP and offer.starts_on:
        return SkipDelivery(about, offer.starts_on, note)
    if offer.kind is ConcessionKind.CHANGE_FREQUENCY:
        return ChangeFrequency(about, detail["every_weeks"], note)
    if offer.kind is ConcessionKind.REFUND:
        return RefundInvoice(detail["invoice"], offer.value, note)
    return GrantCredit(offer.value, about, note)
