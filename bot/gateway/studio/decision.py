"""A trainer's decision as a form: what is filled in, and the sentences that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.annotation.annotated import Annotated, annotated
from bot.annotation.judgement import OUT_OF_SCOPE
from bot.annotation.teaching import likeliest
from bot.conversations.understood import Heard
from bot.errors import InvalidInput
from bot.understanding.clauses import clauses
from bot.understanding.examples import REASON_ENTITY
from bot.use_cases.inbox import Item
from bot.use_cases.judge_message import Place

MOST_GUESSES = 5


@dataclass(frozen=True)
class Reading:
    """One sentence as it is filled in: `words` are those that name the `reason`."""

    text: str
    intent: str
    reason: str = ""
    words: str = ""
    file: str = ""

    @property
    def sentence(self) -> Annotated:
        """Raises ExampleRefused."""
        if not self.reason:
            return annotated(self.text, self.intent)
        marked = f"{self.reason}={self.words}" if self.words else self.reason
        return annotated(self.text, self.intent, (marked,))


@dataclass(frozen=True)
class Decision:
    """`left_out` are places of alike messages that this does not decide."""

    readings: tuple[Reading, ...]
    left_out: frozenset[str] = field(default_factory=frozenset)
    commits: bool = True

    @property
    def sentences(self) -> tuple[Annotated, ...]:
        return tuple(reading.sentence for reading in self.readings)

    @property
    def files(self) -> dict[str, str]:
        return {one.intent: one.file for one in self.readings if one.file}

    def out_of_scope(self) -> Decision:
        first = self.readings[0]
        return replace(self, readings=(Reading(first.text, OUT_OF_SCOPE),))

    def split(self) -> Decision:
        """Make two of one sentence, where its first clause ends."""
        first = self.readings[0]
        parts = [clause.text for clause in clauses(first.text)]
        head, rest = parts[0] if parts else first.text, " ".join(parts[1:])
        second = Reading(rest or first.text, "")
        return replace(self, readings=(replace(first, text=head), second))

    def joined(self, item: Item) -> Decision:
        return replace(self, readings=(replace(self.readings[0], text=item.first.heard.to_learn),))

    def places(self, item: Item) -> tuple[Place, ...]:
        """Return where the messages stand that this decides, the one that is shown first."""
        first, *others = [one.heard for one in item.messages]
        chosen = (one for one in others if key_of(one) not in self.left_out)
        return tuple((one.conversation, one.turn) for one in (first, *chosen))


def key_of(heard: Heard) -> str:
    return f"{heard.conversation}:{heard.turn}"


def first_reading(item: Item) -> Decision:
    """Return what the message likeliest means, from what the assistant made of it and after it."""
    heard = item.first.heard
    reason = next(
        (part for part in heard.understood.parts if part.kind == REASON_ENTITY and part.value), None
    )
    text = " ".join(heard.to_learn.split())
    words = heard.text[reason.start : reason.end] if reason else ""
    return Decision(
        (
            Reading(
                text=text,
                intent=likeliest(item.first) or "",
                reason=(reason.value or "") if reason else "",
                words=words if words in text else "",
            ),
        )
    )


def read_decision(form: Mapping[str, str], item: Item) -> Decision:
    """Return what was filled in.

    Raises:
        InvalidInput: no intent was chosen.
    """
    readings = [_reading(form, "")]
    if "second.text" in form:
        readings.append(_reading(form, "second."))
    offered = {key_of(one.heard) for one in item.messages[1:]}
    ticked = {value for name, value in form.items() if name.startswith("with.")}
    return Decision(tuple(readings), frozenset(offered - ticked), "commit" in form)


def checked_intents(decision: Decision) -> Decision:
    """Return the decision. Raises InvalidInput where an intent is missing."""
    if not all(reading.intent for reading in decision.readings):
        raise InvalidInput("Choose an intent first: press a number, or / to look for one.")
    return decision


def _reading(form: Mapping[str, str], prefix: str) -> Reading:
    other = form.get(f"{prefix}other", "").strip()
    intent = other or form.get(f"{prefix}intent", "")
    reason = form.get(f"{prefix}reason", "")
    # The file was chosen for the intent that was shown; another intent stands elsewhere.
    is_for_it = form.get(f"{prefix}file_of", intent) == intent
    return Reading(
        text=" ".join(form.get(f"{prefix}text", "").split()),
        intent=intent,
        reason=reason,
        words=form.get(f"{prefix}words", "").strip() if reason else "",
        file=form.get(f"{prefix}file", "") if is_for_it else "",
    )
