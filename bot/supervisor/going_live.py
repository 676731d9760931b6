"""Have a version go live: by the running desk, or at its next start where none runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap_publishing import Publishing
from bot.errors import NotPublished
from bot.integrations.clock import SystemClock
from bot.integrations.versions import as_document
from bot.publishing.comparison import Colour, Comparison, Verdict
from bot.publishing.history import Kind, Line, live, numbered

LIVE = "Going live"
PAUSE_SECONDS = 0.1
AT_NEXT_START = "No desk runs here. It is what the next start serves."


Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Candidate:
    """A trained model; `files` and `program` say what it was trained from."""

    model: Path
    files: str
    program: str


def refuse_unfit(verdict: Verdict, *, reason: str) -> None:
    """Return for a verdict that lets the candidate go live; `reason` is a lead's, or empty.

    Raises:
        NotPublished: it is red, or yellow without a reason.
    """
    found = "\n".join(f"  - {one}" for one in verdict.reasons)
    if verdict.colour is Colour.RED:
        raise NotPublished(f"It is red and stays where it is:\n{found}")
    if verdict.colour is Colour.YELLOW and not reason:
        raise NotPublished(
            f"It is yellow:\n{found}\nA lead can publish it and say why: `--despite REASON`."
        )


def live_line(at: Publishing) -> Line:
    """Raises NotPublished: nothing was ever live here."""
    now = live(at.versions.history())
    if now is None:
        raise NotPublished("Nothing is live yet. Start the desk once: `python -m bot run`.")
    return now


def begin(candidate: Candidate, at: Publishing, *, by: str) -> Line:
    """Note in the history that somebody sets out to publish; return the line to put live.

    Raises:
        NotPublished: it is live already, or the program was changed since the desk started.
    """
    now = live_line(at)
    if candidate.model.name == now.model:
        raise NotPublished(f"Version {now.version} has learned just this. There is nothing to do.")
    if candidate.program != now.program:
        raise NotPublished(
            "The program was changed since the desk started (domain.yml, config.yml, bot/nlu or "
            "bot/understanding). Start the desk again: it then serves the files as they are."
        )
    begun = Line(
        kind=Kind.BEGUN,
        version=0,
        model=candidate.model.name,
        files=candidate.files,
        program=candidate.program,
        by=by,
        at=SystemClock().now(),
    )
    at.versions.add(begun)
    return begun


def as_published(begun: Line, found: Comparison, *, reason: str) -> Line:
    """Return the wish to have live what was begun."""
    told = {"reason": reason, "changes": found.changes, "figures": found.figures}
    return Line(**{**vars(begun), **told, "kind": Kind.PUBLISHED})


def go_live(wanted: Line, at: Publishing, tell: Tell) -> str:
    """Put a version live and return what there is to say about it.

    Raises:
        NotPublished: it did not work; what was live stays.
    """
    if not at.wishes.is_attended():
        line = numbered(wanted, at.versions.history(), now=SystemClock().now())
        at.versions.add(line)
        return f"Version {line.version} is the live one. {AT_NEXT_START}"
    tell(LIVE, "a new assistant is made ready")
    name = at.wishes.ask({"do": "live", "line": as_document(wanted)})
    while (answer := at.wishes.answer_to(name)) is None:
        if not at.wishes.is_attended():
            raise NotPublished(
                f"The desk stopped meanwhile. Version {live_line(at).version} is the live one."
            )
        time.sleep(PAUSE_SECONDS)
    if not answer["live"]:
        raise NotPublished(f"The live version stays. {answer['said']}")
    return str(answer["said"])
