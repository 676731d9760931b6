"""Train a candidate, hold it against the live version, publish it, and return to an earlier one."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
import time
from collections.abc import Callable

from bot import settings
from bot.bootstrap_base import unit_of_work
from bot.bootstrap_publishing import Publishing, publishing
from bot.cli.publishing_words import comparison_lines, version_lines
from bot.errors import NotPublished
from bot.integrations.clock import SystemClock
from bot.integrations.job_file import Job
from bot.model_files import content_hash, program_hash
from bot.people.audit import AuditEntry
from bot.publishing.comparison import Colour, as_document, judge
from bot.publishing.history import Line, returning, to_return_to
from bot.settings import ROOT, Settings
from bot.use_cases.note_audit import note_audit

Step = Callable[[argparse.Namespace, Settings, Publishing, Job], str]


def run(arguments: argparse.Namespace) -> int:
    """Do one of the commands; the exit code of `compare` is 1 for what is red."""
    using = settings.load()
    at = publishing(using)
    if arguments.what == "versions":
        return _versions(arguments, at)
    if arguments.what != "rollback":
        # A return reads no database; whoever returns is in a hurry.
        _prepare(using)
    arguments.by = " ".join((arguments.by or getpass.getuser()).split())
    at_moment = SystemClock().now().isoformat(timespec="seconds")
    began = time.monotonic()
    with at.job.begun(arguments.what, by=arguments.by, at=at_moment) as job:
        said = _STEPS[arguments.what](arguments, using, at, job)
        job.end(said, went_well=True)
    print(f"{said} ({time.monotonic() - began:.0f} s)", file=sys.stderr)
    return 0


def _prepare(using: Settings) -> None:
    from bot import bootstrap  # takes seconds to import

    bootstrap.prepare(using)


def _train(arguments: argparse.Namespace, using: Settings, at: Publishing, job: Job) -> str:
    from bot.supervisor.candidate import train_candidate  # the engine takes seconds to import

    candidate = train_candidate(using, at, _teller(job))
    print(candidate.model)
    return "Trained. `python -m bot studio compare` holds it against what is live."


def _compare(arguments: argparse.Namespace, using: Settings, at: Publishing, job: Job) -> str:
    from bot.supervisor.candidate import compare

    found = compare(using, at, _teller(job))
    verdict = judge(found)
    if arguments.json:
        told = {"colour": verdict.colour.value, "reasons": verdict.reasons}
        print(json.dumps({**told, **as_document(found)}, ensure_ascii=False))
    else:
        print("\n".join(comparison_lines(found, verdict)))
    return f"It is {verdict.colour.value}."


def _publish(arguments: argparse.Namespace, using: Settings, at: Publishing, job: Job) -> str:
    from bot.supervisor import going_live
    from bot.supervisor.candidate import compare
    from bot.supervisor.going_live import Candidate

    tell, begun = _teller(job), []

    def trained(candidate: Candidate) -> None:
        begun.append(going_live.begin(candidate, at, by=arguments.by))

    found = compare(using, at, tell, trained=trained)
    verdict = judge(found)
    print("\n".join(comparison_lines(found, verdict)))
    going_live.refuse_unfit(verdict, reason=arguments.despite)
    reason = arguments.despite if verdict.colour is Colour.YELLOW else ""
    said = going_live.go_live(going_live.as_published(begun[0], found, reason=reason), at, tell)
    if reason:
        _note_doubts(begun[0].model, using)
    return said


def _note_doubts(model: str, using: Settings) -> None:
    """Note in the audit what the history tells in words: it went live although it was yellow."""
    entry = AuditEntry("published_with_doubts", None, details={"model": model})
    note_audit(entry, unit_of_work=unit_of_work(using), clock=SystemClock())


def _rollback(arguments: argparse.Namespace, using: Settings, at: Publishing, job: Job) -> str:
    from bot.supervisor.going_live import go_live

    earlier = to_return_to(at.versions.history(), arguments.version)
    _refuse_unreturnable(earlier, arguments.version, at)
    assert earlier is not None
    wanted = returning(earlier, by=arguments.by, reason=arguments.reason, files=content_hash(ROOT))
    return go_live(wanted, at, _teller(job))


def _refuse_unreturnable(earlier: Line | None, asked: int | None, at: Publishing) -> None:
    if earlier is None:
        which = "no earlier version" if asked is None else f"no version {asked} that is not live"
        raise NotPublished(f"There is {which}. `python -m bot studio versions` lists them.")
    if not at.versions.model(earlier).exists():
        raise NotPublished(f"The model of version {earlier.version} is not kept any more.")
    if earlier.program != program_hash(ROOT):
        raise NotPublished(
            f"Version {earlier.version} is of another state of the program and may not fit it."
        )


def _versions(arguments: argparse.Namespace, at: Publishing) -> int:
    history = at.versions.history()
    if arguments.json:
        from bot.integrations.versions import as_document as line_as_document

        print(json.dumps([line_as_document(line) for line in history], ensure_ascii=False))
        return 0
    lines = version_lines(history)
    print("\n".join(lines[-arguments.last :] if arguments.last else lines) or "Nothing was live.")
    return 0


def _teller(job: Job) -> Callable[[str, str], None]:
    def tell(step: str, said: str) -> None:
        job.step(step, said)
        print(f"{step}: {said}", file=sys.stderr, flush=True)

    return tell


_STEPS: dict[str, Step] = {
    "train": _train,
    "compare": _compare,
    "publish": _publish,
    "rollback": _rollback,
}
