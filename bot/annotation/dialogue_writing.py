"""Writes a conversation as a dialogue test or as a story, in the form of the project's files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.annotation.rehearsed import Exchange, Played
from bot.errors import ExampleRefused

_PLAIN = re.compile(r"[\w' ,-]+")
_LEADING_WORD = re.compile(r"[A-Za-z]")
MOST_TITLE = 90


def dialogue_test(title: str, played: Played, *, first: bool) -> str:
    """Return the lines of a dialogue test: the customer's side, and what was answered.

    `first`: it is the first dialogue of its file.

    Raises:
        ExampleRefused: nothing was said, or the title cannot be used.
    """
    if not played.answers:
        raise ExampleRefused("Nothing is said in this conversation.")
    lines = [] if first else ["---"]
    lines.append(f"dialogue: {_text(checked_title(title))}")
    if played.account:
        lines.append(f"account: {played.account}")
    lines.append("steps:")
    outcome = None
    for one in played.answers:
        lines += _step(one, outcome)
        outcome = one.outcome
    return "\n".join(lines) + "\n"


def _step(one: Exchange, outcome: str | None) -> Iterator[str]:
    step = one.step
    assert step is not None  # the opening is no answer
    done = "customer" if step.customer else "press" if step.press else "event"
    said = json.dumps(step.did, ensure_ascii=False) if step.customer else _text(step.did)
    yield f"  - {done}: {said}"
    if step.customer and one.intent:
        yield f"    intent: {one.intent}"
    yield f"    says: [{', '.join(one.says)}]"
    if one.offer:
        yield f"    offer: {one.offer['kind']}"
    if one.holder != "assistant":
        yield f"    holder: {one.holder}"
    if one.outcome and one.outcome != outcome:
        yield f"    outcome: {one.outcome}"


def story(title: str, intents: Sequence[str], actions: Mapping[str, str]) -> str:
    """Return the lines of a story: what was meant, and the action that answers it.

    Raises:
        ExampleRefused: fewer than two messages, or an intent that no rule answers.
    """
    if len(intents) < 2:
        raise ExampleRefused(
            "A story needs two messages to the assistant; one alone is what the rules are for."
        )
    unknown = [intent for intent in intents if intent not in actions]
    if unknown:
        raise ExampleRefused(f"No rule answers {', '.join(dict.fromkeys(unknown))}.")
    lines = ["", f"  - story: {_text(checked_title(title))}", "    steps:"]
    for intent in intents:
        lines += [f"      - intent: {intent}", f"      - action: {actions[intent]}"]
    return "\n".join(lines) + "\n"


def checked_title(title: str) -> str:
    """Return the title on one line. Raises ExampleRefused: it is empty, too long or unprintable."""
    plain = " ".join(title.split())
    if not plain or len(plain) > MOST_TITLE or not plain.isprintable():
        raise ExampleRefused(f"Say in 1 to {MOST_TITLE} characters what the dialogue is about.")
    return plain


def _text(words: str) -> str:
    """Return words as YAML reads them back: plain where that is certain, else in quotes."""
    plain = _PLAIN.fullmatch(words) and _LEADING_WORD.match(words) and words == words.strip()
    is_word = plain and words.lower() not in {"yes", "no", "on", "off", "true", "false", "null"}
    certain = is_word and words.lower() not in {"y", "n"}
    return words if certain else json.dumps(words, ensure_ascii=False)
