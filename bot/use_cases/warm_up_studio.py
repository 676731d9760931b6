"""Find the words of all examples before a trainer waits for it: it takes a second, once each."""

from __future__ import annotations

from bot.annotation.alike import words_of
from bot.use_cases.studio_desk import StudioDesk


def warm_up_studio(*, desk: StudioDesk) -> int:
    """Return how many examples there are; this process remembers their words.

    Raises:
        FileInvalid: a training file is not understood, just now.
    """
    examples = desk.data.examples()
    for example in examples:
        words_of(example.text)
    return len(examples)
