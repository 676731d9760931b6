"""Log lines go to where standard error is now, not to where it was."""

from __future__ import annotations

import contextlib
import io

import structlog

from bot.logs import configure_logs


def test_a_log_line_survives_that_its_old_stream_was_closed() -> None:
    first, second = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(first):
        configure_logs("INFO")
        structlog.get_logger().info("one")
    first_said = first.getvalue()
    first.close()
    with contextlib.redirect_stderr(second):
        structlog.get_logger().info("two")
    assert "one" in first_said
    assert "two" in second.getvalue()
