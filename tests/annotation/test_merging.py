"""Lines added to one version of a file are brought over to another where their place is known."""

from __future__ import annotations

import pytest

from bot.annotation.merging import with_added_lines

BASE = b"a\nb\nours\nc\n"


@pytest.mark.parametrize(
    ("newest", "written", "merged"),
    [
        (b"a\nb\nc\nx\n", BASE + b"y\n", b"a\nb\nc\nx\ny\n"),
        (b"a\nb\nc\n", b"a\ny\nz\nb\nours\nc\n", b"a\ny\nz\nb\nc\n"),
        (b"a\nb\nc\n", b"a\nb\nours\ny\nc\n", b"a\nb\ny\nc\n"),
        (b"a\r\nb\nc\n", b"a\nb\nours\ny\nc\n", b"a\r\nb\ny\nc\n"),
        (b"a\nb\nc\n", BASE, b"a\nb\nc\n"),
        # Rewritten, taken out, or nobody can tell where it belongs:
        (b"a\nb\nc\n", b"a\nB\nours\nc\n", None),
        (b"a\nb\nc\n", b"a\nours\nc\n", None),
        (b"a\na\nb\nc\n", b"a\ny\nb\nours\nc\n", None),
        (b"c\n", b"a\ny\nb\nours\nc\n", None),
        (b"a\nb\nc", BASE + b"y\n", None),
    ],
)
def test_added_lines_are_brought_over_or_it_is_said_that_they_cannot_be(newest, written, merged):
    assert with_added_lines(newest, base=BASE, written=written) == merged
