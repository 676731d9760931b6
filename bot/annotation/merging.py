"""Brings lines that somebody added to one version of a file over to another version of it."""

from __future__ import annotations


def with_added_lines(newest: bytes, *, base: bytes, written: bytes) -> bytes | None:
    """Return `newest` with the lines that `written` has more than `base`, in their place.

    None where it is not lines added in one place, or where their place cannot be told.
    """
    old, new = base.splitlines(keepends=True), written.splitlines(keepends=True)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    if start + end != len(old):
        return None
    added = new[start : len(new) - end]
    lines = newest.splitlines(keepends=True)
    place = len(lines) if not end else _place(lines, new[:start])
    if place is None or (lines and not lines[place - 1].endswith(b"\n")):
        return None
    return b"".join([*lines[:place], *added, *lines[place:]])


def _alike(one: list[bytes], other: list[bytes]) -> int:
    """Return how many lines both begin with."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _place(lines: list[bytes], before: list[bytes]) -> int | None:
    """Return the index behind the line they came after, or behind the nearest one still there."""
    for line in reversed(before):
        if line.strip() and lines.count(line) == 1:
            return lines.index(line) + 1
        if line in lines:
            return None  # it stands there more than once, or is a blank line
    return None
