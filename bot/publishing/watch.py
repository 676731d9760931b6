"""Whether a new version does worse than the one before it, by what happened to the turns since."""

from __future__ import annotations

from dataclasses import dataclass

# Fewer turns say nothing, and a handful of bad ones happens to any version.
FEWEST_TURNS = 20
FEWEST_BAD = 5
# By how much a share may rise; twice as much as before is always too much.
FAILED_MORE, NOT_UNDERSTOOD_MORE = 0.10, 0.20


@dataclass(frozen=True)
class Tally:
    """Turns of a span of time: those the assistant took, failed at first, and did not understand.

    `typed` are the turns in words, of which `not_understood` are some.
    """

    taken: int
    failed: int
    typed: int
    not_understood: int


def rising(before: Tally, since: Tally) -> str | None:
    """Return what has become worse in words, None while nothing has."""
    if _is_worse(before.failed, before.taken, since.failed, since.taken, FAILED_MORE):
        return (
            f"{since.failed} of {since.taken} turns failed at first, before the switch "
            f"{before.failed} of {before.taken}"
        )
    if _is_worse(
        before.not_understood,
        before.typed,
        since.not_understood,
        since.typed,
        NOT_UNDERSTOOD_MORE,
    ):
        return (
            f"{since.not_understood} of {since.typed} messages were not understood, before the "
            f"switch {before.not_understood} of {before.typed}"
        )
    return None


def _is_worse(bad_before: int, of_before: int, bad: int, of: int, more: float) -> bool:
    if of < FEWEST_TURNS or bad < FEWEST_BAD:
        return False
    usual = bad_before / of_before if of_before else 0.0
    return bad / of > max(usual + more, 2 * usual)
