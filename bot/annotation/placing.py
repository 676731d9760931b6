"""Which file a new example goes to, when the trainer chooses none."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable

from bot.errors import ExampleRefused
from bot.understanding.examples import Example


def file_for(intent: str, examples: Iterable[Example]) -> str:
    """Return the file that holds most examples of the intent; of equals, the first by name.

    Raises:
        ExampleRefused: nobody ever gave an example of the intent; names the nearest there is.
    """
    by_intent: dict[str, Counter[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent, Counter())[example.file] += 1
    if intent not in by_intent:
        near = difflib.get_close_matches(intent, sorted(by_intent), n=1)
        known = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(by_intent))}."
        raise ExampleRefused(f"There is no intent {intent!r}. {known}")
    counts = by_intent[intent]
    return min(counts, key=lambda file: (-counts[file], file))
