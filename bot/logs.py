"""One JSON line an event on standard error, with ids and never a customer's words."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict

from bot.conversations.masking import masked

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40}
# Written by us alone, and on every line.
_OURS = frozenset({"event", "level", "timestamp"})


class _StandardError:
    """Standard error as it is when something is written.

    Whoever redirects it, a test or a supervisor, may close what it was when the logger was made;
    a log line must never be the reason why a turn fails.
    """

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def _masked(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Take out what must not stand in a log, should a value quote somebody after all."""
    return {
        name: masked(value) if isinstance(value, str) and name not in _OURS else value
        for name, value in event.items()
    }


def configure_logs(level: str) -> None:
    """Send our events and the server's to standard error, from `level` on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            # A line break in a value is escaped by JSON, so nobody can write a line of their own.
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _StandardError())),
    )
    # The server's own lines, such as a client that went away, are of use when debugging only.
    logging.basicConfig(
        level=max(LEVELS[level], logging.WARNING), stream=cast(TextIO, _StandardError())
    )
