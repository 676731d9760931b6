"""Rules about offers, the reason and consent: how many, never after a no, the exit beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.retention.account import ConcessionKind
from bot.retention.calendar import write_day
from bot.retention.consent import RESTATED
from bot.retention.dialogue import Act, Awaiting, Conclusion
from bot.retention.exit_rules import CONSEQUENCES, leaves
from bot.retention.offer import Offer, read_offer
from bot.retention.offering import began_on
from bot.retention.proof.memory import asks_why, corrects
from bot.retention.proof.passages import Passage
from bot.retention.proof.place import Place
from bot.retention.proof.rule import Broken
from bot.retention.say import PRESS_CANCEL, Say

# Controls that agree to something, beside which the exit must be as prominent.
_AGREES = frozenset({"accept_offer", "affirm"})
_NO = frozenset({"deny", "decline_offer"})
_HOW_TO_CANCEL = "cancel at any time"
# These change what is paid; a pause or a longer trial costs nothing while it runs.
_PRICED = (ConcessionKind.DISCOUNT, ConcessionKind.DOWNGRADE)


def offers_keep_to_the_cap(passage: Passage) -> Iterator[Broken]:
    """R2. One more than the cap only if the customer asked what else there is; none in
    hardship."""
    if passage.after.memory.hardship and any(say.offer for say in passage.says):
        yield Broken("something was offered to a customer in hardship")
    place, attempt = passage.after, passage.after.dialogue.attempt
    if attempt is None or not _new_offers(passage):
        return
    cap = _cap(place, attempt.about)
    allowed = cap + (1 if cap and place.memory.asked_for_more else 0)
    made = place.memory.offers_about(attempt.about)
    if made > allowed:
        yield Broken(f"offers made: {made}, offers allowed: {allowed}")


def nothing_comes_after_a_no(passage: Passage) -> Iterator[Broken]:
    """R3. After a refusal, a second explicit cancel or a press: no offer, no question why."""
    attempt = passage.after.dialogue.attempt
    waits = attempt is not None and attempt.about in _owed(passage.before)
    if not (passage.after.memory.said_no or waits):
        return
    if _new_offers(passage):
        yield Broken("an offer was made after a no")
    if asks_why(passage.says):
        yield Broken("the reason was asked after a no")


def the_exit_stands_beside_it(passage: Passage) -> Iterator[Broken]:
    """R4. The control stands among the first two, wherever an offer or a consequence is shown."""
    for say in passage.says:
        intents = [button.intent for button in say.buttons]
        weighs = say.offer or say.response.startswith(CONSEQUENCES)
        if not weighs and not _AGREES & set(intents):
            continue
        if PRESS_CANCEL not in intents:
            yield Broken(f"{say.response} shows no way to cancel")
        elif intents.index(PRESS_CANCEL) > 1:
            yield Broken(f"{say.response} shows the way to cancel behind others")


def the_reason_is_optional(passage: Passage) -> Iterator[Broken]:
    """R5. Asked once, with a way not to answer; not answering leads on to the exit."""
    for say in passage.says:
        intents = {button.intent for button in say.buttons}
        if asks_why((say,)) and not {"deny", PRESS_CANCEL} <= intents:
            yield Broken("the reason is asked without a way not to tell it")
    if asks_why(passage.says) and passage.before.memory.asked_why and _same_attempt(passage):
        yield Broken("the reason was asked a second time")
    no = passage.heard.intent in _NO and not corrects(passage.heard)
    if passage.before.dialogue.awaiting is Awaiting.REASON and no:
        goes_on = leaves(passage.says) or _shows_the_exit(passage.says)
        if not goes_on or passage.after.dialogue.awaiting is Awaiting.REASON:
            yield Broken("not telling the reason blocks the way on")


def consent_is_express(passage: Passage) -> Iterator[Broken]:
    """R13. Terms are restated in full before anything that was agreed to is carried out."""
    before, act = passage.before, passage.act
    if act is not None and _needs_consent(act):
        asked = before.dialogue.awaiting is Awaiting.CONSENT
        if not asked or before.memory.terms is None:
            yield Broken("something was carried out whose terms were not restated")
    for say in passage.says:
        if say.response.startswith(RESTATED) and not say.response.startswith("utter_terms_order_"):
            yield from _left_unsaid(passage, say)


def _owed(place: Place) -> set[str]:
    """Return what was cancelled already, only that billing could not take it yet."""
    return {getattr(command, "subscription", "") for command in place.owed}


def _new_offers(passage: Passage) -> set[tuple[str, str]]:
    known = {offer for _about, offer in passage.before.memory.offers}
    return {made for made in passage.after.memory.offers if made[1] not in known}


def _same_attempt(passage: Passage) -> bool:
    return passage.before.memory.attempt == passage.after.memory.attempt


def _shows_the_exit(says: tuple[Say, ...]) -> bool:
    return any(button.intent == PRESS_CANCEL for say in says for button in say.buttons)


def _cap(place: Place, about: str) -> int:
    """Return how many offers the profile's own figures allow, whoever reads them elsewhere."""
    situation = place.situation
    profile, began = situation.profile, began_on(situation.subject(about))
    withdrawable_until = began + timedelta(days=profile.withdrawal_days)
    if profile.withdrawal_days and profile.day_of(situation.now) <= withdrawable_until:
        return 0
    return 0 if place.is_strict else profile.offers_before_completion


def _needs_consent(act: Act) -> bool:
    """A remedy is owed and granted at once; everything else but the exit is agreed to first."""
    return not act.is_exit and act.then is not Conclusion.REMEDIED


def _left_unsaid(passage: Passage, say: Say) -> Iterator[Broken]:
    text = passage.before.beginning.rules.word(say)
    plea = passage.after.dialogue.plea
    wanted = {"the next charge": say.figures.get("next_charge_on", "-"), "cancel": _HOW_TO_CANCEL}
    if plea and "offer" in plea.detail:
        wanted |= _terms_of(read_offer(plea.detail["offer"]))
    for name, words in wanted.items():
        if words not in text:
            yield Broken(f"{say.response} does not restate {name} ({words})")


def _terms_of(offer: Offer) -> dict[str, str]:
    """Return what the restated terms must say: the price afterwards is today's, or the new one."""
    terms = {"the price": str(offer.price)}
    if offer.kind in _PRICED:
        terms["the new price"] = str(offer.price_after)
    if offer.until is not None:
        terms["until when"] = write_day(offer.until)
    return terms
