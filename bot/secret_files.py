"""Secrets that are made once and kept in files only their owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.errors import SetupError

SECRET_BYTES = 32


def read_or_create(path: Path) -> str:
    """Return the secret in `path`; make it first where there is none.

    The secret is written aside and linked into place, so that of several processes starting
    together one wins and none reads a half-written file.

    Raises:
        SetupError: the file cannot be read or written.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _create(path)
        return path.read_text().strip()
    except OSError as error:
        raise SetupError(
            f"The secret file {path} cannot be used: {error.strerror}. Make its folder writable."
        ) from error


def _create(path: Path) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(SECRET_BYTES))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first; its secret is the one
    finally:
        aside.unlink()
