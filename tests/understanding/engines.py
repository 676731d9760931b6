"""The engine of the product's own model, for all tests of understanding."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import yaml

from bot import settings
from bot.integrations.model_files import load_engine
from bot.integrations.training_files import read_training_files
from bot.settings import ROOT
from bot.supervisor.training import ensure_model
from bot.understanding.engine import Engine
from bot.understanding.examples import Example
from bot.understanding.lexicon import Lexicon
from bot.understanding.parsed import Parsed

# A Wednesday; relative dates in tests are reckoned from here.
TODAY = date(2026, 3, 11)


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
    return load_engine(ensure_model(settings.load(), say=print))


def parse(text: str) -> Parsed:
    return engine().parse(text, today=TODAY)
