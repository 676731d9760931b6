"""What others ask of the running desk, one small file a wish, and what came of it."""

from __future__ import annotations

import fcntl
import json
import os
import uuid
from pathlib import Path
from typing import Any

from bot.integrations.locks import take_lock

_ANSWER = ".answer"


class Wishes:
    """Files in a folder of the desk's own: it needs no port, and whoever may write there may ask.

    A wish is taken once. Wishes of a desk that is gone are gone with it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def attend(self) -> bool:
        """Be the one who takes wishes, until this process ends; False if another does."""
        self._folder.mkdir(parents=True, exist_ok=True)
        held = os.open(self._folder, os.O_RDONLY)
        if not take_lock(held):
            os.close(held)
            return False
        for left in self._folder.iterdir():
            left.unlink()
        return True

    def is_attended(self) -> bool:
        """Whether a running desk takes wishes here."""
        if not self._folder.exists():
            return False
        held = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(held)
        return False

    def ask(self, wish: dict[str, Any]) -> str:
        """Write a wish down and return its name, for `answer_to`."""
        name = uuid.uuid4().hex
        self._write(self._folder / name, wish)
        return name

    def take(self) -> tuple[str, dict[str, Any]] | None:
        """Return a wish nobody has taken, and its name; None if there is none."""
        for path in self._folder.iterdir():
            if path.suffix == "":
                wish: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
                path.unlink()
                return path.name, wish
        return None

    def answer(self, name: str, answer: dict[str, Any]) -> None:
        self._write(self._folder / f"{name}{_ANSWER}", answer)

    def answer_to(self, name: str) -> dict[str, Any] | None:
        """Return what came of a wish, once; None as long as nothing did."""
        path = self._folder / f"{name}{_ANSWER}"
        if not path.exists():
            return None
        answer: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return answer

    def _write(self, path: Path, told: dict[str, Any]) -> None:
        aside = path.with_suffix(".part")
        aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        aside.replace(path)
