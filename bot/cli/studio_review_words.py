"""What trying, reviewing and measuring say in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.annotation.rehearsed import Played
from bot.use_cases.measure_coverage import Coverage, Used
from bot.use_cases.review_conversation import Review
from bot.use_cases.review_ports import Listed
from bot.use_cases.write_dialogue import Draft

MOST_NAMES = 12


def explained_lines(explained: dict[str, Any]) -> Iterator[str]:
    """Yield the guesses, what was heard, who decided, and the answer where one was asked for."""
    yield f"read as     {explained['normalised']}"
    yield f"language    {explained['language']}"
    for guess in explained["ranking"]:
        yield f"  {guess['confidence']:>6.1%}  {guess['intent']}"
    yield f"reasons     {', '.join(explained['reasons']) or 'none'}"
    named = ", ".join(f'{e["entity"]} "{e["text"]}" = {e["value"]}' for e in explained["entities"])
    yield f"entities    {named or 'none'}"
    yield f"signals     {', '.join(explained['signals']) or 'none'}"
    yield f"stances     {', '.join(explained['stances']) or 'none'}"
    yield "Nearest training examples, and their share of the vote:"
    for near in explained["neighbours"]:
        where = ", ".join(near["places"]) or "no longer in the files"
        yield (
            f"  {near['alike']:>4.0%} {near['share']:>5.0%}  {near['intent']}  "
            f'"{near["text"]}"  ({where})'
        )
    for answer in explained.get("answer", ()):
        yield f"The assistant says ({', '.join(answer['says'])}):"
        for shown in answer["messages"]:
            yield f"  {shown['text']}"
            if shown["buttons"]:
                yield f"  {' '.join(f'[{title}]' for title in shown['buttons'])}"


def listed_lines(found: tuple[Listed, ...]) -> Iterator[str]:
    """Yield one line a conversation."""
    for one in found:
        missed = f"{one.missed} not understood" if one.missed else ""
        told = ", ".join(part for part in (f"{one.said} said", missed, one.holder) if part)
        yield f'{one.id}  {one.opened_at:%Y-%m-%d %H:%M}  {told}  "{one.first_words}"'


def review_lines(review: Review) -> Iterator[str]:
    """Yield the chat with what was understood and decided."""
    for line in review.lines:
        yield f"{line.seq:>4}  {line.sender}: {line.text}"
        if line.understood:
            heard = line.understood
            reasons = f", {', '.join(heard.reasons)}" if heard.reasons else ""
            yield f"      understood as {heard.intent} ({heard.confidence:.0%}{reasons})"
        if line.decided:
            pressed = f"pressed, {line.decided.intent}; " if line.decided.intent else ""
            yield f"      {pressed}answered by {', '.join(line.decided.says) or 'nothing'}"
        if line.offer:
            yield f"      offers {line.offer}"
    for attempt in review.attempts:
        yield f"Save attempt: {attempt['reason'] or 'no reason'}, {attempt['outcome'] or 'open'}"
        for verdict in attempt["verdicts"]:
            yield f"  {verdict['policy']}: {verdict['why']}"


def played_lines(played: Played) -> Iterator[str]:
    """Yield the conversation as it went on the rehearsal desk."""
    for one in played.exchanges:
        if one.step:
            yield f"customer: {one.step.did}"
        if one.refused:
            yield f"  not taken: {one.refused}"
        for shown in one.messages:
            yield f"{shown.sender}: {shown.text}"


def draft_lines(draft: Draft) -> Iterator[str]:
    """Yield the change as a diff, and what speaks against it."""
    yield draft.diff
    if draft.problems:
        yield "This was not written:"
    for problem in draft.problems:
        yield f"  {problem.kind}: {problem.message}"
    yield from draft.remarks


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Yield what is never said, what no test holds, and the weeks."""
    share = coverage.not_understood / coverage.messages if coverage.messages else 0
    yield (
        f"{coverage.messages} messages since {coverage.since:%Y-%m-%d}, {share:.1%} not understood."
    )
    for kind, used in coverage.kinds.items():
        came_up = sum(not one.is_idle for one in used)
        tested = sum(not one.is_untested for one in used)
        yield f"{kind}: {len(used)}, {came_up} came up in chats, {tested} in tests"
        yield from _named("never in a chat", [one for one in used if one.is_idle])
        yield from _named("in no test", [one for one in used if one.is_untested])
    yield "By week:"
    for drift in coverage.weeks:
        index = "" if drift.index is None else f"  index {drift.index:.2f}"
        yield f"  {drift.week.name}  {drift.week.messages:>6}  {drift.verdict}{index}"


def _named(what: str, found: list[Used]) -> Iterator[str]:
    names = sorted(one.name for one in found)
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    if names:
        yield f"  {what}: {', '.join(names[:MOST_NAMES])}{more}"
