"""The engine fitted once for all tests of understanding, on the product's own training data."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.encoder_files import encoder_digest, find_encoder
from bot.integrations.training_files import read_training_files
from bot.settings import ROOT
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from bot.understanding.lexicon import Lexicon
from bot.understanding.parsed import Parsed

# A Wednesday; relative dates in tests are reckoned from here.
TODAY = date(2026, 3, 11)
# Fitting takes much longer than all these tests, so it is kept for as long as it holds.
KEPT = ROOT / "var" / "tests" / "engines"


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    return tuple(read_training_files(ROOT / "data" / "nlu"))


@lru_cache(maxsize=1)
def configuration() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon.read(component("bot.nlu.understanding.MessageUnderstanding")["lexicon"])


def component(name: str) -> dict[str, Any]:
    return next(part for part in configuration()["pipeline"] if part["name"] == name)


@lru_cache(maxsize=1)
def engine() -> Engine:
    kept = KEPT / _what_it_learns_from()
    if kept.is_dir():
        files = {path.name: path.read_bytes() for path in kept.iterdir()}
        return Engine.from_files(files, encoder=find_encoder())
    fitted = Engine.fit(examples(), lexicon=lexicon(), encoder=find_encoder())
    aside = kept.with_suffix(".part")
    aside.mkdir(parents=True, exist_ok=True)
    for name, content in fitted.to_files().items():
        (aside / name).write_bytes(content)
    aside.rename(kept)
    return fitted


def _what_it_learns_from() -> str:
    digest = hashlib.sha256((encoder_digest() or "no encoder").encode())
    for path in (ROOT / "config.yml", *_files("data/nlu", "*.yml"), *_files("bot/understanding")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _files(folder: str, pattern: str = "*.py") -> list[Path]:
    return sorted((ROOT / folder).rglob(pattern))


def parse(text: str) -> Parsed:
    return engine().parse(text, today=TODAY)
