"""Measure how long a trainer waits from saving an example until it is live, beside `rasa train`.

`python -m bench.publishing` copies the project, starts the desk there, and publishes twice, each
time with one example more: the first time everything is new to the gate, the second time the live
version's readings and the proof are known, as on any later day. Then stock Rasa, as `rasa init`
sets it up, learns the same data; it has no gate and does not go live by that. Where it is not done
within `--stock-within` seconds it is ended, and told are a bound and an estimate: what its first
network's epochs take by those that were done. What it learns after that network is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench import ours, stock
from bench.data import lay_out_data
from bench.measure import machine, running, seconds_to_finish, wait_for
from bot import settings
from bot.bootstrap_publishing import publishing
from bot.publishing.history import live
from bot.setting_rules import with_ports
from bot.settings import ROOT, Settings
from bot.supervisor.ports import pick_free

RESULTS = ROOT / "bench" / "results"
SENTENCES = ("the lids never close and I am done here, end it", "my shelf is full of you, stop it")
WITHIN = 3600.0
# What Rasa tells of its epochs: "Epochs:   2%|▏| 2/100 [00:51<42:09, 25.8s/it, t_loss=3.1]".
_EPOCHS = re.compile(r"Epochs: .*?\| (?P<done>\d+)/(?P<epochs>\d+) \[(?P<clock>[\d:]+)<")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.publishing", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--without-stock", action="store_true", help="leave stock Rasa out")
    parser.add_argument("--stock-within", type=float, default=WITHIN, metavar="SECONDS")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary)
        rounds = _publish(folder)
        other = None if asked.without_stock else _train_stock(folder, asked.stock_within)
        estimate = _estimate((folder / "stock.log").read_text(errors="replace")) if other else None
    document = {
        "machine": machine(),
        "rounds": rounds,
        "stock_train_seconds": other and other.seconds,
        "stock_train_ended": other and other.is_done,
        "stock_train_estimated_seconds": estimate,
    }
    asked.results.mkdir(parents=True, exist_ok=True)
    written = json.dumps(document, indent=2)
    (asked.results / "publishing.json").write_text(f"{written}\n", encoding="utf-8")
    table = _table(rounds, other, estimate)
    (asked.results / "publishing.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


def _publish(folder: Path) -> list[dict[str, float]]:
    project = ours.copy_project(folder)
    at = _settings(folder)
    environment = settings.as_environment(at)
    log = folder / "desk.log"
    _say("Training what is live at first, and starting the desk")
    with running(ours.run_command(), log=log, folder=project, environment=environment) as desk:
        wait_for(lambda: ours.is_ready(at), within=WITHIN, alive=desk)
        return [_round(sentence, at, project, environment) for sentence in SENTENCES]


def _round(
    sentence: str, at: Settings, project: Path, environment: dict[str, str]
) -> dict[str, float]:
    """Return the seconds that checking and saving took, and those from then until each step."""
    _say(f"Saving and publishing: {sentence}")
    studio = [sys.executable, "-m", "bot", "studio"]
    save = [*studio, "annotate", "--text", sentence, "--intent", "request_cancellation"]
    asked_at = time.monotonic()
    subprocess.run(save, cwd=project, env=environment, check=True, capture_output=True)
    began = time.monotonic()
    seconds = {"checked": began - asked_at}
    publish = [*studio, "publish", "--despite", "measured, not meant"]
    with subprocess.Popen(
        publish, cwd=project, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            _say(f"  {time.monotonic() - began:5.0f} s  {line.rstrip()}")
            if line.startswith("Training: The candidate is"):
                seconds["trained"] = time.monotonic() - began
            elif line.startswith("Going live"):
                seconds["compared"] = time.monotonic() - began
    if process.returncode:
        raise RuntimeError("nothing was published; the lines above say why")
    seconds["live"] = time.monotonic() - began
    now = live(publishing(at).versions.history())
    assert now is not None
    return {"version": now.version, **{name: round(each, 1) for name, each in seconds.items()}}


@dataclass(frozen=True)
class _Trained:
    """How long it trained; not `is_done`: it was ended then."""

    seconds: float
    is_done: bool


def _train_stock(folder: Path, within: float) -> _Trained:
    project = folder / "stock"
    project.mkdir()
    lay_out_data(project, at_most=0)
    at = _settings(folder)
    stock.lay_out(project, at)
    _say("Training stock Rasa (this takes many minutes)")
    try:
        seconds = seconds_to_finish(
            stock.train_command(),
            log=folder / "stock.log",
            within=within,
            folder=project,
            environment=settings.as_environment(at),
        )
    except subprocess.TimeoutExpired:
        return _Trained(within, is_done=False)
    return _Trained(round(seconds, 1), is_done=True)


def _estimate(log: str) -> int | None:
    """Return the seconds that all epochs of the first network take, by those told as done."""
    last = None
    for told in _EPOCHS.finditer(log):
        if last and int(told["done"]) < int(last["done"]):
            break  # the next network's
        last = told
    if last is None or not int(last["done"]):
        return None
    seconds = 0
    for part in last["clock"].split(":"):
        seconds = 60 * seconds + int(part)
    return round(seconds / int(last["done"]) * int(last["epochs"]))


def _settings(folder: Path) -> Settings:
    port, assistant, actions = pick_free(3)
    bare = replace(
        settings.from_environment({}),
        state_folder=folder / "var",
        model_folder=folder / "models",
        database_url=f"sqlite:///{folder / 'var' / 'desk.db'}",
    )
    placed = with_ports(bare, port=port, assistant_port=assistant, actions_port=actions)
    return settings.with_secrets(placed)


def _table(rounds: Sequence[dict[str, float]], other: _Trained | None, estimate: int | None) -> str:
    head = "| seconds | checked and saved | trained | compared | live |"
    lines = [head + (" live, to `rasa train` of stock |" if other else "")]
    lines.append("| --- | --: | --: | --: | --: |" + (" --: |" if other else ""))
    for number, one in enumerate(rounds, start=1):
        name = "the first time" if number == 1 else "later"
        steps = " | ".join(f"{one[step]:.0f}" for step in ("trained", "compared", "live"))
        row = f"| {name} | {one['checked']:.1f} | {steps} |"
        lines.append(row + (f" {_ratio(one['live'], other, estimate)} |" if other else ""))
    if other:
        took = f"{other.seconds:.0f}" if other.is_done else f"not done in {other.seconds:.0f}"
        if estimate and not other.is_done:
            took += f", about {estimate} by its epochs"
        lines.append(f"| stock Rasa, training alone | – | {took} | – | – | 1 |")
    return "\n".join(lines) + "\n"


def _ratio(seconds: float, other: _Trained, estimate: int | None) -> str:
    if other.is_done:
        return f"{seconds / other.seconds:.2f}"
    if estimate:
        return f"about {seconds / estimate:.2f}"
    return f"below {seconds / other.seconds:.2f}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
