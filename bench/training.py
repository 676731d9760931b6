"""Measure what a training costs, step by step: `python -m bench.training`.

Each step is a process of its own. Seconds by the clock depend on what else the machine does;
seconds of computing, of all processes together, much less. `--stock` adds the training of stock
Rasa, as `rasa init` sets it up, on the same data, which takes many minutes. The sentence encoder's
vectors are kept between trainings: a second run measures what a trainer meets.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import stock
from bench.data import lay_out_data
from bench.measure import seconds_to_finish
from bench.understanding.rows import our_examples, our_lexicon
from bot import settings
from bot.encoder_files import find_encoder
from bot.settings import ROOT
from bot.understanding.engine import Engine

WITHIN = 7200.0
PYTHON = (sys.executable, "-W", "ignore")
READING, IMPORTS, FIT, TRAINING, STOCK = (
    "reading the examples",
    "importing Rasa and our components",
    "reading and fitting, in turn",
    "the whole training",
    "stock Rasa's training",
)


@dataclass(frozen=True)
class Cost:
    step: str
    clock: float
    computing: float


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.training", description=__doc__)
    parser.add_argument("--stock", action="store_true", help="train stock Rasa as well")
    parser.add_argument("--only", choices=[READING, FIT], help="do this step here, unmeasured")
    asked = parser.parse_args(argv)
    if asked.only:
        _do(asked.only)
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        costs = [_measure(step, command, folder) for step, command in _steps(folder).items()]
        if asked.stock:
            costs.append(_measure_stock(folder))
    print(table(costs))
    return 0


def _do(step: str) -> None:
    examples = our_examples()
    if step == FIT:
        Engine.fit(examples, lexicon=our_lexicon(), encoder=find_encoder())


def _steps(folder: Path) -> dict[str, list[str]]:
    own = [*PYTHON, "-m", "bench.training", "--only"]
    return {
        READING: [*own, READING],
        IMPORTS: [*PYTHON, "-c", "import bot.nlu.training, bot.nlu.understanding"],
        FIT: [*own, FIT],
        TRAINING: [*PYTHON, "-m", "bot.channels.train", "--to", str(folder / "model.tar.gz")],
    }


def _measure(step: str, command: Sequence[str], folder: Path, project: Path = ROOT) -> Cost:
    print(f"{step} …", file=sys.stderr, flush=True)
    environment = settings.as_environment(settings.load())
    before = _computed()
    clock = seconds_to_finish(
        command, log=folder / "log", within=WITHIN, folder=project, environment=environment
    )
    return Cost(step, clock, _computed() - before)


def _measure_stock(folder: Path) -> Cost:
    project = folder / "stock"
    project.mkdir()
    lay_out_data(project, at_most=0)
    stock.lay_out(project, settings.load())
    return _measure(STOCK, stock.train_command(), folder, project)


def _computed() -> float:
    """Return the seconds of computing of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(costs: Sequence[Cost]) -> str:
    """Return the costs as Markdown; where stock Rasa was trained, each as a part of its own."""
    last = costs[-1] if costs[-1].step == STOCK else None
    head = "| step | seconds | of computing |" + (" to stock Rasa's |" if last else "")
    lines = [head, "| --- | --: | --: |" + (" --: |" if last else "")]
    for cost in costs:
        row = f"| {cost.step} | {cost.clock:.1f} | {cost.computing:.1f} |"
        lines.append(row + (f" 1/{last.clock / cost.clock:.0f} |" if last else ""))
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return "\n".join([*lines, "", f"Load of the machine when it was done: {load}."])


if __name__ == "__main__":
    sys.exit(main())
