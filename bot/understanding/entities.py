"""What a message names, by rules on spaCy's blank English pipeline, with values made comparable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

import spacy
from spacy.matcher import Matcher
from spacy.util import compile_infix_regex, filter_spans

from bot.understanding import date_patterns, dates, durations
from bot.understanding.amounts import amounts
from bot.understanding.lexicon import Lexicon
from bot.understanding.names import competitor_after_switch, names_it
from bot.understanding.normalise import MAX_CHARACTERS
from bot.understanding.tenses import Said

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_CARD = re.compile(
    r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)|\b(?:ends?|ending|last four)\b[^\d\n]{0,16}\d{4}\b"
)
_ORDER = re.compile(
    r"\b[oO]-?\s?(?P<code>\d{4,6})\b"
    r"|(?:\b(?:order|returning)(?:\s+(?:number|no\.?|nr\.?|id|code|is))*\s*[:#]?\s*|#\s?)(?P<bare>\d{4,6})\b",
    re.IGNORECASE,
)
# What is told and not asked for.
TOLD = "told"
_FIGURE = re.compile(r"\d")
_CODE = re.compile(r"(?<![\w#$€£.,-])\d{6}(?![\w%]|[.,]\d)")


@dataclass(frozen=True)
class Entity:
    """Something named: `message[start:end] == text`, and its value in a form to work with.

    The `role` is `TOLD` where it is only told of ("for the past three months", "cancel it today"):
    nobody who says so asks for a pause of that length, or until that day.
    """

    entity: str
    text: str
    value: str | int
    start: int
    end: int
    role: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the form of the `parse` contract."""
        return {
            "entity": self.entity,
            "text": self.text,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            **({"role": self.role} if self.role else {}),
        }


class EntityFinder:
    """Finds entities with the names of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Build the pipeline; this takes some 0.2 seconds, a message then 0.3 ms."""
        self._lexicon = lexicon
        self._nlp = _pipeline(lexicon)
        self._matcher = _matcher(self._nlp.vocab)

    def find(self, message: str, *, today: date) -> tuple[Entity, ...]:
        """Return what the message names, in the order said, without overlaps.

        Dates that depend on the day ("tomorrow", "in june") are reckoned from `today`.
        """
        message = message[:MAX_CHARACTERS]  # bounds the time of one search
        found: list[Entity] = []
        taken = [match.span() for match in _CARD.finditer(message)]
        for entity in self._candidates(message, today):
            if all(entity.end <= start or end <= entity.start for start, end in taken):
                found.append(entity)
                taken.append((entity.start, entity.end))
        return tuple(sorted(found, key=lambda entity: (entity.start, entity.entity)))

    def _candidates(self, message: str, today: date) -> Iterator[Entity]:
        """Yield candidates, the kinds that cannot be mistaken first."""
        for match in _EMAIL.finditer(message):
            yield _entity("email", message, *match.span(), match.group().lower())
        for match in _ORDER.finditer(message):
            value = f"O-{match['code'] or match['bare']}"
            yield _entity("order_number", message, *match.span(), value)
        for amount in amounts(message):
            yield _entity("money", message, amount.start, amount.end, amount.minor)
        doc = self._nlp(message)
        yield from self._times(doc, message, today)
        yield from self._names(doc, message)
        for match in _CODE.finditer(message):
            yield _entity("code", message, *match.span(), match.group())

    def _times(self, doc: Any, message: str, today: date) -> Iterator[Entity]:
        # Most messages name no time, and the matcher takes a third of a millisecond to see that.
        if not (_FIGURE.search(message) or any(token.lower_ in _TIME_WORDS for token in doc)):
            return
        spans = [
            (end - start, start, end, doc.vocab.strings[label])
            for label, start, end in self._matcher(doc)
        ]
        # The longest reading of a place first: "the end of march" before "march".
        for _, start, end, kind in sorted(spans, key=lambda span: (-span[0], span[1])):
            said = _said(doc, start, end)
            if kind == "duration":
                yield from _length(doc[start:end], doc[:start].text.lower(), said)
                continue
            value = dates.date_value(kind, said, today=today)
            if value is not None:
                span = doc[start:end]
                role = TOLD if dates.is_eagerness(said) else ""
                yield Entity("date", span.text, value, span.start_char, span.end_char, role)

    def _names(self, doc: Any, message: str) -> Iterator[Entity]:
        for span in filter_spans(doc.ents):
            said = _said(doc, span.start, span.end)
            if names_it(span.label_, span.text.lower(), said, message):
                yield _entity(span.label_, message, span.start_char, span.end_char, span.ent_id_)
        yield from (
            _entity("competitor", message, start, end, message[start:end])
            for start, end in competitor_after_switch(message, self._lexicon)
        )


@lru_cache(maxsize=8)
def finder_for(lexicon: Lexicon) -> EntityFinder:
    """Return the finder for a lexicon, built once."""
    return EntityFinder(lexicon)


def _pipeline(lexicon: Lexicon) -> Any:
    nlp = spacy.blank("en")
    # "3-month", "6wks" and "12th" are two or three words to us.
    infixes = [*nlp.Defaults.infixes, r"(?<=[0-9])-(?=[A-Za-z0-9])", r"(?<=[0-9])(?=[A-Za-z])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    patterns = [
        {"label": kind, "pattern": phrase, "id": value}
        for kind in ("plan", "subscription", "competitor")
        for value, phrases in getattr(lexicon, kind)
        for phrase in phrases
    ]
    if patterns:  # an empty ruler warns at every message
        ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(patterns)
    return nlp


def _matcher(vocab: Any) -> Any:
    matcher = Matcher(vocab)
    matcher.add("duration", durations.PATTERNS)
    for kind, patterns in date_patterns.PATTERNS.items():
        matcher.add(kind, patterns)
    return matcher


def _words_of_time() -> frozenset[str]:
    """Return words of which each match of the matcher holds one, unless it holds a figure."""
    held: set[str] = set()
    for pattern in (*durations.PATTERNS, *chain(*date_patterns.PATTERNS.values())):
        needed = [token for token in pattern if "OP" not in token]
        if all("LOWER" in token for token in needed):
            held |= min((_words_in(token["LOWER"]) for token in needed), key=len)
    return frozenset(held)


def _words_in(lower: Any) -> set[str]:
    return {lower} if isinstance(lower, str) else set(lower["IN"])


_TIME_WORDS = _words_of_time()


def _length(span: Any, before: str, said: Said) -> Iterator[Entity]:
    value = durations.duration_value(said.words)
    if value is not None and durations.means_how_long(before, said.words, said.after):
        role = TOLD if durations.has_passed(before, said.words, said.after) else ""
        yield Entity("duration", span.text, value, span.start_char, span.end_char, role)


def _said(doc: Any, start: int, end: int) -> Said:
    return Said(
        words=[token.lower_ for token in doc[start:end]],
        before=[token.lower_ for token in doc[max(0, start - 12) : start]],
        after=[token.lower_ for token in doc[end : end + 4]],
        capital=doc[start].text[:1].isupper() and start > 0,
    )


def _entity(kind: str, message: str, start: int, end: int, value: str | int) -> Entity:
    return Entity(kind, message[start:end], value, start, end)
