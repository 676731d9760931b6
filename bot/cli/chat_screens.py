"""The two faces of the terminal chat: for people, and for programs."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import threading
from typing import Any, Protocol

from bot.errors import InvalidInput

CONTROLS = {":cancel": "cancel", ":person": "person"}
WIDEST = 88


class Malformed(InvalidInput):
    """A line that looks like a command and is none."""

    code = "malformed_line"

    def __init__(self) -> None:
        super().__init__('Write plain text, {"text": "…"} or {"button": "id"}, one a line.')


class Screen(Protocol):
    def message(self, message: dict[str, Any]) -> None:
        """Show what the desk says; called from another thread than the rest."""

    def error(self, code: str, message: str) -> None: ...

    def idle(self) -> None:
        """The desk waits for the customer."""

    def next_line(self) -> str | None:
        """Return the customer's next line, or None at the end of the input."""

    def command(self, line: str) -> dict[str, str]:
        """Return what to post for a line: {"text"} or {"button_id"}; raises Malformed."""


class JsonScreen:
    """One JSON object a line on standard output, flushed at once; see `bot/docs/api.md`."""

    KEYS = ("from", "text", "buttons", "offer", "seq")

    def __init__(self) -> None:
        self._writing = threading.Lock()
        # Not every terminal or pipe is UTF-8 by itself, and JSON is.
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]

    def message(self, message: dict[str, Any]) -> None:
        self._write({key: message[key] for key in (*self.KEYS, "receipt")})

    def error(self, code: str, message: str) -> None:
        self._write({"from": "system", "error": {"code": code, "message": message}})

    def idle(self) -> None:
        self._write({"idle": True})

    def next_line(self) -> str | None:
        raw = sys.stdin.buffer.readline()
        return raw.decode("utf-8", "replace").rstrip("\r\n") if raw else None

    def command(self, line: str) -> dict[str, str]:
        if not line.lstrip().startswith("{"):
            return {"text": line}
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            raise Malformed from None
        [(key, value)] = given.items() if len(given) == 1 else [("", None)]
        if key not in {"text", "button"} or not isinstance(value, str):
            raise Malformed
        return {"text" if key == "text" else "button_id": value}

    def _write(self, what: dict[str, Any]) -> None:
        with self._writing:
            sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
            sys.stdout.flush()


class TerminalScreen:
    """For people: wrapped text, and buttons by number."""

    def __init__(self, company: str, url: str) -> None:
        self._url = url.rstrip("/")
        self._buttons: list[dict[str, str]] = []
        self._width = min(WIDEST, shutil.get_terminal_size().columns)
        self._bold, self._dim, self._plain = (
            ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")
        )
        self._print(
            f"{self._dim}{company}. Type a message, or the number of a button. "
            f":cancel cancels at once, :person asks for a person, Ctrl-D ends.{self._plain}"
        )

    def message(self, message: dict[str, Any]) -> None:
        name = message["sender_name"] or message["from"].capitalize()
        self._print(f"\n{self._bold}{name}{self._plain}")
        for paragraph in message["text"].split("\n"):
            self._print(textwrap.fill(paragraph, self._width))
        if message["receipt"]:
            self._print(f"{self._dim}Receipt: {self._url}{message['receipt']['url']}{self._plain}")
        self._buttons = message["buttons"]
        for number, button in enumerate(self._buttons, 1):
            self._print(f"  {self._bold}{number}{self._plain} {button['title']}")

    def error(self, code: str, message: str) -> None:
        self._print(f"\n{message}")

    def idle(self) -> None:
        """The prompt says it."""

    def next_line(self) -> str | None:
        try:
            return input("\n> ")
        except EOFError:
            self._print("")
            return None

    def command(self, line: str) -> dict[str, str]:
        word = line.strip()
        if word.lower() in CONTROLS:
            return {"button_id": CONTROLS[word.lower()]}
        if word.isascii() and word.isdigit() and 1 <= int(word) <= len(self._buttons):
            return {"button_id": self._buttons[int(word) - 1]["id"]}
        return {"text": line}

    def _print(self, text: str) -> None:
        print(text, flush=True)
