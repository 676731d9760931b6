"""The inbox: messages that teach most, one after the other, decided by single keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.annotation.journal import Entry
from bot.annotation.judgement import Verdict, decided, disagree
from bot.errors import EditRefused, HelpdeskError, InvalidInput, NotFound, Refused
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.staff.forms import sent_by
from bot.gateway.studio.decision import (
    MOST_GUESSES,
    Decision,
    checked_intents,
    first_reading,
    key_of,
    read_decision,
)
from bot.gateway.studio.paper import StudioPaper
from bot.people.permissions import Permission
from bot.people.person import StaffMember
from bot.understanding.examples import REASONS
from bot.use_cases.inbox import Inbox, Item, context_of, happened_at, read_inbox
from bot.use_cases.judge_message import (
    Judged,
    Proposal,
    Ruling,
    Trainer,
    judge,
    propose,
    take_back,
    verdict_on,
)
from bot.use_cases.studio_desk import StudioDesk

MOST_LISTED = 12


@dataclass(frozen=True)
class Shown:
    """What the page says beside the item: what was done, what went wrong, what can be undone.

    `is_new`: the item was not there before, so that the reader goes on with it. `commits`: what is
    undone was committed.
    """

    item: Item | None
    decision: Decision | None = None
    proposal: Proposal | None = None
    told: str = ""
    undo: str = ""
    problem: str = ""
    status: int = 200
    is_new: bool = False
    commits: bool = False


async def inbox_page(request: Request) -> Response:
    """Show the message that is asked for, or the one that teaches most."""
    staff = await require(request, Permission.SEE_STUDIO)
    return await run_in_threadpool(_look, request, staff)


async def take_decision(request: Request) -> Response:
    """Show what a decision would write, or make it, as the button says that was pressed."""
    staff, form = await sent_by(request, Permission.CHANGE_TRAINING_DATA)
    return await run_in_threadpool(_decide, request, staff, form)


async def take_it_back(request: Request) -> Response:
    """Take back the decision that was just made."""
    staff, form = await sent_by(request, Permission.CHANGE_TRAINING_DATA)
    return await run_in_threadpool(_undo, request, staff, form)


def _look(request: Request, staff: StaffMember) -> Response:
    desk, by = _desk(request), Trainer(staff.person_id, staff.name)
    inbox = read_inbox(by.id, desk=desk)
    asked = request.query_params.get("at", "")
    item = _item(inbox, asked, desk) if asked else next(iter(inbox.items), None)
    return _page(request, staff, inbox, _proposed(item, by, desk))


def _decide(request: Request, staff: StaffMember, form: dict[str, str]) -> Response:
    desk, by = _desk(request), Trainer(staff.person_id, staff.name)
    inbox = read_inbox(by.id, desk=desk)
    item = _item(inbox, form.get("key", ""), desk)
    decision, do = read_decision(form, item), form.get("do", "check")
    try:
        if do not in _DOING:
            return _page(
                request, staff, inbox, _tried(item, _changed(decision, do, item), by, desk)
            )
        shown = _DOING[do](item, checked_intents(decision) if do != "skip" else decision, by, desk)
    except HelpdeskError as error:
        status = 409 if isinstance(error, Refused) else 422
        shown = Shown(item, decision, problem=str(error), status=status)
    if shown.item is None:
        inbox = read_inbox(by.id, desk=desk)
        following = _proposed(next(iter(inbox.items), None), by, desk)
        shown = replace(following, told=shown.told, undo=shown.undo, commits=shown.commits)
    return _page(request, staff, inbox, shown)


def _undo(request: Request, staff: StaffMember, form: dict[str, str]) -> Response:
    desk, by = _desk(request), Trainer(staff.person_id, staff.name)
    conversation, turn = _place(form.get("key", ""))
    try:
        entry = take_back((conversation, turn), by, desk=desk)
        told = "Taken back."
        if entry is not None and "commit" in form:
            told += _committed(entry, f"Take back change {entry.undoes}", by, desk)
        problem, status = "", 200
    except (Refused, NotFound) as error:
        told, problem, status = "", str(error), 409
    inbox = read_inbox(by.id, desk=desk)
    shown = _proposed(_item(inbox, form.get("key", ""), desk), by, desk)
    return _page(request, staff, inbox, replace(shown, told=told, problem=problem, status=status))


def _write(item: Item, decision: Decision, by: Trainer, desk: StudioDesk) -> Shown:
    proposal = _proposal(item, decision, by, desk)
    if proposal is not None and not proposal.is_clean:
        problem = "This was not written. Mend what is said below, or only mark it."
        return Shown(item, decision, proposal, problem=problem, status=422)
    return _judged(item, decision, by, desk, proposal)


def _mark(item: Item, decision: Decision, by: Trainer, desk: StudioDesk) -> Shown:
    return _judged(item, decision, by, desk, None)


def _skip(item: Item, decision: Decision, by: Trainer, desk: StudioDesk) -> Shown:
    judge(Ruling(decision.places(item), Verdict.SKIPPED), by, desk=desk)
    return Shown(None, told="Skipped.", undo=item.key)


def _judged(
    item: Item, decision: Decision, by: Trainer, desk: StudioDesk, proposal: Proposal | None
) -> Shown:
    ruling = Ruling(
        decision.places(item),
        verdict_on(item.first.heard.understood, decision.sentences),
        decision.sentences,
        proposal.lines if proposal else (),
    )
    judged = judge(ruling, by, desk=desk)
    committed = ""
    if judged.entry is not None and decision.commits:
        title = f"Add an example of {' and of '.join(judged.judgement.intents)}"
        committed = _committed(judged.entry, title, by, desk)
    return Shown(None, told=_told(judged) + committed, undo=item.key, commits=bool(committed))


def _told(judged: Judged) -> str:
    if judged.before is not None:
        first = judged.before
        same = first.label == judged.judgement.label
        return (
            f"{first.trainer_name} was first and said {' and '.join(first.intents)}. "
            + ("You agree. " if same else "You disagree: it stands on top of the inbox now. ")
            + "Yours is kept beside it; nothing was written."
        )
    if judged.entry is None:
        return "Noted; nothing needed to be written."
    files = " and ".join(dict.fromkeys(edit.file for edit in judged.entry.edits))
    return f"Written to {files} as change {judged.entry.number}."


def _committed(entry: Entry, title: str, by: Trainer, desk: StudioDesk) -> str:
    """Commit the entry, and say so or why not; nothing is said where there is no checkout."""
    if not desk.git.is_there():
        return ""
    try:
        return f" Committed as {desk.git.commit(entry, title, by.name)}."
    except EditRefused as error:
        return f" {error}"


_DOING = {"write": _write, "mark": _mark, "skip": _skip}


def _changed(decision: Decision, do: str, item: Item) -> Decision:
    """Return the decision as a button changes it that decides nothing yet."""
    if do == "out_of_scope":
        return decision.out_of_scope()
    if do == "split":
        return decision.split()
    return decision.joined(item) if do == "one" else decision


def _proposed(item: Item | None, by: Trainer, desk: StudioDesk) -> Shown:
    shown = Shown(None) if item is None else _tried(item, first_reading(item), by, desk)
    return replace(shown, is_new=True)


def _proposal(item: Item, decision: Decision, by: Trainer, desk: StudioDesk) -> Proposal | None:
    """Return what would be written; None where another trainer was the first to decide."""
    if not item.first.is_for(by.id):
        return None
    own = item.first.judged_by(by.id)
    change = own.change if own else None
    return propose(decision.sentences, decision.files, instead_of=change, desk=desk)


def _tried(item: Item, decision: Decision, by: Trainer, desk: StudioDesk) -> Shown:
    """Show what a decision would write; a sentence without an intent is not tried yet."""
    if not all(reading.intent for reading in decision.readings):
        return Shown(item, decision)
    try:
        return Shown(item, decision, _proposal(item, decision, by, desk))
    except (InvalidInput, Refused) as error:
        return Shown(item, decision, problem=str(error))


def _item(inbox: Inbox, key: str, desk: StudioDesk) -> Item:
    """Return the item of this name, be it still in the inbox or decided meanwhile."""
    found = inbox.item(key)
    return found or Item((happened_at(*_place(key), desk=desk),))


def _place(key: str) -> tuple[str, int]:
    conversation, _, turn = key.rpartition(":")
    return conversation, int(turn) if turn.isdecimal() and len(turn) < 9 else 0


def _desk(request: Request) -> StudioDesk:
    parts: Parts = request.app.state.parts
    return parts.studio


def _page(request: Request, staff: StaffMember, inbox: Inbox, shown: Shown) -> Response:
    paper: StudioPaper = request.app.state.studio_paper
    values = _values(shown.item, staff.person_id, _desk(request)) if shown.item else {}
    return paper.in_the_frame(
        request,
        "inbox.html",
        "Inbox",
        staff=staff,
        status=shown.status,
        problem=shown.problem,
        shown=shown,
        agreement=inbox.agreement,
        listed=inbox.items[:MOST_LISTED],
        unlisted=max(0, len(inbox.items) - MOST_LISTED),
        **values,
    )


def _values(item: Item, trainer: str, desk: StudioDesk) -> dict[str, Any]:
    files: dict[str, Counter[str]] = {}
    for example in desk.data.examples():
        files.setdefault(example.intent, Counter())[example.file] += 1
    ruled = decided(item.first.judgements)
    return {
        "lines": context_of(item, desk=desk),
        "alike": [(key_of(one.heard), one.heard.text) for one in item.messages[1:]],
        "guesses": item.first.heard.understood.guesses[:MOST_GUESSES],
        "intents": sorted(files),
        "files": {intent: [name for name, _ in of.most_common()] for intent, of in files.items()},
        "reasons": REASONS,
        # Who has not decided yet must not be led by who has.
        "ruled": ruled if disagree(ruled) else (),
        "is_second": not item.first.is_for(trainer),
        "has_git": desk.git.is_there(),
    }
