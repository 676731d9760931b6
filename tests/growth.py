"""How the time of a call grows with its text, on any machine: compared with itself, never timed."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

# Four times the text: four times as long for a pattern that reads it once, sixteen times or more
# for one that tries everything behind every sign.
_LONGER, _BEARABLE, _TRIES = 4, 9, 3


def grows_with_length(call: Callable[[str], object], part: str, length: int) -> bool:
    """Whether `call` takes hardly longer for each sign of a long text than of a short one.

    The texts are the part said over and over, of `length` and of four times `length` signs.
    """
    short = (part * length)[:length]
    long = (part * length * _LONGER)[: length * _LONGER]
    call(short)
    return _least_seconds(call, long) < _BEARABLE * _least_seconds(call, short)


def _least_seconds(call: Callable[[str], object], text: str) -> float:
    return min(_seconds(call, text) for _ in range(_TRIES))


def _seconds(call: Callable[[str], object], text: str) -> float:
    began = thread_time()
    call(text)
    return thread_time() - began
