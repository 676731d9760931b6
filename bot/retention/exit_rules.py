"""The honest-exit rules as checks on what was said: each names the rule and what broke it.

They look only at what the customer did and what they were told, so the same checks serve tests,
the exploration of all states, and a guard over messages at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.retention.dialogue import Awaiting, Dialogue, Heard
from bot.retention.jurisdiction import Profile
from bot.retention.save_attempt import Answer, Outcome, SaveAttempt
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Say

# Responses that confirm an exit, by how they begin.
EXITS = (
    "utter_left_",
    "utter_order_canceled",
    "utter_order_refund_requested",
    "utter_cancellation_queued",
    "utter_already_leaving",
)
# One more turn is allowed where an exit cannot be taken back, or it is not known what is meant.
STEPS_TO_THE_EXIT = (
    "utter_confirm_",
    "utter_name_money_back",
    "utter_name_withdrawal",
    "utter_ask_which",
    "utter_ask_email",
    "utter_return_too_late",
    "utter_order_settled",
    "utter_nothing_to_cancel",
    "utter_no_open_order",
    "utter_not_possible_exit",
)
CONSEQUENCES = ("utter_cancellation_terms", "utter_offer_", "utter_consent_", "utter_terms_")


@dataclass(frozen=True)
class Exchange:
    """One move and its answer: what stood before, what was done, what was said, what stands now."""

    before: Dialogue
    heard: Heard
    says: tuple[Say, ...]
    after: Dialogue
    profile: Profile
    escalated: bool = False


@dataclass(frozen=True)
class Violation:
    """A broken rule, with the place in the conversation (0 is the first exchange)."""

    rule: str
    at: int
    what: str


def violations(exchanges: Sequence[Exchange]) -> tuple[Violation, ...]:
    """Return every violation in a conversation, in order; none is the only good answer."""
    found = [
        Violation(rule, at, what)
        for at, exchange in enumerate(exchanges)
        for rule, check in _ONE_EXCHANGE
        for what in check(exchange)
    ]
    found += [
        Violation("R1", at, "an insisting cancel was not confirmed within two turns")
        for at in _late_exits(exchanges)
    ]
    if exchanges and not exchanges[0].says[0].response.startswith("utter_welcome"):
        found.append(Violation("R11", 0, "the first message does not say who is talking"))
    return tuple(found)


def is_insisting(exchange: Exchange) -> bool:
    """Say whether this move demands the exit (settled 2); a first plain wish does not."""
    if exchange.heard.intent == PRESS_CANCEL:
        return True
    if exchange.heard.intent not in {"request_cancellation"}:
        return False
    again = exchange.before.open_attempt is not None and not _answers_why(exchange)
    return again or exchange.heard.flag("insisting") or exchange.profile.is_strict


def leaves(says: Sequence[Say]) -> bool:
    """Say whether these messages confirm an exit."""
    return any(say.response.startswith(EXITS) for say in says)


def _answers_why(exchange: Exchange) -> bool:
    return exchange.before.awaiting is Awaiting.REASON and exchange.heard.flag(
        "cancellation_reason"
    )


def _late_exits(exchanges: Sequence[Exchange]) -> Iterator[int]:
    """Yield where an insisting move got neither the exit nor the one step that may precede it."""
    for at, exchange in enumerate(exchanges):
        if not is_insisting(exchange) or leaves(exchange.says):
            continue
        if not any(say.response.startswith(STEPS_TO_THE_EXIT) for say in exchange.says):
            yield at


def _offers_within_the_cap(exchange: Exchange) -> Iterator[str]:
    attempt, cap = exchange.after.attempt, exchange.profile.offers_before_completion
    if attempt is None:
        return
    allowed = cap + (1 if cap and attempt.asked_for_more else 0)
    if len(attempt.offers) > allowed:
        yield f"{len(attempt.offers)} offers were made, {allowed} are allowed"


def _nothing_after_a_no(exchange: Exchange) -> Iterator[str]:
    before, after = exchange.before.attempt, exchange.after.attempt
    if before is None or after is None or before.id != after.id or not before.refused:
        return
    if len(after.offers) > len(before.offers):
        yield "an offer was made after a refusal"
    if any(say.response.startswith("utter_ask_reason") for say in exchange.says):
        yield "the reason was asked after a refusal"


def _the_exit_stands_beside_every_offer(exchange: Exchange) -> Iterator[str]:
    for say in exchange.says:
        weighs = say.offer is not None or say.response.startswith(CONSEQUENCES)
        if weighs and not any(button.intent == PRESS_CANCEL for button in say.buttons):
            yield f"{say.response} shows no exit"


def _the_reason_is_asked_once(exchange: Exchange) -> Iterator[str]:
    attempt = exchange.before.open_attempt
    asked = any(say.response.startswith("utter_ask_reason") for say in exchange.says)
    if asked and attempt is not None and attempt.reason_asked:
        yield "the reason was asked a second time"


def _silence_decides_nothing(exchange: Exchange) -> Iterator[str]:
    if exchange.heard.intent not in {"customer_silent", "conversation_closed"}:
        return
    before, after = exchange.before.open_attempt, exchange.after.attempt
    if before and after and after.outcome not in (None, Outcome.ABANDONED):
        yield f"silence was recorded as {after.outcome}"


def _a_person_comes_at_once(exchange: Exchange) -> Iterator[str]:
    if exchange.heard.intent in {PRESS_PERSON, "ask_for_agent"} and not exchange.escalated:
        yield "a person was asked for and not fetched"


def _consent_comes_before_a_concession(exchange: Exchange) -> Iterator[str]:
    taken = _accepted(exchange.after.attempt) - _accepted(exchange.before.attempt)
    if taken and exchange.before.awaiting is not Awaiting.CONSENT:
        yield "a concession was given without consent to its terms"


def _exits_have_receipts(exchange: Exchange) -> Iterator[str]:
    confirming = ("utter_left_at", "utter_left_with", "utter_order_canceled", "utter_order_refund")
    for say in exchange.says:
        if say.response.startswith(confirming) and say.receipt is None:
            yield f"{say.response} has no receipt"


def _hardship_is_not_sold_to(exchange: Exchange) -> Iterator[str]:
    attempt = exchange.after.attempt
    if attempt and attempt.hardship and any(say.offer for say in exchange.says):
        yield "something was sold to a customer in hardship"


def _accepted(attempt: SaveAttempt | None) -> set[str]:
    made = attempt.offers if attempt else ()
    return {m.offer.id for m in made if m.answer is Answer.ACCEPTED}


Check = Callable[[Exchange], Iterator[str]]

_ONE_EXCHANGE: tuple[tuple[str, Check], ...] = (
    ("R2", _offers_within_the_cap),
    ("R3", _nothing_after_a_no),
    ("R4", _the_exit_stands_beside_every_offer),
    ("R5", _the_reason_is_asked_once),
    ("R7", _silence_decides_nothing),
    ("R10", _a_person_comes_at_once),
    ("R13", _consent_comes_before_a_concession),
    ("R14", _exits_have_receipts),
    ("hardship", _hardship_is_not_sold_to),
)
