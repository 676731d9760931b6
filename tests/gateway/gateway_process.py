"""A gateway in a process of its own, for tests that kill it. Arguments: FOLDER ASSISTANT PORT."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.gateway.server import serve
from bot.logs import configure_logs
from bot.use_cases.switchboard import Limits
from tests.gateway.stack import Stack

LEASE = timedelta(seconds=1)


@dataclass
class Elsewhere:
    """The assistant that the test itself runs."""

    url: str


def main(folder: str, assistant_url: str, port: str) -> None:
    configure_logs("WARNING")
    limits = replace(Limits(), lease=LEASE)
    stack = Stack(Path(folder), Elsewhere(assistant_url), limits=limits)  # type: ignore[arg-type]
    serve(stack.app, stack.parts.wakeups, host="127.0.0.1", port=int(port))


if __name__ == "__main__":
    main(*sys.argv[1:])
