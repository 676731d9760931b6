"""One side on one public set, in a process of its own: fit, load, then answer every message.

`python -m bench.understanding.sides ours|stock IN.json OUT.json` reads `{"train", "test"}` and
writes guesses and times. Both sides run alone on one core with one thread of arithmetic.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psutil

Parse = Callable[[str], tuple[str, float]]
TODAY = date(2026, 3, 10)


def main(argv: Sequence[str]) -> int:
    side, given, result = argv
    rows = json.loads(Path(given).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        fit_seconds, load_seconds, parse = SIDES[side](rows["train"], Path(folder))
        parse("warm up")
        guesses, times = [], []
        for text, _intent in rows["test"]:
            started = time.perf_counter()
            said, confidence = parse(text)
            times.append(time.perf_counter() - started)
            guesses.append([said, confidence])
    document = {
        "fit_seconds": fit_seconds,
        "load_seconds": load_seconds,
        "memory_mb": psutil.Process().memory_info().rss / 1024**2,
        "guesses": guesses,
        "times": times,
    }
    Path(result).write_text(json.dumps(document), encoding="utf-8")
    return 0


def ours(train: list[list[str]], folder: Path) -> tuple[float, float, Parse]:
    """Our classifier and all that runs before it, on somebody else's examples."""
    from bot.understanding.engine import Engine
    from bot.understanding.examples import Example

    examples = [Example(text, intent) for text, intent in train]
    started = time.perf_counter()
    files = Engine.fit(examples).to_files()
    fitted = time.perf_counter()
    engine = Engine.from_files(files)
    loaded = time.perf_counter()

    def parse(text: str) -> tuple[str, float]:
        parsed = engine.parse(text, today=TODAY)
        return parsed.intent, parsed.confidence

    return fitted - started, loaded - fitted, parse


def stock(train: list[list[str]], folder: Path) -> tuple[float, float, Parse]:
    """The pipeline that `rasa init` writes."""
    import yaml
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    from bench.stock import lay_out_configuration

    configure_structlog(logging.ERROR)
    by_intent: dict[str, list[str]] = {}
    for text, intent in train:
        by_intent.setdefault(intent, []).append(" ".join(text.split()))
    blocks = [
        {"intent": intent, "examples": "".join(f"- {t}\n" for t in texts)}
        for intent, texts in by_intent.items()
    ]
    data = folder / "nlu.yml"
    data.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}), encoding="utf-8")
    started = time.perf_counter()
    model = train_nlu(
        config=str(lay_out_configuration(folder)), nlu_data=str(data), output=str(folder)
    )
    fitted = time.perf_counter()
    agent = Agent.load(str(model))
    loaded = time.perf_counter()
    loop = asyncio.new_event_loop()

    def parse(text: str) -> tuple[str, float]:
        intent: dict[str, Any] = loop.run_until_complete(agent.parse_message(text))["intent"]
        return intent["name"] or "", float(intent["confidence"])

    return fitted - started, loaded - fitted, parse


SIDES = {"ours": ours, "stock": stock}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
