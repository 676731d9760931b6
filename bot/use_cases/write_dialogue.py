"""Write a conversation as a dialogue test or a story, if nothing speaks against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.annotation.appending import STORY, TEST, Appended, Writing
from bot.annotation.dialogue_writing import dialogue_test, story
from bot.annotation.rehearsed import Played
from bot.errors import EditRefused, ExampleRefused, HelpdeskError
from bot.understanding.examples import Example
from bot.understanding.normalise import tokens
from bot.use_cases import single_examples
from bot.use_cases.coverage_ports import Made, Tested
from bot.use_cases.findings import Finding, at, place
from bot.use_cases.review_ports import DialogueFiles, DialogueJournal

log = structlog.get_logger()

_ID = re.compile(r"[\w-]{1,64}")
# What is said about an example in the training data alone is nothing to a test.
_FOR_A_TEST = frozenset({"personal data", "command", "empty"})
_SHORTEST_LEAK = 4
# Where a conversation goes that ended like this, when the trainer chooses nothing.
_FITTING = {"saved": "saved", "canceled": "declined", "escalated": "handoff"}
_ELSEWHERE = "digressions"


@dataclass(frozen=True)
class Draft:
    """Lines that could be written, what speaks against them, and what they would change.

    `remarks` are no reason to refuse; a trainer should know them.
    """

    what: Appended
    problems: tuple[Finding, ...]
    diff: str
    remarks: tuple[str, ...] = ()


def draft_test(
    title: str,
    played: Played,
    file: str | None,
    *,
    files: DialogueFiles,
    examples: Sequence[Example],
    tested: Tested,
) -> Draft:
    """Return the dialogue test that a rehearsed conversation makes.

    Raises:
        ExampleRefused: nothing was said, or the title cannot be used.
        EditRefused: the file cannot take it.
    """
    file = file or fitting_file(TEST, played, files=files)
    first = not files.text(file).strip()
    what = Appended(TEST, file, dialogue_test(title, played, first=first))
    return Draft(
        what,
        tuple(_speaks_against(played, file, examples, tested)),
        files.preview(what),
        tuple(_remarks(played)),
    )


def draft_story(
    title: str, intents: Sequence[str], file: str | None, *, files: DialogueFiles, made: Made
) -> Draft:
    """Return the story that these intents make, in their order.

    Raises:
        ExampleRefused: it cannot be a story, or the title cannot be used.
        EditRefused: the file cannot take it.
    """
    file = file or files.names(STORY)[0]
    what = Appended(STORY, file, story(title, intents, made.actions))
    problems = [
        Finding(file, 0, "duplicate", f"the story {name!r} tells the same already.")
        for name, told in made.stories.items()
        if told == tuple(intents)
    ]
    if " ".join(title.split()) in made.stories:
        problems.append(Finding(file, 0, "duplicate", "a story has this name; choose another."))
    return Draft(what, tuple(problems), files.preview(what))


def write_dialogue(
    draft: Draft,
    by: str,
    *,
    files: DialogueFiles,
    journal: DialogueJournal,
    now: datetime,
    conversation: str | None = None,
) -> Writing:
    """Write the lines and return the journal's entry.

    The entry is written first: lines nobody can tell the origin of would be worse than an entry
    whose lines are not there.

    Raises:
        EditRefused: something speaks against it, or the file has changed in between.
        ExampleRefused: `conversation` is no id.
    """
    if draft.problems:
        raise EditRefused(f"This was not written. {draft.problems[0].message}")
    if conversation is not None and not _ID.fullmatch(conversation):
        raise ExampleRefused("A conversation is named by its id: letters, figures and dashes.")
    files.preview(draft.what)
    writing = Writing(_next(journal), now, by, draft.what, conversation)
    journal.add(writing)
    try:
        files.write(draft.what)
    except HelpdeskError:
        journal.add(Writing(writing.number + 1, now, by, draft.what, undoes=writing.number))
        raise
    log.info("dialogue_written", entry=writing.number, by=by, kind=draft.what.kind)
    return writing


def undo_dialogue(
    number: int | None, by: str, *, files: DialogueFiles, journal: DialogueJournal, now: datetime
) -> Writing:
    """Take a dialogue out again, the newest if none is named, and return the entry that says so.

    Raises:
        EditRefused: there is no such entry, it was taken back already, or its lines were changed.
    """
    wanted = _standing(number, journal.writings())
    files.take_out(wanted.what)
    writing = Writing(_next(journal), now, by, wanted.what, undoes=wanted.number)
    journal.add(writing)
    log.info("dialogue_taken_back", entry=wanted.number, by=by)
    return writing


def fitting_file(kind: str, played: Played, *, files: DialogueFiles) -> str:
    """Return the file for a conversation that ended as this one did.

    Raises:
        EditRefused: the project has no files of this kind.
    """
    names = files.names(kind)
    if not names:
        raise EditRefused("This installation has no dialogue tests. Work in a checkout of it.")
    outcome = next((one.outcome for one in reversed(played.answers) if one.outcome), None)
    folder = _FITTING.get(outcome or "", _ELSEWHERE)
    return next((name for name in names if f"/{folder}/" in name), names[0])


def _standing(number: int | None, writings: Sequence[Writing]) -> Writing:
    gone = {one.undoes for one in writings if one.undoes is not None}
    open_ones = [one for one in writings if one.undoes is None and one.number not in gone]
    found = [one for one in open_ones if number in (None, one.number)]
    if not found:
        raise EditRefused("There is no such dialogue to take back, or it was taken back already.")
    return found[-1]


def _next(journal: DialogueJournal) -> int:
    return len(journal.writings()) + 1


def _speaks_against(
    played: Played, file: str, examples: Sequence[Example], tested: Tested
) -> list[Finding]:
    texts = [step.customer for step in played.steps if step.customer]
    known: Mapping[tuple[str, ...], Example] = {
        tuple(tokens(example.text)): example for example in examples
    }
    found = [
        finding
        for text in texts
        for finding in single_examples.findings([Example(text, "", file=file)], {})
        if finding.kind in _FOR_A_TEST
    ]
    for text in texts:
        words = tuple(tokens(text))
        if len(words) >= _SHORTEST_LEAK and words in known:
            where = place(known[words])
            why = f'"{text}" is a training example at {where}; a test of it would show nothing.'
            found.append(at(Example(text, "", file=file), "leak", why))
    known_tests = [[text for text, _intent in said] for said in tested.dialogues]
    if texts and texts in known_tests:
        found.append(Finding(file, 0, "duplicate", "a dialogue test says the same already."))
    return found


def _remarks(played: Played) -> list[str]:
    refused = [one for one in played.exchanges if one.refused]
    corrected = [step for step in played.steps if step.intent]
    return [
        *(
            f'"{one.step.did}" was not taken ({one.refused}); the dialogue ends before it.'
            for one in refused
            if one.step
        ),
        *(
            f'The test fails until "{step.did}" is understood as {step.intent}: add it, or '
            "sentences like it, to the training examples."
            for step in corrected
        ),
    ]
