"""Log lines: where they go, that each is one line, and what they never hold."""

from __future__ import annotations

import contextlib
import io
import json
import unicodedata

import pytest
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


def logged(level: str = "INFO", **values: object) -> str:
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        configure_logs(level)
        structlog.get_logger().info("said", **values)
    return stream.getvalue()


@pytest.mark.parametrize(
    "value",
    ["one\r\ntwo", 'x"}\n{"event": "signed_in"', "\x1b[2J\x1b[31mred", "\x00\x08\x85\u2028end"],
)
def test_35_nobody_writes_a_log_line_of_their_own(value: str) -> None:
    line = logged(value=value)
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert not any(unicodedata.category(sign) == "Cc" for sign in line[:-1])
    told = json.loads(line)
    assert (told["event"], told["value"]) == ("said", value)


def test_31_a_value_that_quotes_somebody_is_masked_in_the_log() -> None:
    line = logged(message="refused: card 4242 4242 4242 4242, password: hunter2", seconds=3)
    assert "4242" not in line
    assert "hunter2" not in line
    assert json.loads(line)["seconds"] == 3
