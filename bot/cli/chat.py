"""Talk to the running desk in this terminal, or as a program with --json."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from bot import settings
from bot.cli.chat_client import GatewayClient, Refusal
from bot.cli.chat_screens import JsonScreen, Malformed, Screen, TerminalScreen
from bot.cli.token import development_identity
from bot.errors import HelpdeskError, SetupError

# The conversation itself is out of reach: going on with the next line would not help.
FATAL = frozenset({"identity_refused", "conversation_not_found", "not_the_gateway"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", help="be this customer; without it, an unknown visitor")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, both ways")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the account's conversation"
    )
    parser.add_argument("--url", help="the gateway's address; else that of the settings")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    if arguments.resume and not arguments.account:
        raise SetupError("--resume needs --account: a visitor's conversation is not known again.")
    identity = development_identity(arguments.account, using) if arguments.account else None
    url = arguments.url or using.public_url
    screen: Screen = JsonScreen() if arguments.json else TerminalScreen(using.company, url)
    Chat(url, screen).hold(identity, resume=arguments.resume)
    return 0


class Chat:
    """One conversation: what comes is shown by a thread of its own as it arrives."""

    def __init__(self, url: str, screen: Screen) -> None:
        self._talking = GatewayClient(url)
        self._listening = GatewayClient(url)
        self._screen = screen
        self._news = threading.Condition()
        self._idle = False
        self._last_seq = 0
        self._failure: HelpdeskError | None = None
        self._over = False

    def hold(self, identity: str | None, *, resume: bool) -> None:
        """Open a conversation, say every line of the input, and close it at the input's end.

        Raises:
            GatewayUnreachable: there is no gateway, or there was none for a minute.
            Refusal: the gateway does not let us into the conversation.
        """
        opened = self._talking.open(identity, resume=resume)
        self._conversation, self._token = opened["conversation"], opened["token"]
        self._show(opened["messages"])
        self._last_seq = opened["last_seq"]
        threading.Thread(target=self._listen, name="listener", daemon=True).start()
        self._wait_until_idle(self._last_seq)
        for line in self._lines():
            self._say(line)
        self._over = True
        self._close()

    def _lines(self) -> Iterator[str]:
        """Yield the input's lines, each once the answer to the one before is there."""
        while True:
            self._screen.idle()
            line = self._screen.next_line()
            if line is None:
                return
            yield line

    def _say(self, line: str) -> None:
        try:
            body = self._screen.command(line) | {"client_message_id": str(uuid4())}
            posted = self._talking.post(self._conversation, self._token, body)
        except Malformed as error:
            self._screen.error(error.code, str(error))
        except Refusal as refusal:
            if refusal.code in FATAL:
                raise
            self._screen.error(refusal.code, str(refusal))
        else:
            self._wait_until_idle(posted["last_seq"])

    def _wait_until_idle(self, seq: int) -> None:
        """Wait until everything up to `seq` has been read and nobody works on an answer."""
        with self._news:
            self._news.wait_for(lambda: self._failure or (self._idle and self._last_seq >= seq))
            if self._failure:
                raise self._failure

    def _listen(self) -> None:
        try:
            while not self._over:
                found = self._listening.updates(
                    self._conversation, self._token, after=self._last_seq, idle=self._idle
                )
                self._show(found["messages"])
                with self._news:
                    self._idle, self._last_seq = found["idle"], found["last_seq"]
                    self._news.notify_all()
        except HelpdeskError as error:
            with self._news:
                self._failure = error
                self._news.notify_all()

    def _show(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            # Once the customer has left nobody reads what closing may bring.
            if message["from"] != "customer" and not self._over:
                self._screen.message(message)

    def _close(self) -> None:
        try:
            self._talking.close(self._conversation, self._token)
        except HelpdeskError as error:
            # The desk closes a silent conversation by itself; nothing of it is lost.
            print(f"The conversation could not be closed: {error}", file=sys.stderr)
