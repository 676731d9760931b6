"""What trainers do about versions from their page: look, begin long work, cancel it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.errors import Busy, NotAllowed, NotPublished
from bot.people.audit import AuditEntry
from bot.people.person import StaffMember
from bot.people.role import Level
from bot.publishing.comparison import Colour, Comparison, Verdict, judge
from bot.publishing.history import Line, live
from bot.use_cases.note_audit import note_audit
from bot.use_cases.people_ports import AuditedUnitOfWork
from bot.use_cases.ports import Clock

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

    `news`: the data holds something that is not live.
    """

    history: tuple[Line, ...]
    live: Line | None
    job: Mapping[str, Any] | None
    news: bool
    comparison: Comparison | None
    verdict: Verdict | None
    attended: bool

    @property
    def at_work(self) -> bool:
        return bool(self.job and self.job["runs"])


def show_publishing(*, desk: PublishingDesk) -> Shown:
    """Return the state of publishing at this moment."""
    history, files = tuple(desk.history()), desk.files()
    now, found = live(history), desk.comparison()
    fits = now and found and (found.candidate, found.live) == (f"{files}.tar.gz", now.model)
    comparison = found if fits else None
    return Shown(
        history=history,
        live=now,
        job=desk.job(),
        news=now is not None and now.model != f"{files}.tar.gz",
        comparison=comparison,
        verdict=judge(comparison) if comparison else None,
        attended=desk.running.is_attended(),
    )


def begin_comparison(staff: StaffMember, *, desk: PublishingDesk) -> None:
    """Have a candidate trained and held against the live version. Raises Busy, NotPublished."""
    _begin(COMPARE, staff, {}, desk)


def begin_publishing(staff: StaffMember, reason: str, *, desk: PublishingDesk) -> None:
    """Have the compared candidate go live; `reason` is why, although it is yellow.

    Raises:
        NotAllowed: it is yellow, and this takes a lead.
        NotPublished: it is red, or yellow without a reason, or was not compared as it is now.
        Busy: other work is under way.
    """
    verdict = show_publishing(desk=desk).verdict
    if verdict is None:
        raise NotPublished("The data was changed since it was compared. Compare it first.")
    if verdict.colour is Colour.RED:
        raise NotPublished("It is red. Mend what is named, and compare again.")
    given = reason.strip() if verdict.colour is Colour.YELLOW else ""
    if verdict.colour is Colour.YELLOW and not leads(staff):
        raise NotAllowed
    if verdict.colour is Colour.YELLOW and not given:
        raise NotPublished("It is yellow. Write down why it goes live all the same.")
    _begin(PUBLISH, staff, {"despite": given} if given else {}, desk)


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
