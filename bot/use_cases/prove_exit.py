"""Prove the exit from one beginning: walk to the end, keep the shortest way to a broken rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from bot.retention.proof.place import Beginning
from bot.retention.proof.walk import Violation, Walk


@dataclass(frozen=True)
class Proved:
    """What the walk from one beginning came to; no violation is the only good answer."""

    title: str
    states: int
    transitions: int
    violations: tuple[Violation, ...]


def prove(beginning: Beginning, *, deepest: int | None = None) -> Proved:
    """Walk every reachable place of one beginning, and judge each by every rule.

    With `deepest`, only what the first so many moves and one more can reach.
    """
    walk = Walk(beginning, deepest=deepest)
    deque(walk.explore(), maxlen=0)
    return Proved(walk.title, walk.states, walk.transitions, tuple(walk.violations.values()))


def shortest(proved: Iterable[Proved]) -> tuple[Violation, ...]:
    """Return one violation of every broken rule: the one with the shortest chat."""
    found: dict[str, Violation] = {}
    for violation in (violation for one in proved for violation in one.violations):
        known = found.get(violation.rule)
        if known is None or len(violation.chat) < len(known.chat):
            found[violation.rule] = violation
    return tuple(found[rule] for rule in sorted(found, key=lambda rule: int(rule[1:])))
