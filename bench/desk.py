"""How long it takes from sending a message to the other side seeing it, with many looking on.

`python -m bench.desk` starts the whole desk, has 180 customers taken by 20 agents, opens a live
feed for each of them, and lets customers and agents write 20 messages a second in turn. A message
counts from the planned instant of its sending, whatever the desk was busy with, until the frame
that shows it came to the other side's socket. Writes bench/results/desk.json and desk.md.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

import psutil

from bench import ours
from bench.databases import SERVER, own_postgresql
from bench.desk_report import Run, write
from bench.feeds import Sightings, following
from bench.measure import Latencies, machine, running, wait_for
from bench.people import Agent, Customer, Refused, agents
from bot import settings
from bot.settings import ROOT, Settings

RESULTS = ROOT / "bench" / "results"
READY_WITHIN = 300.0
# So many seconds are not counted: 200 sockets opening at once are another question.
WARM_UP_SECONDS = 5
UNSEEN_AFTER = 10.0
BEAT_SECONDS = 15.0
POSTING_AT_ONCE = 32
COMING_AT_ONCE = 8
CUSTOMERS_WORDS = ("Is it on its way?", "I see, thank you", "And what about the second box?")
AGENTS_WORDS = ("Let me look that up for you.", "I have it here now.", "It is on its way to you.")

# Sends one message and returns its conversation and seq.
Send = Callable[[], tuple[str, int]]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="how long to write")
    parser.add_argument("--rate", type=int, default=20, help="messages a second")
    parser.add_argument("--agents", type=int, default=20, help="of the sockets")
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--results", type=Path, default=RESULTS)
    asked = parser.parse_args(argv)
    own = own_postgresql(SERVER) if asked.database == "postgresql" else nullcontext("")
    with own as address, tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        run = _measure(ours.unlimited(Path(temporary), database_url=address), asked)
    print(write(asked.results, asked.database, run, machine=machine()))
    return 0 if run.goal_met else 1


def _measure(at: Settings, asked: argparse.Namespace) -> Run:
    log = at.state_folder.parent / "desk.log"
    environment = settings.as_environment(at)
    with running(ours.run_command(), log=log, folder=ROOT, environment=environment) as process:
        wait_for(lambda: ours.is_ready(at), within=READY_WITHIN, alive=process)
        _say("Customers come, and agents take them")
        staff, customers = _with_people(at, asked.agents, asked.sockets - asked.agents)
        _say(f"{asked.sockets} sockets, {asked.rate} messages a second")
        with ThreadPoolExecutor(POSTING_AT_ONCE) as pool, _watched(at) as load:
            talk = _Talk(at.port, staff, customers, pool)
            measured, unseen = asyncio.run(talk.go(asked.rate, asked.seconds))
    return Run.of(measured, unseen=unseen, asked=vars(asked), load=load.seen)


def _with_people(at: Settings, agent_count: int, count: int) -> tuple[list[Agent], list[Customer]]:
    each = -(-count // agent_count)
    staff = agents(at, agent_count, capacity=each)
    for agent in staff:
        agent.beat()

    def come(number: int) -> Customer:
        customer = Customer(at.port)
        customer.until_answered(customer.post(button_id="person"))
        staff[number % agent_count].claim(customer)
        return customer

    with ThreadPoolExecutor(COMING_AT_ONCE) as pool:
        return staff, list(pool.map(come, range(count)))


@dataclass
class _Talk:
    """Customers and agents who write in turn, at planned instants, whatever the answers do."""

    port: int
    staff: list[Agent]
    customers: list[Customer]
    pool: ThreadPoolExecutor

    async def go(self, rate: int, seconds: int) -> tuple[Latencies, int]:
        """Return how long messages took to be seen, and how many never were."""
        sightings = Sightings()
        sends = self._sends()
        async with following(self.port, [*self.staff, *self.customers], sightings):
            beating = asyncio.create_task(self._beat())
            began = time.monotonic()
            planned = [
                began + number / rate for number in range(rate * (seconds + WARM_UP_SECONDS))
            ]
            sent = await asyncio.gather(*(self._send_at(at, next(sends)) for at in planned))
            elapsed = time.monotonic() - began
            planned, sent = planned[rate * WARM_UP_SECONDS :], sent[rate * WARM_UP_SECONDS :]
            give_up_at = time.monotonic() + UNSEEN_AFTER
            while (
                not sightings.at.keys() >= set(filter(None, sent)) and time.monotonic() < give_up_at
            ):
                await asyncio.sleep(0.05)
            beating.cancel()
        seen = [(at, key and sightings.at.get(key)) for at, key in zip(planned, sent, strict=True)]
        took = tuple(there - at for at, there in seen if there is not None)
        return Latencies(took, elapsed, 0), len(seen) - len(took)

    def _sends(self) -> Iterator[Send]:
        """Yield what to do next, for ever: a customer writes, then an agent answers."""
        words = zip(cycle(CUSTOMERS_WORDS), cycle(AGENTS_WORDS))
        pairs = [(agent, customer) for agent in self.staff for customer in agent.follow]
        for (agent, customer), (asks, answers) in zip(cycle(_spread(pairs)), words):
            yield partial(_asks, customer, asks)
            yield partial(_answers, agent, customer, answers)

    async def _send_at(self, at: float, send: Send) -> tuple[str, int] | None:
        """Return what was sent; None for what the gateway refused, which nobody ever sees."""
        await asyncio.sleep(max(at - time.monotonic(), 0))
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, send)
        except Refused as error:
            print(error, file=sys.stderr)
            return None

    async def _beat(self) -> None:
        """Every agent's page gives its signs of life."""
        loop = asyncio.get_running_loop()
        for agent in cycle(self.staff):
            await asyncio.sleep(BEAT_SECONDS / len(self.staff))
            await loop.run_in_executor(self.pool, agent.beat)


def _asks(customer: Customer, text: str) -> tuple[str, int]:
    return customer.conversation, customer.say(text)


def _answers(agent: Agent, customer: Customer, text: str) -> tuple[str, int]:
    return customer.conversation, agent.say(customer, text)


def _spread(pairs: list[tuple[Agent, Customer]]) -> list[tuple[Agent, Customer]]:
    """Return the pairs so that one agent's follow each other as late as they can."""
    count = len({id(agent) for agent, _ in pairs})
    each = -(-len(pairs) // count)
    return [pair for start in range(each) for pair in pairs[start::each]]


class _Load:
    """What the machine was busy with beside us: the figures mean little without it."""

    def __init__(self, pids: list[int]) -> None:
        self._parts = [psutil.Process(pid) for pid in pids]
        self._began, self._all, self._ours = time.monotonic(), _busy(), self._used()
        self._average = os.getloadavg()[0]
        self.seen: dict[str, float] = {}

    def end(self) -> None:
        seconds = time.monotonic() - self._began
        mine, client = self._used(), time.process_time()
        all_, ours_ = (_busy() - self._all) / seconds, (mine - self._ours) / seconds
        self.seen = {
            "load_average_before": round(self._average, 1),
            "load_average_after": round(os.getloadavg()[0], 1),
            "cores_busy": round(all_, 2),
            "cores_busy_with_the_desk": round(ours_, 2),
            "client_cpu_seconds": round(client, 1),
        }

    def _used(self) -> float:
        return sum(sum(part.cpu_times()[:2]) for part in self._parts)


@contextmanager
def _watched(at: Settings) -> Iterator[_Load]:
    load = _Load(ours.part_pids(at))
    yield load
    load.end()


def _busy() -> float:
    """Return the seconds all cores together were busy since the start of the machine."""
    times = psutil.cpu_times()
    return float(sum(times[:8]) - times.idle - times.iowait)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
