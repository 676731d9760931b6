"""What can be wrong with one training example, whatever the others say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.annotation.alike import tokens_of
from bot.conversations.personal import (
    EMAIL,
    NOBODYS_ADDRESS,
    numbers_in,
    without_addresses,
)
from bot.understanding.examples import REASON_ENTITY, REASONS, WITHOUT_REASONS, Example, Span
from bot.use_cases.findings import Finding, at

# Shorter texts ("yes", "thank you") are the same in everybody's mouth, held out or not.
_SHORTEST_LEAK = 4

_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")
# Domains that belong to nobody are no personal data.
_NOBODYS = re.compile(r"@(?:[\w-]+\.)*example\.|@(?:[\w-]+\.)*(?:test|invalid|example)$")
# Typed by who tries what happens.
_NOBODYS_NUMBER = "1234567890"


def findings(examples: Sequence[Example], held_out: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with each example by itself, or with its standing in a test set."""
    places = {tokens_of(text): place for text, place in held_out.items()}
    for example in examples:
        yield from _broken(example)
        yield from _spans(example)
        yield from _command(example)
        yield from _personal(example)
        yield from _leak(example, places)


def _broken(example: Example) -> Iterator[Finding]:
    if example.problem:
        yield at(
            example,
            "annotation",
            f'{example.problem}; write [words]{{"entity": "{REASON_ENTITY}", "value": "…"}}.',
        )
    elif not example.text.strip():
        yield at(example, "empty", "an example needs a text; delete the line.")


def _spans(example: Example) -> Iterator[Finding]:
    for span in example.spans:
        said = example.text[span.start : span.end]
        if span.entity != REASON_ENTITY:
            yield at(
                example, "entity", f"{span.entity!r} is found by rules; annotate reasons only."
            )
        elif span.value not in REASONS:
            known = ", ".join(REASONS)
            yield at(example, "reason", f"{span.value!r} is no reason; there are {known}.")
        elif _cuts(example.text, span):
            yield at(
                example, "span", f"{said!r} begins or ends inside a word or at a blank; move it."
            )
    if example.reasons and example.intent in WITHOUT_REASONS:
        yield at(
            example,
            "reason",
            f"no reason is heard in a message of {example.intent}; take the annotation out.",
        )
    if example.intent in _ALWAYS_WITH_REASON and not example.reasons and not example.problem:
        yield at(example, "reason", f"{example.intent} names a reason; annotate it.")


# A message of these intents is there for the reason it names.
_ALWAYS_WITH_REASON = ("give_reason", "express_hardship")


def _cuts(text: str, span: Span) -> bool:
    """Return whether a span's edge falls on a blank, or between two letters or figures."""
    said = text[span.start : span.end]
    edges = (text[max(0, span.start - 1) : span.start + 1], text[span.end - 1 : span.end + 1])
    inside = any(len(edge) == 2 and edge.isalnum() for edge in edges)
    return inside or said != said.strip()


def _command(example: Example) -> Iterator[Finding]:
    if example.text.startswith("/"):
        yield at(
            example,
            "command",
            "Rasa reads a text that begins with / as a command; begin it otherwise.",
        )


def _personal(example: Example) -> Iterator[Finding]:
    email = EMAIL.search(example.text)
    if email and not _NOBODYS.search(email.group()):
        yield at(example, "personal data", "an e-mail address; use one at example.com.")
    if _CARD.search(example.text):
        yield at(example, "personal data", "a card number; take it out.")
    elif _is_numbered(example.text):
        yield at(example, "personal data", "a telephone number, or one as long; take it out.")
    if without_addresses(example.text, NOBODYS_ADDRESS) != example.text:
        yield at(example, "personal data", f"a postal address; say {NOBODYS_ADDRESS} instead.")


def _is_numbered(text: str) -> bool:
    return any(number != _NOBODYS_NUMBER for number in numbers_in(text))


def _leak(example: Example, places: Mapping[tuple[str, ...], str]) -> Iterator[Finding]:
    words = tokens_of(example.text)
    if len(words) >= _SHORTEST_LEAK and words in places:
        yield at(
            example,
            "leak",
            f"the text is held out for tests at {places[words]}; delete it here.",
        )
