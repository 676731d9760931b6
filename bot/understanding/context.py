"""What an answer means given what was just asked: "2", "the second one", "ok", "march"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.understanding.answer_patterns import (
    AGREES,
    ASKS,
    BARE_NUMBER,
    DIALLED,
    DISAGREES,
    HELPED,
    LEAVES_A_MESSAGE,
    MARKUP,
    NO_REASON,
    SAY_AGAIN,
    SIX_DIGITS,
    STAYS,
)
from bot.understanding.entities import TOLD, Entity
from bot.understanding.examples import REASON_ENTITY
from bot.understanding.insisting import says_to_leave
from bot.understanding.normalise import normalise
from bot.understanding.options import Option, chosen_option
from bot.understanding.parsed import LEAVING, OTHER_LANGUAGE, REQUEST_CANCELLATION, Parsed
from bot.understanding.signals import wants_both
from bot.understanding.spelling import with_spelling
from bot.understanding.wordlists import word_set

FALLBACK = "nlu_fallback"
# How sure the interpreter is of an answer it was waiting for.
ANSWERED = 0.99

# An answer that plainly wants something else is not an answer; these always do.
_NEVER_AN_ANSWER = frozenset(
    (*LEAVING, OTHER_LANGUAGE, "keep_subscription", "undo_cancellation", "ask_for_agent",
     "threaten_legal", "request_data_erasure", "express_hardship")
)  # fmt: skip
_SERVICES = word_set(
    "request_pause skip_delivery request_downgrade request_discount change_frequency"
)
_YES_OR_NO = word_set("affirm deny accept_offer decline_offer")
# From here on another intent than the awaited answer is believed.
_PLAIN_ENOUGH = 0.6
_LONGEST_CHOICE = 12
_NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
ASK_TO_REPEAT = "ask_to_repeat"


def interpret(
    parsed: Parsed,
    text: str,
    *,
    awaiting: str | None = None,
    options: Sequence[Mapping[str, Any]] = (),
) -> Parsed:
    """Return what `text` means as an answer to what was asked last.

    `awaiting` names the question (subject, reason, offer, consent, confirmation, duration,
    resolution, choice, email, code, rephrase, guess, way, contact, phone, call_time), `options`
    what there was to choose from, each with `id`, `title` and `words`. A stated wish to leave
    keeps its intent; an option named in it is added as an entity. Without a question the message
    is returned as it is.
    """
    answer = _ANSWERS.get(awaiting or "")
    if answer is None or parsed.intent == OTHER_LANGUAGE:
        return parsed
    offered = tuple(Option.read(option) for option in options)
    plain = normalise(with_spelling(text))
    asked = _Asked(parsed, awaiting or "", text, plain, offered)
    if SAY_AGAIN.search(asked.plain) and parsed.intent not in LEAVING:
        return _answered(parsed, ASK_TO_REPEAT)
    return answer(asked)


@dataclass(frozen=True)
class _Asked:
    parsed: Parsed
    awaiting: str
    text: str
    plain: str
    options: tuple[Option, ...]

    @property
    def wants_something_else(self) -> bool:
        """Whether the message plainly is no answer to the question asked."""
        return self.parsed.intent in _NEVER_AN_ANSWER and (
            self.parsed.confidence >= _PLAIN_ENOUGH or self.parsed.intent in LEAVING
        )

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question."""
        return bool(ASKS.search(self.plain))

    @property
    def is_question(self) -> bool:
        """Whether it asks the desk something back."""
        return self.asks and self.parsed.intent.startswith("ask_")


def _choice(asked: _Asked) -> Parsed:
    """One of the options, all of them, or none; a wish to leave keeps its intent."""
    parsed = asked.parsed
    chosen = chosen_option(asked.plain, asked.options, raw=asked.text)
    if chosen is None and asked.options and wants_both(asked.text):
        chosen = "both"
    if chosen is None:
        return _yes_or_no(asked)
    with_option = _with_entity(parsed, asked.text, "option", chosen)
    if says_to_leave(asked.text):
        kept = parsed.intent in LEAVING or parsed.intent in _NEVER_AN_ANSWER
        return with_option if kept else _answered(with_option, REQUEST_CANCELLATION)
    # "The last one" and "my money back" sound like leaving only where nothing was asked.
    if parsed.intent in LEAVING:
        return _answered(with_option, "choose_option")
    if asked.wants_something_else or asked.is_question:
        return with_option
    if len(asked.plain.split()) > _LONGEST_CHOICE and parsed.confidence >= _PLAIN_ENOUGH:
        return with_option
    return _answered(with_option, "choose_option")


def _reason(asked: _Asked) -> Parsed:
    """Whatever was typed is the reason, unless it is a refusal or plainly something else."""
    parsed = asked.parsed
    if NO_REASON.search(asked.plain):
        return parsed if parsed.intent in LEAVING else _answered(parsed, "deny")
    if parsed.intent in _YES_OR_NO and not parsed.suspected:
        return parsed
    if asked.wants_something_else or asked.is_question:
        return parsed
    if asked.asks and not parsed.suspected:
        return parsed
    if parsed.intent in _SERVICES and parsed.confidence >= _PLAIN_ENOUGH and not parsed.reasons:
        return parsed
    if parsed.intent in ("goodbye", "thank", "greet") and parsed.confidence >= _PLAIN_ENOUGH:
        return parsed
    if MARKUP.search(asked.text) or not any(map(str.isalnum, asked.text)):
        return _answered(parsed, FALLBACK)
    reasons = tuple(dict.fromkeys(str(cause.value) for cause in parsed.suspected))
    others = tuple(e for e in parsed.entities if e.entity != REASON_ENTITY)
    named = replace(parsed, reasons=reasons, entities=(*parsed.suspected, *others))
    return _answered(named, "give_reason")


def _duration(asked: _Asked) -> Parsed:
    """A length of time or a day; a bare number counts months."""
    parsed = asked.parsed
    if asked.wants_something_else or asked.is_question:
        return parsed
    if any(e.entity in ("duration", "date") and e.role != TOLD for e in parsed.entities):
        return _answered(parsed, "request_pause")
    months = _bare_number(asked)
    if months:
        return _answered(
            _with_entity(parsed, asked.text, "duration", f"P{months}M"), "request_pause"
        )
    return _choice(asked)


def _bare_number(asked: _Asked) -> int | None:
    match = BARE_NUMBER.match(asked.text)
    if match:
        return int(match["number"])
    return _NUMBER_WORDS.get(asked.plain.removesuffix(" please").removeprefix("for "))


def _solved(asked: _Asked) -> Parsed:
    """Thanks for what was done, said when asked whether it helped, is a yes; so is staying."""
    if asked.parsed.intent in ("thank", "complain", FALLBACK) and STAYS.search(asked.plain):
        return _answered(asked.parsed, "keep_subscription")
    if asked.parsed.intent == "thank" and HELPED.search(asked.plain):
        return _answered(asked.parsed, "affirm")
    return _yes_or_no(asked)


def _yes_or_no(asked: _Asked) -> Parsed:
    """A short yes or no, in whatever words, where the classifier was not sure of one."""
    parsed = asked.parsed
    if parsed.intent in _YES_OR_NO:
        return parsed
    if asked.wants_something_else or (asked.is_question and parsed.intent != FALLBACK):
        return parsed
    if AGREES.match(asked.plain):
        return _answered(parsed, "affirm")
    if DISAGREES.match(asked.plain):
        return _answered(parsed, "deny")
    return parsed


def _email(asked: _Asked) -> Parsed:
    if any(entity.entity == "email" for entity in asked.parsed.entities):
        return _unless_leaving(asked, "provide_email")
    # Meant as an address, and none: the answer is given without the entity.
    return _unless_leaving(asked, "provide_email") if "@" in asked.text else _yes_or_no(asked)


def _way(asked: _Asked) -> Parsed:
    """One of the ways to a person; "leave a message" is no wish to leave, unless more is said."""
    rest = LEAVES_A_MESSAGE.sub("", asked.text)
    if rest != asked.text and not says_to_leave(rest):
        with_option = _with_entity(asked.parsed, asked.text, "option", "leave_message")
        return replace(_answered(with_option, "choose_option"), intents=("choose_option",))
    answered = _choice(asked)
    # "Call me back" asks for a person by itself; here it says which way to one.
    named = any(entity.entity == "option" for entity in answered.entities)
    asks = named and answered.intent == "ask_for_agent"
    return _answered(answered, "choose_option") if asks else answered


def _phone(asked: _Asked) -> Parsed:
    """A number to be called at, whatever its form; whether it can be called is judged later."""
    match = DIALLED.search(asked.text)
    if match is None:
        return _way(asked)
    others = tuple(e for e in asked.parsed.entities if e.entity not in ("code", "order_number"))
    phone = Entity("phone", match.group(), match.group().strip(), *match.span())
    asked = replace(asked, parsed=replace(asked.parsed, entities=(*others, phone)))
    return _unless_leaving(asked, "provide_phone")


_MEANT_AS_CODE = word_set(
    f"request_discount deny report_problem give_reason complain out_of_scope {FALLBACK}"
)


def _code(asked: _Asked) -> Parsed:
    match = SIX_DIGITS.search(asked.text)
    if match is None:
        # "Wrong code" asks for no discount, and refuses nothing.
        unsure = asked.parsed.confidence < _PLAIN_ENOUGH
        about_it = unsure or asked.parsed.intent in _MEANT_AS_CODE
        if about_it and re.search(r"\bcode\b|\d{3}", f"{asked.plain} {asked.text}"):
            return _answered(asked.parsed, "provide_code")
        return _yes_or_no(asked)
    digits = re.sub(r"\D", "", match.group())
    others = tuple(e for e in asked.parsed.entities if e.entity not in ("code", "order_number"))
    code = Entity("code", match.group(), digits, *match.span())
    asked = replace(asked, parsed=replace(asked.parsed, entities=(*others, code)))
    return _unless_leaving(asked, "provide_code")


def _unless_leaving(asked: _Asked, intent: str) -> Parsed:
    """Take what was asked for as the answer, unless words of leaving stand beside it."""
    leaves = asked.parsed.intent in LEAVING and says_to_leave(asked.text)
    return asked.parsed if leaves else _answered(asked.parsed, intent)


def _with_entity(parsed: Parsed, text: str, entity: str, value: str) -> Parsed:
    added = Entity(entity, text, value, 0, len(text))
    return replace(parsed, entities=(*parsed.entities, added))


def _answered(parsed: Parsed, intent: str) -> Parsed:
    """Put the answer first; what the classifier guessed stays in the ranking behind it."""
    others = tuple(pair for pair in parsed.ranking if pair[0] not in (intent, FALLBACK))
    return replace(
        parsed,
        intent=intent,
        confidence=ANSWERED,
        ranking=((intent, ANSWERED), *others),
        intents=tuple(dict.fromkeys((intent, *(i for i in parsed.intents if i in LEAVING)))),
    )


_ANSWERS: dict[str, Callable[[_Asked], Parsed]] = {
    "subject": _choice,
    "choice": _choice,
    "guess": _choice,
    "offer": _choice,
    "consent": _yes_or_no,
    "confirmation": _yes_or_no,
    "resolution": _solved,
    "reason": _reason,
    "duration": _duration,
    "email": _email,
    "code": _code,
    "way": _way,
    "contact": _email,
    "phone": _phone,
    "call_time": _way,
}
