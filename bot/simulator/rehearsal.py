"""A desk to rehearse on: plays what a trainer does against the real assistant, and forgets it.

One request a line on standard input, one answer a line on standard output. Every request is a whole
conversation, played from its first word on a desk that holds nothing but one demo account; so a
step can be changed or taken back, and nobody's account is ever touched.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot import settings
from bot.conversations.understood import Understood
from bot.errors import HelpdeskError, InvalidInput
from bot.integrations.clock import SystemClock
from bot.simulator.desk import DeskMaker, SimulatedDesk
from bot.simulator.line import Line
from bot.simulator.transcript import Did, Exchange
from bot.simulator.worker import IN_MEMORY, be_quiet, write_line
from bot.storage.demo_company import demo_accounts
from bot.understanding.engine import Engine
from bot.use_cases.ports import Asked, Assistant, AssistantAnswer
from bot.use_cases.staffing import People
from bot.use_cases.understand import understand

log = structlog.get_logger()

# The same conversation gives the same names on every replay.
_SEED = 0


class Prompted:
    """Fits the port `Assistant`: the real one, told what words mean where a trainer corrects it."""

    def __init__(self, assistant: Assistant, engine: Callable[[], Engine]) -> None:
        self._assistant, self._engine = assistant, engine
        self.corrected: str | None = None
        self.understood: Understood | None = None

    def answer(self, asked: Asked) -> AssistantAnswer:
        if self.corrected is not None and asked.intent is None:
            heard = understand(
                asked.text, engine=self._engine(), today=SystemClock().now().date()
            ).entities
            entities = tuple((entity.entity, str(entity.value)) for entity in heard)
            asked = replace(asked, intent=self.corrected, entities=entities)
        answer = self._assistant.answer(asked)
        self.understood = answer.understood
        return answer


class Rehearsal:
    """Plays conversations one after the other, with one model loaded for all of them."""

    def __init__(self, *, model: Path, folder: Path) -> None:
        # As in a dialogue test that says nothing of the desk: whatever the hour is, and nobody is
        # asked how long it takes.
        self._maker = DeskMaker(settings.load(), model=model, folder=folder, people=People())

    def play(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what was answered to each step, the opening first.

        `asked` is {"account": a demo account's number or None, "steps": [{"customer": words,
        "intent": the corrected one or None} | {"press": title} | {"event": "silence" | "close" |
        "types the code"}]}. Steps after one that cannot be done are not played.

        Raises:
            InvalidInput: there is no such demo account.
        """
        now = SystemClock().now()
        books = self._books(asked["account"], now)
        with self._maker.desk_for(books, now=now, chance=random.Random(_SEED)) as desk:
            prompted = Prompted(desk.switchboard.assistant, self._maker.understanding.engine)
            desk.switchboard = replace(desk.switchboard, assistant=prompted)
            played = _Played(desk, prompted, books.account.number)
            exchanges = list(played.exchanges(asked["steps"], signed_in=bool(asked["account"])))
            attempts = desk.switchboard.views.attempts(books.account.number, since_reset=False)
        return {"exchanges": exchanges, "attempts": list(attempts)}

    def close(self) -> None:
        self._maker.close()

    def _books(self, account: str | None, now: datetime) -> Any:
        known = {books.account.number: books for books in demo_accounts(now.date())}
        if account is None:
            return next(iter(known.values()))
        if account not in known:
            raise InvalidInput(f"There is no demo account {account}. There are {', '.join(known)}.")
        return known[account]


class _Played:
    def __init__(self, desk: SimulatedDesk, prompted: Prompted, account: str) -> None:
        self._desk, self._prompted, self._account = desk, prompted, account
        self._line = Line(desk, account, random.Random(_SEED))
        self._shown: dict[str, str] = {}

    def exchanges(
        self, steps: list[dict[str, Any]], *, signed_in: bool
    ) -> Iterator[dict[str, Any]]:
        self._desk.new_moves()
        yield self._told({}, self._line.open(signed_in=signed_in))
        for step in steps:
            done = self._take(step)
            yield done
            if done["refused"]:
                return

    def _take(self, step: dict[str, Any]) -> dict[str, Any]:
        self._prompted.corrected = step.get("intent")
        self._prompted.understood = None
        nothing = Did(frozenset())
        if "event" in step:
            return self._told(step, self._event(step["event"]))
        if "customer" in step:
            return self._told(step, self._line.do(replace(nothing, text=step["customer"])))
        button = self._shown.get(step["press"])
        if button is None:
            return {"did": step, "refused": "button_unknown", "messages": [], "says": []}
        return self._told(step, self._line.do(replace(nothing, button=button)))

    def _event(self, event: str) -> Exchange:
        nothing = Did(frozenset())
        if event == "silence":
            return self._line.fall_silent(nothing)
        if event == "types the code":
            return self._line.do(replace(nothing, text=self._desk.newest_mail()["code"]))
        return self._line.close()

    def _told(self, step: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
        for seen in exchange.seen:
            self._shown |= {title: button for button, title in seen.buttons}
        attempts = self._desk.switchboard.views.attempts(self._account, since_reset=False)
        return {
            "did": step,
            "understood": _heard(self._prompted.understood),
            "says": [say["response"] for reply in self._desk.new_moves() for say in reply["says"]],
            "messages": [
                {
                    "from": seen.sender,
                    "text": seen.text,
                    "buttons": list(seen.titles),
                    "offer": seen.offer,
                }
                for seen in exchange.seen
            ],
            "holder": exchange.holder,
            "refused": exchange.refused,
            "outcome": attempts[-1]["outcome"] if attempts else None,
        }


def _heard(understood: Understood | None) -> dict[str, Any] | None:
    if understood is None:
        return None
    return {
        "intent": understood.intent,
        "confidence": understood.confidence,
        "reasons": list(understood.reasons),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator.rehearsal", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    model: Path = parser.parse_args().model
    be_quiet()
    folder = IN_MEMORY if IN_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder, prefix="rehearsal-") as made:
        rehearsal = Rehearsal(model=model, folder=Path(made))
        write_line({"ready": True})
        for line in sys.stdin:
            write_line(_answer(rehearsal, line))
        rehearsal.close()
    return 0


def _answer(rehearsal: Rehearsal, line: str) -> dict[str, Any]:
    try:
        return rehearsal.play(json.loads(line))
    except HelpdeskError as error:
        return {"refused": str(error)}
    except Exception:
        # Whoever asks gets a sentence; the fault is told where faults of this process are.
        log.exception("rehearsal_failed")
        return {"failed": True}


if __name__ == "__main__":
    sys.exit(main())
