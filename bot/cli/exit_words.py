"""A broken rule in words: what it says, what went wrong, and the chat that leads there."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from bot.retention.dialogue import Heard
from bot.retention.proof.walk import A_DAY_PASSES, BILLING_ANSWERS, Violation
from bot.retention.say import PRESS_CANCEL, PRESS_PERSON, Say
from bot.use_cases.ports import Worded

_WIDTH = 96
_WITHOUT_WORDS = {
    PRESS_CANCEL: "[Cancel now]",
    PRESS_PERSON: "[Talk to a person]",
    "conversation_opened": "(opens the chat)",
    "conversation_closed": "(closes the chat)",
    "customer_silent": "(says nothing for half an hour)",
}
_BETWEEN = {
    A_DAY_PASSES.intent: "(a day passes)",
    BILLING_ANSWERS.intent: "(the billing system answers again)",
}


def violation_lines(violation: Violation, word: Callable[[Say], Worded]) -> Iterator[str]:
    """Yield the lines of one violation, the chat last."""
    yield f"{violation.rule} is broken: {violation.what}."
    yield f"  {violation.statement}"
    yield f"  Begins with: {violation.beginning}."
    for line in violation.chat:
        if line.said.intent in _BETWEEN:
            yield f"  {_BETWEEN[line.said.intent]}"
            continue
        yield f"  customer   {customer_words(line.said)}"
        for say in line.says:
            yield from _said(word(say))


def customer_words(heard: Heard) -> str:
    """Return what was said or pressed, and beside it what it is understood as."""
    if heard.intent in _WITHOUT_WORDS:
        return _WITHOUT_WORDS[heard.intent]
    meant = ", ".join((heard.intent, *(f"{name}: {value}" for name, value in heard.entities)))
    return f"{heard.text}  <{meant}>" if heard.text else f"<{meant}>"


def _said(worded: Worded) -> Iterator[str]:
    first, rest = "  assistant  ", " " * 13
    yield from textwrap.wrap(worded.text, _WIDTH, initial_indent=first, subsequent_indent=rest)
    if worded.buttons:
        titles = " ".join(f"[{button.title}]" for button in worded.buttons)
        yield from textwrap.wrap(titles, _WIDTH, initial_indent=rest, subsequent_indent=rest)
