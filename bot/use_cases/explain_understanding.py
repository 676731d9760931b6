"""Explain what a message means by itself: the guesses, what was heard, and which examples spoke."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.errors import InvalidInput
from bot.understanding.clauses import clauses
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from bot.understanding.nearness import Neighbour
from bot.understanding.normalise import MAX_CHARACTERS, tokens_and_breaks
from bot.understanding.stances import stances
from bot.use_cases.findings import place
from bot.use_cases.understand import understand


def explain_understanding(
    text: str, *, engine: Engine, examples: Sequence[Example], today: date
) -> dict[str, Any]:
    """Return the form of the `parse` contract, and why.

    More keys: `normalised` (the plain words that are read), `stances` (each clause's), `neighbours`
    (`{"text", "intent", "alike", "share", "places"}`, most alike first; `places` are file and line
    of the training example, none if it has been taken out since the model was trained).

    Raises:
        InvalidInput: the text is empty, or longer than what is read.
    """
    said = text.strip()
    if not said or len(said) > MAX_CHARACTERS:
        raise InvalidInput(f"text: write 1 to {MAX_CHARACTERS} characters.")
    parsed = understand(said, engine=engine, today=today)
    plain = [" ".join(tokens_and_breaks(clause.text)) for clause in clauses(said)]
    taken = dict.fromkeys(stance for part in plain for stance in stances(part))
    return {
        **parsed.as_json(),
        "normalised": " ".join(tokens_and_breaks(said)),
        "stances": list(taken),
        "neighbours": [_neighbour(near, examples) for near in engine.neighbours(said)],
    }


def _neighbour(near: Neighbour, examples: Sequence[Example]) -> dict[str, Any]:
    return {
        "text": near.text,
        "intent": near.intent,
        "alike": round(near.alike, 4),
        "share": round(near.share, 4),
        "places": [
            place(example)
            for example in examples
            if example.text == near.text and example.intent == near.intent
        ],
    }
