"""Read the same messages with two models, and tell which of them change their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.publishing.comparison import Read, Reading
from bot.understanding.engine import Engine
from bot.use_cases.understand import understand

# What a message wants does not depend on the day.
_ANY_DAY = date(2026, 3, 11)


@dataclass(frozen=True)
class KnownMessage:
    """A test message, and the intent it has by whoever wrote it."""

    text: str
    intent: str


@dataclass(frozen=True)
class WrittenDialogue:
    """A dialogue test, by its file and title, with what the customer types in it."""

    name: str
    file: str
    texts: tuple[str, ...]


def read_all(
    texts: Iterable[str], engine: Engine, *, progress: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[str, Reading]]:
    """Yield every text with what the engine makes of it; `progress` hears how many are done."""
    for number, text in enumerate(texts, start=1):
        parsed = understand(text, engine=engine, today=_ANY_DAY)
        yield text, Reading(parsed.intent, parsed.reasons)
        progress(number)


def side_by_side(
    known: Sequence[KnownMessage],
    recent: Sequence[str],
    *,
    before: Mapping[str, Reading],
    after: Mapping[str, Reading],
) -> tuple[Read, ...]:
    """Return all messages as both models read them, test messages first."""
    right = {message.text: message.intent for message in known}
    texts = dict.fromkeys([*right, *recent])
    return tuple(Read(text, before[text], after[text], right.get(text)) for text in texts)


def first_of_each_file(written: Sequence[WrittenDialogue]) -> list[str]:
    """Return the names of the dialogues to hold with any new model."""
    firsts: dict[str, str] = {}
    for dialogue in written:
        firsts.setdefault(dialogue.file, dialogue.name)
    return list(firsts.values())


def to_run(
    written: Sequence[WrittenDialogue],
    *,
    before: Mapping[str, Reading],
    after: Mapping[str, Reading],
) -> list[str]:
    """Return the names of the dialogues that may go another way with a new model.

    They are those with a sentence that means something else now.
    """
    return [
        dialogue.name
        for dialogue in written
        if any(before[text] != after[text] for text in dialogue.texts)
    ]
