"""One side on one public set, in a process of its own: fit, load, then answer every message.

`python -m bench.understanding.sides words|encoder|stock IN.json OUT.json` reads `{"train", "test"}`
and writes guesses and times. Each side runs alone on one core with one thread of arithmetic.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

Parse = Callable[[str], tuple[str, float]]


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


def words(train: list[list[str]], folder: Path) -> tuple[float, float, Parse]:
    """Our component without the sentence encoder."""
    return _through_rasa(train, folder, _our_configuration(folder, encoder=False))


def encoder(train: list[list[str]], folder: Path) -> tuple[float, float, Parse]:
    """Our component with the sentence encoder; nothing it encoded in an earlier run is kept."""
    from bot.encoder_files import KeepingEncoder, encoder_digest

    if encoder_digest() is None:
        raise SystemExit("There is no sentence encoder. Set-up says why: run `make setup`.")
    KeepingEncoder.encode = lambda self, texts: self._encoder.encode(texts)  # type: ignore[method-assign]
    return _through_rasa(train, folder, _our_configuration(folder, encoder=True))


def stock(train: list[list[str]], folder: Path) -> tuple[float, float, Parse]:
    """The pipeline that `rasa init` writes."""
    from bench.stock import lay_out_configuration

    return _through_rasa(train, folder, lay_out_configuration(folder))


def _our_configuration(folder: Path, *, encoder: bool) -> Path:
    pipeline = [{"name": "bot.nlu.understanding.MessageUnderstanding", "encoder": encoder}]
    path = folder / "config.yml"
    document = {"recipe": "default.v1", "assistant_id": "bench", "language": "en"}
    path.write_text(json.dumps({**document, "pipeline": pipeline, "policies": []}))
    return path


def _through_rasa(
    train: list[list[str]], folder: Path, configuration: Path
) -> tuple[float, float, Parse]:
    """Train and answer with Rasa, so that what is compared is the pipelines alone."""
    import yaml
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

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
    model = train_nlu(config=str(configuration), nlu_data=str(data), output=str(folder))
    fitted = time.perf_counter()
    agent = Agent.load(str(model))
    loaded = time.perf_counter()
    loop = asyncio.new_event_loop()

    def parse(text: str) -> tuple[str, float]:
        said: dict[str, Any] = loop.run_until_complete(agent.parse_message(text))
        # "Not understood" is a threshold's word; what is compared is the best guess behind it.
        guesses = [one for one in said["intent_ranking"] if one["name"] != "nlu_fallback"]
        first = guesses[0] if guesses else said["intent"]
        return first["name"] or "", float(first["confidence"])

    return fitted - started, loaded - fitted, parse


SIDES = {"words": words, "encoder": encoder, "stock": stock}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
