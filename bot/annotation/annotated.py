"""What a trainer says a message means: its text, its intent, and the words that name a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.errors import ExampleRefused
from bot.understanding.examples import REASON_ENTITY, REASONS, Span, read_example

# What YAML does not print, and therefore refuses.
_UNPRINTABLE = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Annotated:
    """One sentence on one line; `spans` are the words that name a reason, in the order said."""

    text: str
    intent: str
    spans: tuple[Span, ...] = ()

    @property
    def raw(self) -> str:
        """The sentence with its annotations, as it stands in a training file after "- "."""
        pieces: list[str] = []
        done = 0
        for span in self.spans:
            note = json.dumps({"entity": span.entity, "value": span.value})
            said = self.text[span.start : span.end]
            pieces += [self.text[done : span.start], f"[{said}]{note}"]
            done = span.end
        return "".join([*pieces, self.text[done:]])


def annotated(text: str, intent: str, reasons: Sequence[str] = ()) -> Annotated:
    """Return the annotation of a text; line breaks and runs of blanks become one blank.

    The text may hold annotations as they stand in the files. Each of `reasons` is
    "reason=the words that name it", or a reason alone, which then is the whole text.

    Raises:
        ExampleRefused: a reason, its words or the text cannot be used as they are.
    """
    plain = " ".join(text.split())
    if _UNPRINTABLE.search(plain):
        raise ExampleRefused("The text holds characters nobody can see. Type it again.")
    given = read_example(plain, intent=intent)
    spans = [*given.spans, *(_span(given.text, reason) for reason in reasons)]
    spans.sort(key=lambda span: span.start)
    for one, following in pairwise(spans):
        if following.start < one.end:
            raise ExampleRefused("Two reasons share words. Mark different words for each.")
    made = Annotated(given.text, intent, tuple(spans))
    again = read_example(made.raw, intent=intent)
    if again.problem or again.text != made.text or again.spans != made.spans:
        raise ExampleRefused(
            "The text holds brackets that would be read as an annotation. Leave them out."
        )
    return made


def _span(text: str, reason: str) -> Span:
    value, equals, words = reason.partition("=")
    value, words = value.strip(), " ".join(words.split())
    if value not in REASONS:
        raise ExampleRefused(f"{value!r} is no reason. There are {', '.join(REASONS)}.")
    if not equals:
        words = text.rstrip(" .!?")
    start = text.lower().find(words.lower()) if words else -1
    if start < 0:
        raise ExampleRefused(f"The text does not say {words!r}. Copy the words from it.")
    return Span(start, start + len(words), REASON_ENTITY, value)
