"""The data both sides learn from: all of the project's, or a share of every intent's."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from bot.settings import ROOT

PARTS = ("nlu", "rules", "stories")


def lay_out_data(folder: Path, *, at_most: int) -> int:
    """Copy domain and data into `folder` and return the number of examples.

    `at_most` examples an intent are kept, evenly spread over its list; 0 keeps all.
    """
    shutil.copy(ROOT / "domain.yml", folder)
    for part in PARTS:
        shutil.copytree(ROOT / "data" / part, folder / "data" / part)
    return sum(_thin(path, at_most) for path in sorted((folder / "data" / "nlu").glob("*.yml")))


def _thin(path: Path, at_most: int) -> int:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    count = 0
    for block in document["nlu"]:
        lines = str(block["examples"]).splitlines()
        if at_most:
            step = max(1.0, len(lines) / at_most)
            lines = [lines[int(number * step)] for number in range(min(at_most, len(lines)))]
        block["examples"] = "\n".join(lines) + "\n"
        count += len(lines)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return count
