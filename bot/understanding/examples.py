"""Training examples: a text, what it wants, and the spans in which a cause is named."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

# The closed list; stored and sent as is.
REASONS: tuple[str, ...] = (
    "too_expensive", "unused", "switched_service", "missing_features", "too_complex",
    "low_quality", "customer_service", "delivery_problem", "technical_problem", "temporary_break",
    "life_event", "ordered_by_mistake", "other",
)  # fmt: skip
REASON_ENTITY = "cancellation_reason"
# Messages of these intents name no reason for leaving, whatever words they use.
WITHOUT_REASONS = frozenset((
    "affirm", "deny", "greet", "thank", "goodbye", "out_of_scope", "ask_are_you_human",
    "ask_other_options", "accept_offer", "ask_plan",
))  # fmt: skip

# `[text]{"entity": …}`, `[text](entity:value)` and `[text][{…}, {…}]`, as Rasa reads them.
_ANNOTATION = re.compile(
    r"\[(?P<text>[^\[\]]+)\]"
    r"(?:(?P<one>\{[^{}]*\})|\((?P<short>[^()]+)\)|\[(?P<many>\{[^\[\]]*\})\])"
)
_LEFTOVER = re.compile(r'\][{(\[]|"entity"|\[[^\]]*$|^[^\[]*\]')


@dataclass(frozen=True)
class Span:
    """A part of a text, `text[start:end]`, with the entity it is and its value."""

    start: int
    end: int
    entity: str
    value: str


@dataclass(frozen=True)
class Example:
    """One training example; `file` and `line` say where it stands, for reports."""

    text: str
    intent: str
    spans: tuple[Span, ...] = ()
    file: str = ""
    line: int = 0
    problem: str | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons named, each once, in the order said."""
        return tuple(dict.fromkeys(s.value for s in self.spans if s.entity == REASON_ENTITY))


def read_example(raw: str, *, intent: str, file: str = "", line: int = 0) -> Example:
    """Return a raw line of training data with its annotations taken out as spans.

    An annotation that cannot be read stays in the text, and `problem` says what is wrong.
    """
    pieces: list[str] = []
    spans: list[Span] = []
    problem: str | None = None
    done = length = 0
    for match in _ANNOTATION.finditer(raw):
        before, inside = raw[done : match.start()], match["text"]
        notes = _notes(match)
        if notes is None:
            problem = f"the annotation {match.group()!r} cannot be read"
            continue
        start = length + len(before)
        spans += [Span(start, start + len(inside), entity, value) for entity, value in notes]
        pieces += [before, inside]
        length = start + len(inside)
        done = match.end()
    text = "".join([*pieces, raw[done:]])
    if problem is None and _LEFTOVER.search(text):
        problem = "a bracket of an annotation is left over"
    return Example(text, intent, tuple(spans), file, line, problem)


def _notes(match: re.Match[str]) -> list[tuple[str, str]] | None:
    if match["short"]:
        entity, _, value = match["short"].partition(":")
        return [(entity, value or match["text"])]
    try:
        notes = json.loads(match["one"] or f"[{match['many']}]")
    except json.JSONDecodeError:
        return None
    notes = notes if isinstance(notes, list) else [notes]
    if not all(isinstance(note, dict) and isinstance(note.get("entity"), str) for note in notes):
        return None
    return [(note["entity"], str(note.get("value", match["text"]))) for note in notes]
