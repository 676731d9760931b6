"""What trainers do about versions from their page: look, begin long work, cancel it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.errors import Busy, NotAllowed, NotPublished
from bot.people.audit import AuditEntry
from bot.people.person import StaffMember
from bot.people.role import Level
from bot.publishing.comparison import Colour, Comparison, Verdict, judge
from bot.publishing.history import Kind, Line, live, to_return_to
from bot.use_cases.note_audit import note_audit
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import Clock

# A process has to start before it can tell that it is at work.
BEGINS_WITHIN = timedelta(seconds=60)
COMPARE, PUBLISH, RETURN = "compare", "publish", "rollback"


class RunningDesk(Protocol):
    """What runs the desk's processes, and takes wishes."""

    def is_attended(self) -> bool:
        """Whether anybody takes them: parts that were started one by one have nobody."""

    def ask(self, wish: dict[str, Any]) -> str:
        """Write a wish down."""


@dataclass(frozen=True)
class PublishingDesk:
    """`job` gives the newest long work as `JobFile.read` does, `files` names the data as it is."""

    history: Callable[[], Sequence[Line]]
    job: Callable[[], Mapping[str, Any] | None]
    comparison: Callable[[], Comparison | None]
    files: Callable[[], str]
    running: RunningDesk
    unit_of_work: Callable[[], AuditedUnitOfWork]
    clock: Clock


@dataclass(frozen=True)
class Shown:
    """What the page shows; `comparison` is of the data as it is, against what is live, or None.

    `news`: the data holds something that is not live. `asked`: when work was asked for that has
    not begun yet.
    """

    history: tuple[Line, ...]
    live: Line | None
    job: Mapping[str, Any] | None
    news: bool
    comparison: Comparison | None
    verdict: Verdict | None
    attended: bool
    now: datetime
    asked: datetime | None

    @property
    def before(self) -> Line | None:
        """The version to return to at once; None where the live one is not new."""
        is_new = self.live is not None and self.live.kind is Kind.PUBLISHED
        return to_return_to(self.history, None) if is_new else None

    @property
    def at_work(self) -> bool:
        return bool(self.job and self.job["runs"])

    @property
    def seconds(self) -> int | None:
        """How long the newest work has taken up to now, or took; None: nobody knows any more."""
        if self.job is None:
            return None
        if self.at_work:
            return int((self.now - datetime.fromisoformat(self.job["at"])).total_seconds())
        return (self.job.get("end") or {}).get("seconds")


def show_publishing(*, desk: PublishingDesk, asked: datetime | None = None) -> Shown:
    """Return the state at this moment; `asked` is when whoever looks asked for work."""
    history, files = tuple(desk.history()), desk.files()
    at, job = desk.clock.now(), desk.job()
    now, found = live(history), desk.comparison()
    fits = now and found and (found.candidate, found.live) == (f"{files}.tar.gz", now.model)
    comparison = found if fits else None
    return Shown(
        history=history,
        live=now,
        job=job,
        news=now is not None and now.model != f"{files}.tar.gz",
        comparison=comparison,
        verdict=judge(comparison) if comparison else None,
        attended=desk.running.is_attended(),
        now=at,
        asked=asked if asked and _is_awaited(asked, job, now=at) else None,
    )


def _is_awaited(asked: datetime, job: Mapping[str, Any] | None, *, now: datetime) -> bool:
    has_begun = job is not None and datetime.fromisoformat(job["at"]) >= asked
    return not has_begun and now - asked < BEGINS_WITHIN


def begin_comparison(staff: StaffMember, *, desk: PublishingDesk) -> None:
    """Have a candidate trained and held against the live version. Raises Busy, NotPublished."""
    _begin(COMPARE, staff, {}, desk)


def begin_publishing(staff: StaffMember, reason: str, *, desk: PublishingDesk) -> None:
    """Have the data as it is go live; `reason` is why, although it is yellow.

    What was not compared yet is trained and compared first, and goes live only if it is green.

    Raises:
        NotAllowed: it is yellow, and this takes a lead.
        NotPublished: it is red, or yellow without a reason, or the live version has learned it.
        Busy: other work is under way.
    """
    shown = show_publishing(desk=desk)
    if not shown.news:
        raise NotPublished("The live version has learned all that is in the training data.")
    despite = _despite(shown.verdict, staff, reason.strip()) if shown.verdict else ""
    _begin(PUBLISH, staff, {"despite": despite} if despite else {}, desk)


def _despite(verdict: Verdict, staff: StaffMember, reason: str) -> str:
    if verdict.colour is Colour.RED:
        raise NotPublished("It is red. Mend what is named, and compare again.")
    if verdict.colour is Colour.GREEN:
        return ""
    if not leads(staff):
        raise NotAllowed
    if not reason:
        raise NotPublished("It is yellow. Write down why it goes live all the same.")
    return reason


def leads(staff: StaffMember) -> bool:
    """Whether they may take it upon themselves to publish what something speaks against."""
    return staff.level is Level.LEAD


def begin_return(staff: StaffMember, version: int, reason: str, *, desk: PublishingDesk) -> None:
    """Have an earlier version go live again. Raises Busy, NotPublished."""
    _begin(RETURN, staff, {"reason": reason.strip(), "version": str(version)}, desk)


def cancel_work(staff: StaffMember, *, desk: PublishingDesk) -> None:
    """Have the long work stopped that is under way; what was live stays."""
    _note("publishing_cancelled", staff, {}, desk)
    desk.running.ask({"do": "cancel"})


def _begin(what: str, staff: StaffMember, given: Mapping[str, str], desk: PublishingDesk) -> None:
    if not desk.running.is_attended():
        raise NotPublished(
            "The desk's parts were started one by one. On its machine: `python -m bot studio`."
        )
    job = desk.job()
    if job and job["runs"]:
        raise Busy("Other work is under way. Wait for its end, or cancel it.")
    _note("publishing_begun", staff, {"what": what, "with_doubts": "despite" in given}, desk)
    desk.running.ask({"do": "work", "what": what, "by": staff.name, "given": dict(given)})


def _note(kind: str, staff: StaffMember, details: Mapping[str, Any], desk: PublishingDesk) -> None:
    entry = AuditEntry(kind, staff.person_id, details=details)
    note_audit(entry, unit_of_work=desk.unit_of_work, clock=desk.clock)
