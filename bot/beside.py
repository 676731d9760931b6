"""Begins a piece of work in a process beside this one, and fetches what came of it."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from bot.orphans import end_with

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin this work now; what is returned waits for its result, or raises what it raised.

    The process is a fork: it has all that this one has, and only the result is copied. Where there
    is one core, or no such thing as a fork, the work is done when its result is asked for.
    """
    if cores() < 2:
        return work
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(work, ours, theirs, os.getpid()))
    process.start()
    # What nobody asks for any more must not keep this process from ending.
    atexit.register(process.terminate)
    # Each keeps its own end alone: the other's death is then the end of the pipe.
    theirs.close()

    def result() -> Result:
        try:
            found: _Found = ours.recv()
        except EOFError:
            raise RuntimeError("A process ended before its work was done.") from None
        process.join()
        if found.error is not None:
            raise found.error
        value: Result = found.value
        return value

    return result


def cores() -> int:
    """Return on how many cores this process may run; 1 where work cannot be begun beside it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


@dataclass(frozen=True)
class _Found:
    value: Any = None
    error: BaseException | None = None


def _work(work: Callable[[], Any], theirs: Connection, ours: Connection, parent: int) -> None:
    end_with(parent)
    theirs.close()
    try:
        found = _Found(work())
    except Exception as error:
        # It is raised again by whoever asks for the result, but without the way it came.
        logger.exception("Work beside another process failed.")
        found = _Found(error=error)
    ours.send(found)
