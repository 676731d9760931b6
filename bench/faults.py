"""Kill gateway, assistant and actions in the middle of many chats, and see that nothing is lost.

`python -m bench.faults` starts the whole desk and has 200 chats at once, every fourth with an agent
who takes it, answers and hands it back. While they talk each part is killed once. A sender who gets
no answer sends the same again, as the widget does. Afterwards every transcript must read exactly as
the same script read without a fault, and what was under way when a part came back must be done
within 10 seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import psutil

from bench import ours
from bench.measure import machine, running, wait_for
from bench.people import Agent, Customer, agents
from bot import settings
from bot.settings import ROOT, Settings
from bot.supervisor.probe import ask

RESULTS = ROOT / "bench" / "results"
# The parts in the order of their deaths, each with a word of its command.
PARTS = {"gateway": "gateway", "assistant": "bot.channels.serve", "actions": "actions"}
AGENTS, CAPACITY = 4, 50
WITH_AGENT_EACH = 4
AT_ONCE = 16
READY_WITHIN = 300.0
RECOVERED_WITHIN = 10.0
PATIENCE = 90.0
# Nobody is told that it takes long: a word that only some hear would make transcripts differ.
QUIET_SECONDS = 300
QUESTIONS = ("what plans are there?", "are you a real person?", "what happens to my data?")
WITH_PEOPLE = (("is it on its way?", "Let me look that up for you."), ("thank you", "Gladly."))

Said = list[tuple[str, str]]
_END = object()
# In every sentence about how long it takes; that changes with who waited before.
_WAIT = "You can wait here, leave a message"


@dataclass
class Outcome:
    """What was wrong in the chats, a sentence each; `recovery` is by part, in seconds."""

    chats: int
    messages: int = 0
    wrong: list[str] = field(default_factory=list)
    recovery: dict[str, float] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        late = [part for part, seconds in self.recovery.items() if seconds > RECOVERED_WITHIN]
        return not self.wrong and not late and set(self.recovery) == set(PARTS)


@dataclass
class Chat:
    """One customer's script, with an agent or without one; each `next` of `steps` is one step."""

    port: int
    agent: Agent | None
    customer: Customer = field(init=False)

    def steps(self) -> Iterator[None]:
        self.customer = Customer(self.port, patience=PATIENCE)
        yield
        for text in QUESTIONS:
            self._asks(text)
            yield
        if self.agent is not None:
            yield from self._with(self.agent)
        self._asks("which plans are there?")

    def _with(self, agent: Agent) -> Iterator[None]:
        # First, or the customer hears that nobody is here.
        agent.beat()
        self.customer.until_answered(self.customer.post(button_id="person"))
        agent.claim(self.customer)
        yield
        for asks, answers in WITH_PEOPLE:
            self._asks(asks)
            agent.say(self.customer, answers)
            yield
        agent.hand_back(self.customer)
        yield

    def _asks(self, text: str) -> None:
        self.customer.until_answered(self.customer.say(text))

    def ended(self) -> Said:
        """Leave, and return who said what, in order; agents have one name, waits one length.

        Raises:
            ValueError: the numbers of the messages have a gap.
        """
        said = self.customer.updates()["messages"]
        self.customer.close()
        if [one["seq"] for one in said] != list(range(1, len(said) + 1)):
            raise ValueError(f"seqs {[one['seq'] for one in said]}")
        name = self.agent.name if self.agent else "nobody"
        told = [(one["from"], one["text"].replace(name, "the agent")) for one in said]
        return [(who, _WAIT if _WAIT in text else text) for who, text in told]


class Faults:
    """Kills one part after the other and notes how soon what was under way is done after."""

    def __init__(self, at: Settings) -> None:
        noted = json.loads((at.state_folder / "running.json").read_text())
        self._supervisor = psutil.Process(noted["supervisor"])
        self._health = dict(noted["health"])
        # Ready would wait for the other parts, too.
        self._health["gateway"] = self._health["gateway"].replace("ready", "live")
        self._done: list[tuple[float, float]] = []
        self.back_at: dict[str, float] = {}

    def kill(self, part: str) -> float:
        """Kill it as a crash would; return when it is back, or raise RuntimeError."""
        self._process(part).kill()
        time.sleep(0.2)
        give_up_at = time.monotonic() + PATIENCE
        while not ask(self._health[part]).ready:
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"{part} did not come back")
            time.sleep(0.05)
        self.back_at[part] = time.monotonic()
        return self.back_at[part]

    def _process(self, part: str) -> psutil.Process:
        """Return the part's process of this moment: it has another one after every fall."""
        word = PARTS[part]
        return next(one for one in self._supervisor.children() if word in one.cmdline())

    def did(self, began: float) -> None:
        """Note a step that is done now."""
        self._done.append((began, time.monotonic()))

    def recovery(self) -> dict[str, float]:
        """Return by part how long after its return the last step was done that had begun before."""
        found = {}
        for part, back_at in self.back_at.items():
            late = [done - back_at for began, done in self._done if began <= back_at <= done]
            found[part] = round(max(late, default=0.0), 2)
        return found


def run_chats(at: Settings, *, chats: int) -> Outcome:
    """Have so many chats at the desk that runs as `at`, kill each part once, and compare."""
    staff = agents(at, AGENTS, capacity=CAPACITY, patience=PATIENCE)
    try:
        return _run(at, chats, staff)
    finally:
        for agent in staff:
            agent.close()


def _run(at: Settings, chats: int, staff: Sequence[Agent]) -> Outcome:
    expected = {agent is not None: _alone(Chat(at.port, agent)) for agent in (None, staff[0])}
    talks = [
        Chat(at.port, staff[number % len(staff)] if number % WITH_AGENT_EACH == 0 else None)
        for number in range(chats)
    ]
    faults = Faults(at)
    outcome = Outcome(chats, wrong=_AtOnce(talks, faults).run())
    outcome.recovery = faults.recovery()
    for number, chat in enumerate(talks):
        try:
            said = chat.ended()
        except ValueError as error:
            outcome.wrong.append(f"chat {number}: {error}")
            continue
        outcome.messages += len(said)
        if said != expected[chat.agent is not None]:
            outcome.wrong.append(f"chat {number}: {said}")
    return outcome


def _alone(chat: Chat) -> Said:
    for _ in chat.steps():
        pass
    return chat.ended()


class _AtOnce:
    """Has every chat do a step in turn, so that all are in the middle when a part is killed."""

    def __init__(self, talks: Sequence[Chat], faults: Faults) -> None:
        self._talks, self._faults = talks, faults
        self._left, self._steps = len(talks), 0
        self._moved = threading.Condition()
        self._under_way: dict[int, float] = {}
        self._wrong: list[str] = []

    def run(self) -> list[str]:
        """Return what went wrong, a sentence each."""
        shortest = len(self._talks) * (len(QUESTIONS) + 2)
        with ThreadPoolExecutor(AT_ONCE) as self._pool:
            for chat in self._talks:
                self._pool.submit(self._step, chat.steps())
            for number, part in enumerate(PARTS, 1):
                self._until(partial(self._have_done, number * shortest // (len(PARTS) + 1)))
                # One fault at a time: what the next one brings is not this one's.
                self._until(partial(self._all_began_after, self._faults.kill(part)))
            self._until(lambda: False)
        return self._wrong

    def _have_done(self, enough: int) -> bool:
        return self._steps >= enough

    def _all_began_after(self, moment: float) -> bool:
        return all(at > moment for at in self._under_way.values())

    def _until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds, or all chats are over."""
        with self._moved:
            self._moved.wait_for(lambda: holds() or not self._left)

    def _step(self, steps: Iterator[None]) -> None:
        began, goes_on = time.monotonic(), False
        with self._moved:
            self._under_way[id(steps)] = began
        try:
            goes_on = next(steps, _END) is not _END
        except Exception as error:  # noqa: BLE001
            self._wrong.append(f"a step ended with {error!r}")
        self._faults.did(began)
        if goes_on:
            self._pool.submit(self._step, steps)
        with self._moved:
            if self._under_way.get(id(steps)) == began:
                del self._under_way[id(steps)]
            self._steps, self._left = self._steps + 1, self._left - (not goes_on)
            self._moved.notify_all()


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        unlimited = ours.unlimited(Path(temporary))
        at = replace(unlimited, assistant_patience_seconds=QUIET_SECONDS)
        environment, log = settings.as_environment(at), Path(temporary) / "desk.log"
        with running(ours.run_command(), log=log, folder=ROOT, environment=environment) as desk:
            wait_for(lambda: ours.is_ready(at), within=READY_WITHIN, alive=desk)
            outcome = run_chats(at, chats=asked.chats)
    print("\n".join(outcome.wrong))
    _write(outcome, asked.results)
    return 0 if outcome.is_well else 1


def _write(outcome: Outcome, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine(), **vars(outcome), "wrong": len(outcome.wrong)}
    (folder / "faults.json").write_text(f"{json.dumps(found, indent=2)}\n", encoding="utf-8")
    rows = [f"| {part} | {seconds:.1f} |" for part, seconds in outcome.recovery.items()]
    table = "\n".join(
        (
            f"{outcome.chats} chats at once, {outcome.messages:,} messages; lost, doubled, out of "
            f"order or other than without a fault: {len(outcome.wrong)}.\n",
            "| killed | seconds from its return until all that was under way was done |",
            "| --- | --: |",
            *rows,
        )
    )
    (folder / "faults.md").write_text(f"{table}\n", encoding="utf-8")
    print(table)


if __name__ == "__main__":
    sys.exit(main())
