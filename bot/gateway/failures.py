"""How a fault of ours is recorded: where it happened, and never what a customer said."""

from __future__ import annotations

import traceback

import structlog

log = structlog.get_logger()

FRAMES_KEPT = 8


def record_failure(event: str, error: BaseException, **ids: str | None) -> None:
    """Log the error's kind and the last frames; its message, which may quote a customer, only
    when debugging."""
    frames = [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    log.error(event, error=type(error).__name__, frames=frames[-FRAMES_KEPT:], **ids)
    log.debug(f"{event}_because", message=str(error), **ids)
