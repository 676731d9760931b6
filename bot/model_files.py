"""Which model belongs to the current data: models are named by a hash of what they learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.encoder_files import FOLDER, encoder_digest
from bot.settings import ROOT, Settings

# The sentence encoder's folder, inside a project.
ENCODER = FOLDER.relative_to(ROOT)
# What decides a model: configuration, domain, training data, and the code that learns from them.
FILES = ("config.yml", "domain.yml", "requirements.txt")
PROGRAM_FOLDERS = ("bot/nlu", "bot/understanding")
FOLDERS = ("data", *PROGRAM_FOLDERS)
# Read by the desk itself: a policy, or a reply that agents have at hand, needs no training.
NOT_LEARNED = ("data/retention", "data/desk")
HASH_LETTERS = 16


def model_path(settings: Settings) -> Path:
    """Return where the model of the current data is, or would be."""
    return settings.model_folder / f"{content_hash(ROOT)}.tar.gz"


def model_name(path: Path) -> str:
    """Return what a model's file is called without its endings: the hash of what it learned."""
    return path.name.split(".")[0]


def content_hash(root: Path) -> str:
    """Return a short hash over names and contents of all that decides the model."""
    return _hash(root, FOLDERS)


def program_hash(root: Path) -> str:
    """Return the same without the training data: with it, a model may no longer fit the desk."""
    return _hash(root, PROGRAM_FOLDERS)


def _hash(root: Path, folders: Sequence[str]) -> str:
    digest = hashlib.sha256((encoder_digest(root / ENCODER) or "no encoder").encode())
    for path in _deciding_files(root, folders):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:HASH_LETTERS]


def _deciding_files(root: Path, folders: Sequence[str]) -> Iterator[Path]:
    yield from (root / name for name in FILES if (root / name).exists())
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not _is_left_out(path, root):
                yield path


def _is_left_out(path: Path, root: Path) -> bool:
    inside = path.relative_to(root).as_posix()
    return "__pycache__" in path.parts or inside.startswith(tuple(f"{n}/" for n in NOT_LEARNED))
