"""Check the chain of records from its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.retention.records import BEGINNING, Link, first_broken
from bot.use_cases.ports import RecordBook


@dataclass(frozen=True)
class Checked:
    """`broken` is a sentence about the first entry that was changed; None for a whole chain.

    Whoever keeps `newest` elsewhere can tell later that nothing was cut off at the end.
    """

    entries: int
    erased: int
    newest: str
    broken: str | None


def check_records(*, records: RecordBook) -> Checked:
    """Read the whole chain once and say whether it is as it was written."""
    return check_links(records.links())


def check_links(links: Iterator[Link]) -> Checked:
    """Say the same of any chain that is made like the one of records."""
    seen = _Seen()
    broken = first_broken(seen.through(links))
    return Checked(seen.entries, seen.erased, seen.newest, broken)


class _Seen:
    """What passed by, so that a long chain need not be kept."""

    def __init__(self) -> None:
        self.entries, self.erased, self.newest = 0, 0, BEGINNING

    def through(self, links: Iterator[Link]) -> Iterator[Link]:
        for link in links:
            self.entries += 1
            self.erased += link.payload is None
            self.newest = link.link
            yield link
