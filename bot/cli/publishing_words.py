"""What publishing says in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.publishing.comparison import Comparison, OfIntent, Verdict
from bot.publishing.history import Kind, Line, live, worth_telling

SHOWN_MESSAGES = 20
_HOW = {
    Kind.BEGUN: "begun, not live",
    Kind.STARTED: "started",
    Kind.PUBLISHED: "published",
    Kind.RETURNED: "returned to",
}


def comparison_lines(found: Comparison, verdict: Verdict) -> Iterator[str]:
    """Yield the verdict with its reasons, then what it rests on."""
    yield f"{verdict.colour.value.upper()}: {found.candidate} against version {found.version}"
    for reason in verdict.reasons:
        yield f"  - {reason}"
    messages = sum(one.messages for one in found.intents)
    before = sum(one.before for one in found.intents)
    after = sum(one.after for one in found.intents)
    yield f"Test messages right: {after} of {messages}, before {before}."
    for one in found.intents:
        if one.before != one.after:
            yield _intent(one)
    for check in found.checks:
        state = {True: "passed", False: "FAILED", None: "not run"}[check.passed]
        yield f"{check.name}: {state}"
        yield from (f"  to look at some day: {one}" for one in check.noted)
    yield f"Messages that change their meaning: {len(found.changed)}"
    for read in found.changed[:SHOWN_MESSAGES]:
        right = f"  (right: {read.right})" if read.right else "  (a real customer)"
        yield f'  "{read.text}"  {read.before} > {read.after}{right}'
    if len(found.changed) > SHOWN_MESSAGES:
        yield f"  and {len(found.changed) - SHOWN_MESSAGES} more (`compare --json` has all)"


def _intent(one: OfIntent) -> str:
    return f"  {one.after - one.before:+4d}  {one.intent}: {one.after} of {one.messages}"


def version_lines(history: Sequence[Line]) -> list[str]:
    """Return one line for every version and what was not published; the live one is marked."""
    now = live(history)
    return [_version(line, is_live=line is now) for line in worth_telling(history)]


def _version(line: Line, *, is_live: bool) -> str:
    number = f"{line.version:>4}" if line.is_live else "   –"
    mark = "*" if is_live else " "
    told = [line.reason, _changes(line), _figures(line)]
    more = "; ".join(one for one in told if one)
    head = f"{mark}{number}  {line.at:%Y-%m-%d %H:%M}  {_HOW[line.kind]} by {line.by}"
    return f"{head}  ({more})" if more else head


def _changes(line: Line) -> str:
    added = sum(of.get("added", 0) for of in line.changes.values())
    removed = sum(of.get("removed", 0) for of in line.changes.values())
    more = "1 example more" if added == 1 else f"{added} examples more"
    return f"{more}, {removed} less" if added or removed else ""


def _figures(line: Line) -> str:
    figures = line.figures
    if not figures.get("test messages"):
        return ""
    return f"{figures['right now']} of {figures['test messages']} test messages right"
