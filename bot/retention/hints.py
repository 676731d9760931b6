"""Hints: what an agent is told when the guard holds their message back, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.errors import Hint
from bot.retention.outgoing_guard import Breach
from bot.retention.pressure import pressing

_ADVICE = {
    "R2": "This customer has had as many offers as they may get. Answer without one.",
    "R3": "The customer has said no. Make no offer, and do not ask why.",
    "R4": "Say what leaving means only with the cancel button beside it.",
    "R11": "Say who you are in other words.",
    "R12": "Look at the account again: this is not what the billing record says.",
    "hardship": "Nothing is sold to somebody in hardship. Help, or end it for them.",
}
_PRESSING = {
    "urgency": "Say it without hurrying the customer.",
    "guilt": "Say it without making the customer feel bad for leaving.",
    "obstruction": "Do not make leaving sound harder than it is: one press ends it.",
    "misstatement": "Say only what is true of this account.",
}


def hints_for(found: Iterable[Breach], text: str) -> tuple[Hint, ...]:
    """Return one hint for every breach, with the words it is about where it is about words."""
    return tuple(hint for breach in found for hint in _hints(breach, text))


def _hints(breach: Breach, text: str) -> Iterator[Hint]:
    if breach.rule != "pressure":
        yield Hint(breach.rule, breach.what, None, _ADVICE[breach.rule])
        return
    words = next((p.words for p in pressing(text) if p.kind == breach.what), None)
    yield Hint(breach.rule, breach.what, words, _PRESSING[breach.what])
