"""The project's own files, as the architecture tests look at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.settings import ROOT

MADE = {".git", ".venv", ".tools", "node_modules", "dist", "var", "models", "__pycache__", ".rasa"}
CACHES = {".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "htmlcov"}


def files(folder: str, *suffixes: str) -> list[Path]:
    """Return our files under `folder`, without what tools and builds make."""
    return sorted(path for path in _walk(ROOT / folder) if path.suffix in suffixes)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in MADE | CACHES:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
