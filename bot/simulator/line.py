"""A customer's line to a simulated desk: what a browser would send, and what it would show."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from typing import Any

from bot.conversations.message import Message, Sender
from bot.errors import HelpdeskError
from bot.simulator.desk import SimulatedDesk
from bot.simulator.transcript import Did, Exchange, Means, Seen
from bot.use_cases.close_conversation import close_conversation
from bot.use_cases.expire_silent import expire_silent
from bot.use_cases.open_conversation import open_conversation
from bot.use_cases.post_message import post_message
from bot.use_cases.run_turn import run_turn
from bot.use_cases.show_account import account_view

_HALF_AN_HOUR = timedelta(minutes=31)
# Read and answered by hand: nobody comes near the limit of messages a minute.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 4, 45


class Line:
    """One conversation of one customer; every method returns the exchange it made."""

    def __init__(self, desk: SimulatedDesk, account: str, chance: random.Random) -> None:
        self._desk, self._account, self._chance = desk, account, chance
        self._names = (f"m-{number}" for number in itertools.count(1))
        self._conversation = ""
        self._last_seq = 0
        self._books: tuple[tuple[int, date], dict[str, Any]] | None = None

    def open(self, *, signed_in: bool) -> Exchange:
        opened = open_conversation(
            account=self._account if signed_in else None,
            resume=False,
            switchboard=self._desk.switchboard,
        )
        self._conversation = opened.conversation
        return self._exchange(Did(frozenset({Means.OPEN})))

    def do(self, did: Did) -> Exchange:
        """Type or press, as often as it says."""
        self._desk.clock.forward(
            timedelta(seconds=self._chance.randint(_SHORTEST_PAUSE, _LONGEST_PAUSE))
        )
        refused, name = None, next(self._names)
        for time in range(did.times):
            # A second click is a message of its own; words are sent again under their first name.
            name = next(self._names) if time and did.button else name
            try:
                self._send(did, name)
            except HelpdeskError as error:
                refused = refused if time else error.code
        return self._exchange(did, refused=refused)

    def fall_silent(self, did: Did) -> Exchange:
        self._desk.clock.forward(_HALF_AN_HOUR)
        expire_silent(switchboard=self._desk.switchboard)
        run_turn(self._conversation, switchboard=self._desk.switchboard)
        return self._exchange(did)

    def close(self) -> Exchange:
        close_conversation(self._conversation, switchboard=self._desk.switchboard)
        return self._exchange(Did(frozenset({Means.CLOSE})))

    def _send(self, did: Did, name: str) -> None:
        board = self._desk.switchboard
        posted = post_message(
            self._conversation,
            client_message_id=name,
            text=None if did.button else did.text,
            button_id=did.button,
            switchboard=board,
        )
        if not posted.is_repeat:
            run_turn(self._conversation, posted.lane, switchboard=board)

    def _exchange(self, did: Did, *, refused: str | None = None) -> Exchange:
        updates = self._desk.switchboard.views.updates(self._conversation, after=self._last_seq)
        self._last_seq = updates.last_seq
        return Exchange(
            did=did,
            seen=tuple(_seen(m) for m in updates.messages if m.sender is not Sender.CUSTOMER),
            holder=updates.holder.value,
            account=self._books_of(updates.account),
            at=self._desk.clock.now(),
            refused=refused,
        )

    def _books_of(self, account: str | None) -> dict[str, Any]:
        """Return the books as billing has them; they are read anew when they can have changed."""
        if account is None:
            return {}
        now = self._desk.clock.now()
        version = (self._desk.billing.commands, now.date())
        if self._books is None or self._books[0] != version:
            history = self._desk.billing.real.history(account, now=now)
            self._books = (version, account_view(history))
        return self._books[1]


def _seen(message: Message) -> Seen:
    return Seen(
        sender=message.sender.value,
        text=message.text,
        buttons=tuple((button.id, button.title) for button in message.buttons),
        offer=message.offer,
        receipt=message.receipt,
    )
