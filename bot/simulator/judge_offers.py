"""The judge on offers: how many, never after a no, the exit beside them, consent, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator import books
from bot.simulator import reading as read
from bot.simulator.stand import placed
from bot.simulator.transcript import Means, Seen
from bot.simulator.verdict import Broken, Case, Check

_CONSEQUENCE = ("If you cancel now,", 'With "Cancel now"')


def offers_keep_to_the_cap(case: Case) -> Iterator[Broken]:
    """R2, R19, R20: no more offers than the profile allows; one more only if asked for."""
    about, shown = _subjects(case), dict[str, set[str]]()
    for one in placed(case):
        asked = one.stand.asked_for_more or one.means & {Means.MORE, Means.DISCOUNT}
        before = case.conversation.books_before(one.at)
        for offer in one.exchange.offers:
            ident = about.get(offer["id"], "")
            made = shown.setdefault(ident, set())
            if offer["id"] in made:
                continue
            made.add(offer["id"])
            cap = books.most_offers(before, ident, case.profile, one.exchange.at)
            allowed = cap + 1 if cap and asked else cap
            if len(made) > allowed:
                yield Broken("R2", one.at, f"offer {len(made)} where {allowed} are allowed")


def nothing_comes_after_a_no(case: Case) -> Iterator[Broken]:
    """R3: after a refusal, a second explicit cancel or a press: no offer, no question why."""
    shown: set[str] = set()
    for one in placed(case):
        made = {offer["id"] for offer in one.exchange.offers}
        if one.stand.said_no or one.said_no:
            if made - shown:
                yield Broken("R3", one.at, "an offer was made after a no")
            if one.is_shown.asks_why and not one.is_shown.not_understood:
                yield Broken("R3", one.at, "the reason was asked after a no")
        shown |= made


def the_exit_stands_beside_it(case: Case) -> Iterator[Broken]:
    """R4: beside whatever names a consequence, and no later than second beside what agrees."""
    for at, exchange in enumerate(case.conversation.exchanges):
        for seen in exchange.seen:
            shown = [ident for ident, _title in seen.buttons]
            among = shown[:2] if _agrees(seen) else shown
            if (_agrees(seen) or _weighs(seen)) and read.CANCEL_ID not in among:
                yield Broken("R4", at, "no cancel control beside an offer or a consequence")


def the_reason_is_optional(case: Case) -> Iterator[Broken]:
    """R5: asked once, with a way not to tell it; not telling leads on."""
    for one in placed(case):
        shown = one.is_shown
        if shown.asks_why and shown.cancel_button is None:
            yield Broken("R5", one.at, "the reason was asked without a way out")
        again = one.stand.asked_why and "why would you like to leave" in shown.text.lower()
        if again and not one.means & {Means.QUESTION, Means.CHAT}:
            yield Broken("R5", one.at, "the reason was asked a second time")
        leads_on = shown.says_left or shown.cancel_button or one.left
        if Means.NO_REASON in one.means and one.was_shown.asks_why and not leads_on:
            yield Broken("R5", one.at, "not telling the reason blocks the way on")


def consent_is_express(case: Case) -> Iterator[Broken]:
    """R13: what is agreed to was restated just before, and said yes to."""
    for one in placed(case):
        before = case.conversation.books_before(one.at)
        for what in books.agreed(before, one.exchange.account):
            asked = one.was_shown.restates_terms or one.is_shown.restates_terms
            if not asked or not one.means & {Means.YES, Means.ACCEPT}:
                yield Broken("R13", one.at, f"{what} was given without consent to its terms")


def nothing_is_done_twice(case: Case) -> Iterator[Broken]:
    """No concession and no remedy twice, however often it was clicked."""
    conversation, last = case.conversation, len(case.conversation.exchanges) - 1
    settled = conversation.settled or conversation.before
    for policy in books.concessions_twice(conversation.before, settled):
        yield Broken("twice", last, f"{policy} was granted twice")
    if books.remedies(settled) > books.remedies(conversation.before) + 1:
        yield Broken("twice", last, "a remedy was granted twice")
    for one in settled["orders"]:
        if one["refund_minor"] + one["refund_due_minor"] > one["price_minor"]:
            yield Broken("twice", last, f"more was paid back for {one['id']} than it cost")
    for one in settled["invoices"]:
        if one["refunded_minor"] > one["amount_minor"]:
            yield Broken("twice", last, f"more was paid back of {one['id']} than was charged")


def hardship_is_not_sold_to(case: Case) -> Iterator[Broken]:
    """Nothing is sold to somebody who is bereaved, ill or in need."""
    for one in placed(case):
        if one.exchange.offers and (one.stand.hardship or Means.HARDSHIP in one.means):
            yield Broken("hardship", one.at, "an offer was made to a customer in hardship")


def _subjects(case: Case) -> dict[str, str]:
    """Return what each offer is about, from the recorded attempts."""
    return {
        made["offer"]["id"]: attempt["about"]
        for attempt in case.conversation.attempts
        for made in attempt["offers"]
    }


def _agrees(seen: Seen) -> bool:
    return bool(seen.offer or {read.ACCEPT, read.CONFIRM} & set(seen.titles))


def _weighs(seen: Seen) -> bool:
    return any(words in seen.text for words in _CONSEQUENCE)


CHECKS: tuple[Check, ...] = (
    offers_keep_to_the_cap,
    nothing_comes_after_a_no,
    the_exit_stands_beside_it,
    the_reason_is_optional,
    consent_is_express,
    nothing_is_done_twice,
    hardship_is_not_sold_to,
)
