"""What is heard beside the intent: signals, and a language that is not ours."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding import signals as heard
from bot.understanding.examples import REASON_ENTITY
from bot.understanding.insisting import is_insisting, wants_immediate_effect
from bot.understanding.language import Foreign, foreign_language
from bot.understanding.normalise import MAX_CHARACTERS
from bot.understanding.parsed import LEAVING, OTHER_LANGUAGE, Parsed
from bot.understanding.signals import Signals
from bot.understanding.wordlists import word_set

# Who plainly wants one of these insists on something else than leaving.
_STAYING = word_set("keep_subscription undo_cancellation request_pause skip_delivery")
_PLAINLY = 0.7
# Hardship in words that no pattern knows, of which the classifier is sure.
_HEARD_IN_FULL = 0.6


def signals_of(text: str, reasons: Sequence[str], first: tuple[str, float]) -> Signals:
    """Return what is heard in the text beside its first intent, given with its confidence."""
    intent, confidence = first
    foreign = foreign_language(text) or Foreign("en", wants_to_leave=False)
    return Signals(
        insisting=is_insisting(text) and not (intent in _STAYING and confidence >= _PLAINLY),
        immediate=wants_immediate_effect(text),
        hardship=heard.is_hardship(text, reasons)
        or (intent == "express_hardship" and confidence >= _HEARD_IN_FULL),
        both=heard.wants_both(text),
        fraud=heard.mentions_fraud(text),
        legal=heard.mentions_law(text) or (intent == "threaten_legal" and confidence >= 0.5),
        anger=heard.sounds_angry(text),
        distress=heard.is_distressed(text),
        wants_to_leave=foreign.wants_to_leave or intent in LEAVING,
        language=foreign.language,
    )


def in_their_language(parsed: Parsed) -> Parsed:
    """Take German, Spanish and French for what they are: English words found there mean nothing."""
    if parsed.signals.language == "en":
        return parsed
    foreign = foreign_language(parsed.text[:MAX_CHARACTERS])
    return Parsed(
        text=parsed.text,
        intent=OTHER_LANGUAGE,
        confidence=1.0,
        ranking=((OTHER_LANGUAGE, 1.0), *((name, 0.0) for name, _ in parsed.ranking)),
        intents=(OTHER_LANGUAGE,),
        entities=tuple(e for e in parsed.entities if e.entity != REASON_ENTITY),
        signals=Signals(
            wants_to_leave=bool(foreign and foreign.wants_to_leave),
            language=parsed.signals.language,
        ),
        nearness=parsed.nearness,
    )
