"""The judge on leaving: carried out when insisted on, never otherwise, confirmed, not charged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.retention.calendar import write_day, write_instant
from bot.simulator import books
from bot.simulator.stand import Placed, placed
from bot.simulator.transcript import LEAVING, Means
from bot.simulator.verdict import Broken, Case, Check

_LETS_GO = frozenset({Means.KEEP, Means.UNDO, Means.NO, Means.CLOSE, Means.SILENT, Means.ACCEPT})
_ASIDE = frozenset({Means.QUESTION, Means.CHAT, Means.PERSON, Means.IDENTIFY, Means.CHOOSE})


def an_insisting_cancel_is_carried_out(case: Case) -> Iterator[Broken]:
    """R1, R6: at once where it can be undone, else within two turns; words equal the control."""
    turns: int | None = None
    for one in placed(case):
        if one.means & _LETS_GO or one.is_another:
            turns = None
        if one.insists and turns is None and _something_to_leave(case, one):
            turns = 0
        if turns is None:
            continue
        if one.left or one.is_shown.says_left or one.is_shown.cannot_be_ended:
            turns = None
        elif _asks_first(one) or one.means & _ASIDE or not one.exchange.account:
            continue
        else:
            turns += 1
            problem = _not_carried_out(case, one, turns)
            if problem:
                yield Broken("R6" if _was_typed(one) else "R1", one.at, problem)
                turns = None


def nothing_ends_that_nobody_ended(case: Case) -> Iterator[Broken]:
    """R7: no silence, service or question ends anything."""
    for one in placed(case):
        if not one.left:
            continue
        if one.means & {Means.SILENT, Means.CLOSE}:
            yield Broken("R7", one.at, "silence was taken for a cancellation")
        elif not (one.stand.wished or one.means & LEAVING or _confirmed(one)):
            yield Broken("R7", one.at, "something ended, and nobody had asked for that")


def leaving_needs_nothing_else(case: Case) -> Iterator[Broken]:
    """R9: who is signed in is never asked who they are."""
    for one in placed(case):
        if one.before.account and (one.is_shown.asks_email or one.is_shown.asks_code):
            yield Broken("R9", one.at, "a known customer was asked who they are")


def a_person_comes_at_once(case: Case) -> Iterator[Broken]:
    """R10."""
    for one in placed(case):
        if Means.PERSON in one.means and one.exchange.holder not in ("queue", "ticket", "agent"):
            yield Broken("R10", one.at, "a person was asked for and none was fetched")


def exits_are_confirmed(case: Case) -> Iterator[Broken]:
    """R14: which, when asked, effective date, last charge, refund, and a receipt to keep."""
    for one in placed(case):
        if not one.left or (case.conversation.billing_was_down and not one.is_shown.says_left):
            continue
        if one.is_shown.says_queued:
            continue
        if not any(seen.receipt for seen in one.exchange.seen):
            yield Broken("R14", one.at, "an exit was carried out without a receipt")
        for ident in one.left:
            yield from _left_unsaid(one, ident)


def nothing_is_charged_afterwards(case: Case) -> Iterator[Broken]:
    """R15: long after the conversation, what was left has cost nothing more."""
    conversation, last = case.conversation, len(case.conversation.exchanges) - 1
    for one in conversation.settled.get("subscriptions", ()):
        gone = one["cancels_on"] or one["status"] == "canceled"
        if gone and books.new_charges(one["id"], conversation.settled, conversation.later):
            yield Broken("R15", last, f"{one['id']} has ended and was charged afterwards")


def a_live_right_is_named(case: Case) -> Iterator[Broken]:
    """R16: who can have their money back hears so before they leave."""
    said = ""
    for one in placed(case):
        said += one.exchange.text
        before = case.conversation.books_before(one.at)
        for ident in one.left:
            right = books.has_live_right(before, ident, case.profile, one.exchange.at)
            if right and "money back" not in said:
                yield Broken("R16", one.at, f"{ident} had a live right that was never named")


def an_exit_outlives_billing(case: Case) -> Iterator[Broken]:
    """R18: queued with the time it was asked for, told, and effective as of then."""
    conversation = case.conversation
    undone = any(Means.UNDO in e.did.means for e in conversation.exchanges)
    for one in placed(case):
        if not one.is_shown.says_queued:
            continue
        if write_instant(one.exchange.at) not in one.exchange.text:
            yield Broken("R18", one.at, "the customer was not told from when it counts")
        if not undone and not books.left(conversation.before, conversation.settled):
            yield Broken("R18", one.at, "a queued cancellation was never carried out")
    for before in conversation.before["subscriptions"] if not undone else ():
        yield from _not_as_of_the_request(case, before)


def _confirmed(one: Placed) -> bool:
    """They had not asked for it, and said yes when they were asked whether it should end."""
    return Means.YES in one.means and one.was_shown.asks_whether_to_end


def _something_to_leave(case: Case, one: Placed) -> bool:
    account = case.conversation.books_before(one.at)
    return bool(books.can_be_left(account, one.exchange.at.date()))


def _asks_first(one: Placed) -> bool:
    shown = one.is_shown
    return shown.asks_which or shown.asks_email or shown.asks_code


def _was_typed(one: Placed) -> bool:
    return one.exchange.did.button is None


def _not_carried_out(case: Case, one: Placed, turns: int) -> str | None:
    if turns > 1:
        return "an insisting cancel was not carried out within two turns"
    if not one.is_shown.asks_whether_to_end:
        return "an insisting cancel was neither carried out nor asked about"
    account, at = case.conversation.books_before(one.at), one.exchange.at
    leavable = books.can_be_left(account, at.date())
    easily = [books.can_be_taken_back(account, ident, case.profile, at) for ident in leavable]
    if all(easily) and Means.AT_ONCE not in one.means:
        return "an insisting cancel that can be undone was asked about first"
    return None


def _left_unsaid(one: Placed, ident: str) -> Iterator[Broken]:
    now, text = books.subject(one.exchange.account, ident), one.exchange.text
    if "interval" in now:
        ends = now["cancels_on"] or one.exchange.at.date().isoformat()
        wanted = [write_day(date.fromisoformat(ends)), "Last charge", "Refund", "You asked on"]
    else:
        wanted = ["Refund", "You asked on"]
    for words in wanted:
        if words not in text:
            yield Broken("R14", one.at, f"the confirmation of {ident} does not say {words!r}")


def _not_as_of_the_request(case: Case, before: dict[str, object]) -> Iterator[Broken]:
    """What ran and was cancelled while billing was down ends on the day it would have."""
    conversation = case.conversation
    queued = [one for one in placed(case) if one.is_shown.says_queued]
    now = books.subject(conversation.settled, str(before["id"]))
    if not queued or before["status"] != "active" or before["cancels_on"] or before["pause"]:
        return
    right = books.has_live_right(
        conversation.before, str(before["id"]), case.profile, queued[0].exchange.at
    )
    at_once = any(Means.AT_ONCE in e.did.means for e in conversation.exchanges)
    if right or at_once or not now.get("cancels_on"):
        return
    if now["cancels_on"] != before["renews_on"]:
        what = f"{before['id']} ends on {now['cancels_on']} instead of {before['renews_on']}"
        yield Broken("R18", queued[0].at, what)


CHECKS: tuple[Check, ...] = (
    an_insisting_cancel_is_carried_out,
    nothing_ends_that_nobody_ended,
    leaving_needs_nothing_else,
    a_person_comes_at_once,
    exits_are_confirmed,
    nothing_is_charged_afterwards,
    a_live_right_is_named,
    an_exit_outlives_billing,
)
