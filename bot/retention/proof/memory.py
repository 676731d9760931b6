"""What a conversation has shown so far, remembered by the proof itself, not by the dialogue.

Rules about "no further offer" must not trust the record of the very code they judge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.retention.consent import RESTATED
from bot.retention.dialogue import Awaiting, Dialogue, Heard, Step
from bot.retention.save_attempt import SaveAttempt
from bot.retention.say import PRESS_CANCEL, Say

ASKS_WHY = "utter_ask_reason"
_ASKS_FOR_MORE = frozenset({"ask_other_options", "request_discount"})
_HARDSHIP = ("hardship", "distress")
_NO = frozenset({"deny", "decline_offer"})
# While these are awaited, what was wanted waits, and insisting is not forgotten.
_PUT_OFF = (Awaiting.SUBJECT, Awaiting.EMAIL, Awaiting.CODE)


@dataclass(frozen=True)
class Memory:
    """`offers` holds (subject, offer id) of every offer shown in this conversation.

    `attempt` names the attempt the three flags speak of; a new attempt begins with none of them,
    but insisting that opened it counts. `hardship` was told at some time. `terms` names the
    response that restated the terms now waiting for consent, and None when none were.
    """

    offers: tuple[tuple[str, str], ...] = ()
    attempt: str | None = None
    asked_for_more: bool = False
    said_no: bool = False
    asked_why: bool = False
    insisting: bool = False
    hardship: bool = False
    terms: Say | None = None

    def a_day_later(self) -> Memory:
        """Offers are still known when they are shown again, and count no more (settled 11)."""
        return replace(self, offers=tuple(("", offer) for _about, offer in self.offers))

    def offers_about(self, subject: str) -> int:
        return sum(about == subject for about, _offer in self.offers)


def remember(memory: Memory, before: Dialogue, heard: Heard, step: Step) -> Memory:
    """Return the memory after one move and what was said to it."""
    after = step.dialogue
    insisting = (memory.insisting and not _asks_by_name(heard)) or says_no(before, heard)
    wants_more = heard.intent in _ASKS_FOR_MORE and _was_offered_something(memory, before)
    name = after.attempt.id if after.attempt else None
    # A new attempt begins with no flag, but for the insisting that opened it.
    same = name == memory.attempt
    # Made once and in one go: a walk remembers some millions of times.
    return Memory(
        offers=_offers(memory, after.attempt, step.says),
        attempt=name,
        asked_for_more=same and (memory.asked_for_more or wants_more),
        said_no=insisting or (same and memory.said_no),
        asked_why=(same and memory.asked_why) or asks_why(step.says),
        insisting=insisting and after.awaiting in _PUT_OFF,
        hardship=memory.hardship or tells_of_hardship(heard),
        terms=_terms(memory, after, step.says),
    )


def says_no(before: Dialogue, heard: Heard) -> bool:
    """Say whether this is a refusal, a second explicit cancel, or a press on the control (R3)."""
    if heard.intent == PRESS_CANCEL:
        return True
    if heard.intent == "request_cancellation":
        again = before.open_attempt is not None and not answers_why(before, heard)
        return again or heard.flag("insisting")
    asked = before.awaiting in (Awaiting.OFFER, Awaiting.CHOICE, Awaiting.REASON)
    says_no = heard.intent in _NO and not corrects(heard)
    return says_no and asked and before.open_attempt is not None


def tells_of_hardship(heard: Heard) -> bool:
    return heard.intent == "express_hardship" or any(heard.flag(flag) for flag in _HARDSHIP)


def corrects(heard: Heard) -> bool:
    """Say whether a no means the other one of several."""
    return "the other" in heard.text


def answers_why(before: Dialogue, heard: Heard) -> bool:
    """Say whether a wish to leave names a cause while we asked why (that is no insisting)."""
    named = heard.flag("cancellation_reason") and not heard.flag("insisting")
    return before.awaiting is Awaiting.REASON and named


def asks_why(says: tuple[Say, ...]) -> bool:
    return any(say.response.startswith(ASKS_WHY) for say in says)


def _asks_by_name(heard: Heard) -> bool:
    """Say whether an order is to be treated in a way that was named: that is no offer of ours."""
    return heard.intent == "return_order" and heard.flag("order_number")


def _was_offered_something(memory: Memory, before: Dialogue) -> bool:
    attempt = before.open_attempt
    return attempt is not None and memory.offers_about(attempt.about) > 0


def _offers(
    memory: Memory, attempt: SaveAttempt | None, says: tuple[Say, ...]
) -> tuple[tuple[str, str], ...]:
    shown = tuple((attempt.about if attempt else "", say.offer["id"]) for say in says if say.offer)
    if not shown:
        return memory.offers
    return tuple(dict.fromkeys((*memory.offers, *shown)))


def _terms(memory: Memory, after: Dialogue, says: tuple[Say, ...]) -> Say | None:
    if after.awaiting is not Awaiting.CONSENT:
        return None
    return next((say for say in says if say.response.startswith(RESTATED)), memory.terms)
