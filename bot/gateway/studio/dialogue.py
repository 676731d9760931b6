"""A dialogue by playing the customer against the real assistant, written as a test or a story."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.annotation.appending import STORY, TEST, Writing
from bot.annotation.rehearsed import EVENTS, Played, Step, corrected
from bot.errors import EditRefused, HelpdeskError, InvalidInput
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.staff.forms import sent_by
from bot.gateway.studio.paper import StudioPaper, status_of
from bot.people.permissions import Permission
from bot.people.person import StaffMember
from bot.use_cases.review_conversation import review_conversation
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.write_dialogue import (
    Draft,
    draft_story,
    draft_test,
    undo_dialogue,
    write_dialogue,
)

TITLE = "Play a dialogue"
MOST_STEPS, LONGEST_TEXT, LONGEST_FORM = 40, 1000, 40_000


@dataclass(frozen=True)
class Wanted:
    """What a trainer wants played and written; `conversation` is the chat it was taken from."""

    steps: tuple[Step, ...] = ()
    account: str | None = None
    kind: str = TEST
    title: str = ""
    file: str = ""
    conversation: str = ""

    @property
    def steps_as_json(self) -> str:
        return json.dumps([step.to_document() for step in self.steps], ensure_ascii=False)


@dataclass(frozen=True)
class Written:
    """What was written, and the commit that was asked for, or why there is none."""

    writing: Writing
    commit: str = ""
    problem: str = ""


async def dialogue_page(request: Request) -> Response:
    """Show an empty dialogue, or a chat's customer played again with a demo account."""
    staff = await require(request, Permission.SEE_STUDIO)
    parts: Parts = request.app.state.parts
    wanted = Wanted(account=next(iter(parts.review.account_numbers), None))
    asked = request.query_params.get("conversation")
    if asked:
        wanted = await run_in_threadpool(_from_chat, asked, staff, parts.review)
        if request.query_params.get("kind") == STORY:
            wanted = replace(wanted, kind=STORY)
    return await _shown(request, staff, wanted)


async def play(request: Request) -> Response:
    """Take a step more, take one back, or correct one, and play all of it anew."""
    staff, form = await sent_by(request, Permission.SEE_STUDIO, longest=LONGEST_FORM)
    try:
        return await _shown(request, staff, _changed(_wanted(form), form))
    except InvalidInput as error:
        return await _shown(request, staff, Wanted(), trouble=error)


async def write(request: Request) -> Response:
    """Write the dialogue into the project."""
    staff, form = await sent_by(request, Permission.CHANGE_TRAINING_DATA, longest=LONGEST_FORM)
    room, wanted = request.app.state.parts.review, _wanted(form)

    def work() -> Written:
        draft = _draft(wanted, room.stage.play(wanted.account, wanted.steps), room)
        writing = write_dialogue(
            draft,
            staff.name,
            files=room.files,
            journal=room.journal,
            now=room.clock.now(),
            conversation=wanted.conversation or None,
        )
        if not form.get("commit"):
            return Written(writing)
        try:
            return Written(writing, commit=room.files.commit(writing, staff.name))
        except EditRefused as error:
            return Written(writing, problem=str(error))

    return await _done(request, staff, wanted, work)


async def undo(request: Request) -> Response:
    """Take a dialogue that was written out of its file again."""
    staff, form = await sent_by(request, Permission.CHANGE_TRAINING_DATA)
    room = request.app.state.parts.review
    number = form.get("number", "")

    def work() -> Written:
        if not number.isdecimal():
            raise InvalidInput("number: say which dialogue, by its number.")
        by, now = staff.name, room.clock.now()
        return Written(
            undo_dialogue(int(number), by, files=room.files, journal=room.journal, now=now)
        )

    return await _done(request, staff, Wanted(), work)


async def _done(
    request: Request, staff: StaffMember, wanted: Wanted, work: Callable[[], Written]
) -> Response:
    try:
        done = await run_in_threadpool(work)
    except HelpdeskError as error:
        return await _shown(request, staff, wanted, trouble=error)
    paper: StudioPaper = request.app.state.studio_paper
    return paper.in_the_frame(request, "dialogue_written.html", TITLE, staff=staff, done=done)


async def _shown(
    request: Request, staff: StaffMember, wanted: Wanted, trouble: HelpdeskError | None = None
) -> Response:
    room: ReviewRoom = request.app.state.parts.review
    played, draft, refused = None, None, ""
    try:
        if wanted.steps:
            played = await run_in_threadpool(room.stage.play, wanted.account, wanted.steps)
    except HelpdeskError as error:
        trouble = trouble or error
    try:
        if played and played.answers:
            draft = await run_in_threadpool(_draft, wanted, played, room)
    except HelpdeskError as error:
        # What cannot be written yet can still be played on.
        refused = str(error)
    paper: StudioPaper = request.app.state.studio_paper
    made = await run_in_threadpool(room.parts.made)
    return paper.in_the_frame(
        request,
        "dialogue.html",
        TITLE,
        staff=staff,
        status=status_of(trouble) if trouble else 200,
        trouble=str(trouble) if trouble else "",
        wanted=wanted,
        played=played,
        draft=draft,
        refused=refused,
        accounts=room.accounts,
        intents=sorted(made.actions),
        files=room.files.names(wanted.kind),
    )


def _draft(wanted: Wanted, played: Played, room: ReviewRoom) -> Draft:
    title = wanted.title or _a_title(played)
    file = wanted.file if wanted.file in room.files.names(wanted.kind) else None
    if wanted.kind == STORY:
        meant = [one.intent for one in played.answers if one.intent]
        return draft_story(title, meant, file, files=room.files, made=room.parts.made())
    return draft_test(
        title,
        played,
        file,
        files=room.files,
        examples=room.data.examples(),
        tested=room.parts.tested(),
    )


def _a_title(played: Played) -> str:
    """Return a title for a dialogue without one: what was meant first, and how it ended."""
    first, last = played.answers[0], played.answers[-1]
    begins = (first.intent or "a press").replace("_", " ")
    return f"{begins} ends {last.outcome or 'open'}"


def _from_chat(conversation: str, staff: StaffMember, room: ReviewRoom) -> Wanted:
    review = review_conversation(conversation, by=staff.person_id, room=room)
    numbers = room.account_numbers
    account = review.account if review.account in numbers else next(iter(numbers), None)
    return Wanted(
        steps=review.steps[:MOST_STEPS],
        account=account if review.account else None,
        conversation=review.id,
    )


def _wanted(form: dict[str, str]) -> Wanted:
    return Wanted(
        steps=read_steps(form.get("steps", "[]")),
        account=form.get("account") or None,
        kind=STORY if form.get("kind") == STORY else TEST,
        title=form.get("title", "").strip(),
        file=form.get("file", ""),
        conversation=form.get("conversation", ""),
    )


def _changed(wanted: Wanted, form: dict[str, str]) -> Wanted:
    steps = wanted.steps
    place = form.get("place", "")
    if form.get("press"):
        steps = (*steps, Step(press=form["press"]))
    elif form.get("event") in EVENTS:
        steps = (*steps, Step(event=form["event"]))
    elif form.get("back"):
        steps = steps[:-1]
    elif place.isdecimal() and int(place) < len(steps):
        steps = corrected(steps, int(place), form.get("intent") or None)
    elif form.get("say", "").strip():
        steps = (*steps, Step(customer=form["say"].strip()))
    return replace(wanted, steps=_checked(steps))


def read_steps(written: str) -> tuple[Step, ...]:
    """Return the steps that a page carries along. Raises InvalidInput: they make no sense."""
    try:
        steps = tuple(Step(**document) for document in json.loads(written))
    except (ValueError, TypeError):
        raise InvalidInput("steps: the page was changed on its way. Open it again.") from None
    return _checked(steps)


def _checked(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    if len(steps) > MOST_STEPS:
        raise InvalidInput(f"steps: a dialogue has at most {MOST_STEPS}.")
    for step in steps:
        told = step.to_document()
        done = len(told.keys() - {"intent"})
        fits = all(isinstance(v, str) and 0 < len(v) <= LONGEST_TEXT for v in told.values())
        if done != 1 or not fits or step.event not in (None, *EVENTS):
            raise InvalidInput(f"steps: write 1 to {LONGEST_TEXT} characters.")
    return steps
