"""Fits the understanding engine while Rasa is still being imported: that takes as long as reading.

The engine needs the examples and two lines of the configuration, nothing of Rasa's. What was fitted
ahead is taken where Rasa asks for it only if it was fitted on just what Rasa hands over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import beside

if TYPE_CHECKING:
    from bot.understanding.engine import Begin
    from bot.understanding.examples import Example

logger = logging.getLogger(__name__)

COMPONENT = "bot.nlu.understanding.MessageUnderstanding"
DEFAULTS: Mapping[str, Any] = {"lexicon": {}, "encoder": True}


@dataclass(frozen=True)
class Fitted:
    """An engine as files, with what it was fitted on."""

    examples: list[Example]
    configuration: Mapping[str, Any]
    files: Mapping[str, bytes]


_begun: list[Callable[[], Fitted | None]] = []


def begin(configuration: Path, folder: Path) -> None:
    """Begin to fit on the example files in a folder, in a process beside this one."""
    _begun.append(beside.begin(lambda: _fit_on(configuration, folder)))


def fitted(examples: Sequence[Example], configuration: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Return the engine that these examples and this configuration of the component make."""
    ahead = _begun.pop()() if _begun else None
    if ahead and ahead.configuration == configuration and ahead.examples == _in_order(examples):
        return ahead.files
    if ahead:
        logger.warning("What was fitted ahead was fitted on other examples; fitting again.")
    # In turn: a process that has imported TensorFlow is none to fork.
    return _fit(examples, configuration, lambda work: work)


def _fit_on(configuration: Path, folder: Path) -> Fitted | None:
    """Return nothing where the files hold more than the quick reader reads."""
    import yaml

    from bot.nlu.example_files import read_plain

    parts = yaml.safe_load(configuration.read_text(encoding="utf-8")).get("pipeline") or []
    ours = [part for part in parts if part.get("name") == COMPONENT]
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yml", ".yaml")]
    read = [read_plain(path.read_text(encoding="utf-8")) for path in paths]
    examples = _in_order([example for of_file in read if of_file for example in of_file])
    if len(ours) != 1 or None in read or not examples:
        return None
    asked = {**DEFAULTS, **{key: value for key, value in ours[0].items() if key != "name"}}
    return Fitted(examples, asked, _fit(examples, asked, beside.begin))


def _in_order(examples: Sequence[Example]) -> list[Example]:
    each = dict.fromkeys(examples)
    return sorted(each, key=lambda example: (example.intent, example.text, repr(example.spans)))


def _fit(
    examples: Sequence[Example], configuration: Mapping[str, Any], begin: Begin
) -> Mapping[str, bytes]:
    # Imported here, and so beside this process, which imports Rasa meanwhile.
    from bot.encoder_files import find_encoder
    from bot.understanding.engine import Engine
    from bot.understanding.lexicon import Lexicon

    encoder = find_encoder() if configuration["encoder"] else None
    lexicon = Lexicon.read(configuration["lexicon"])
    return Engine.fit(examples, lexicon=lexicon, encoder=encoder, begin=begin).to_files()
