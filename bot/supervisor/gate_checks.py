"""What is held against a candidate beside its readings, each in a process of its own."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.publishing.comparison import Check
from bot.settings import ROOT, Settings, as_environment
from bot.supervisor.child import Child, Part

Tell = Callable[[str, str], None]

DATA, EXIT, DIALOGUES = "The training data", "The exit rules", "The written dialogues"
# So many moves from every beginning, and one more, are walked within the gate; `exit prove` walks
# all, and what it proved is not walked again.
DEEPEST = 1
TICK_SECONDS = 0.2
GIVEN_UP_AFTER_SECONDS = 900.0
# What tests/dialogues reads: the model, and a file with the names of the dialogues to run.
MODEL_OF_DIALOGUES, CHOSEN_DIALOGUES = "DIALOGUES_MODEL", "DIALOGUES_CHOSEN"
WRITTEN = ROOT / "tests" / "dialogues" / "test_dialogues.py"
_SUMMARY = "short test summary info"
# What a line of `data check --live` begins with that tells of a doubtful label: one of the change,
# one of what is live.
DOUBTED, NOTED = "doubted", "noted"
_TOLD = re.compile(rf"^({DOUBTED}|{NOTED}): (.*)$", re.MULTILINE)
_FAILED = re.compile(r"^FAILED \S+::test_dialogue\[(.*?)\](?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """A check that runs: `remedy` is what a trainer reads when it does not pass."""

    name: str
    command: tuple[str, ...]
    remedy: str


def first_checks(live: Path) -> list[Asked]:
    """Return what can be checked before anything is known of the candidate but the `live` model."""
    bot = (sys.executable, "-m", "bot")
    data = (*bot, "data", "check", "--live", str(live))
    return [
        Asked(DATA, data, "`python -m bot data check` names what to mend."),
        Asked(
            EXIT,
            (*bot, "exit", "prove", "--deepest", str(DEEPEST), "--unless-proved"),
            "`python -m bot exit prove` shows which rule is broken, and how one gets there.",
        ),
    ]


def dialogues() -> list[Asked]:
    """Return the check of written dialogues, where it can run."""
    if not _can_run_dialogues():
        return []
    run = (sys.executable, "-m", "pytest", "-q", "--maxfail=5", "--tb=no", str(WRITTEN))
    remedy = "it goes another way than it is written. Mend the data, or the dialogue:"
    return [Asked(DIALOGUES, run, remedy)]


def left_out() -> list[Check]:
    """Return what cannot be run here, which is no reason to believe it would pass."""
    if _can_run_dialogues():
        return []
    said = "not run: they, or what runs them (`make setup-dev`), are not installed here."
    return [Check(DIALOGUES, None, said)]


def _can_run_dialogues() -> bool:
    return WRITTEN.exists() and find_spec("pytest") is not None


@contextmanager
def running(
    checks: Sequence[Asked], settings: Settings, more: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Start the checks, with `more` in their environment; they end with the block."""
    environment = {**as_environment(settings), **(more or {})}
    children = [(check, _start(check, settings, environment)) for check in checks]
    try:
        yield Running(children)
    finally:
        for _check, child in children:
            child.kill()


class Running:
    def __init__(self, children: list[tuple[Asked, Child]]) -> None:
        self._children = children

    def results(self, tell: Tell) -> Iterator[Check]:
        """Yield what every check came to, as they end."""
        left, until = list(self._children), time.monotonic() + GIVEN_UP_AFTER_SECONDS
        while left:
            for check, child in [one for one in left if one[1].exit_code() is not None]:
                left.remove((check, child))
                result = _result(check, child)
                tell(check.name, result.said)
                yield result
            if time.monotonic() > until:
                for check, _child in left:
                    yield Check(check.name, None, "it took too long and was given up.")
                return
            time.sleep(TICK_SECONDS)


def _start(check: Asked, settings: Settings, environment: Mapping[str, str]) -> Child:
    name = f"check {check.name.split()[-1]}"
    # What an earlier run said must not be taken for this one's words.
    (settings.log_folder / f"{name}.log").unlink(missing_ok=True)
    return Child(
        Part(name, check.command, health=""),
        environment=environment,
        log_folder=settings.log_folder,
        folder=ROOT,
        say=lambda _: None,
    )


def _result(check: Asked, child: Child) -> Check:
    if child.exit_code() == 0:
        told = _TOLD.findall(child.log.read_text(errors="replace"))
        doubted, noted = (
            tuple(said for sign, said in told if sign == of) for of in (DOUBTED, NOTED)
        )
        return Check(check.name, True, "as they should be.", doubted, noted)
    said = "\n".join(_dialogues(child.log) or [child.last_words().strip()])
    return Check(check.name, False, f"{check.remedy}\n{said}")


def _dialogues(log: Path) -> list[str]:
    """Return the names of the dialogues that went another way, as their files have them."""
    return _FAILED.findall(log.read_text(errors="replace").rpartition(_SUMMARY)[2])
