"""A candidate held against the live model: what got better, what got worse, and whether it may go.

Every reason is a sentence a trainer can act upon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

# Of some hundred test messages one or two move by themselves when a few examples are added.
RED_LOSS_SHARE = 0.01
RED_LOSS_OF_INTENT, RED_SHARE_OF_INTENT = 3, 0.10
YELLOW_LOSS_OF_INTENT = 2


class Colour(str, Enum):
    """Green may be published, red may not; yellow by a lead who says why."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def _is_leaving(intent: str | None) -> bool:
    from bot.understanding.parsed import LEAVING  # spaCy takes seconds, and a return needs none

    return intent in LEAVING


@dataclass(frozen=True)
class Reading:
    """What a model makes of one message."""

    intent: str
    reasons: tuple[str, ...] = ()

    @property
    def wants_to_leave(self) -> bool:
        return _is_leaving(self.intent)

    def __str__(self) -> str:
        return f"{self.intent} ({', '.join(self.reasons)})" if self.reasons else self.intent


@dataclass(frozen=True)
class Read:
    """One message by both models; `right` is what it means, None where nobody has said."""

    text: str
    before: Reading
    after: Reading
    right: str | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class OfIntent:
    """How many of the test messages that mean this each model got right."""

    intent: str
    messages: int
    before: int
    after: int


@dataclass(frozen=True)
class Check:
    """Something else that was held against the candidate; `passed` None: it was not run.

    `doubted` is for a person to decide; `noted` may be looked at some day, and holds nothing up.
    """

    name: str
    passed: bool | None
    said: str
    doubted: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """All that was found; `candidate` and `live` name models, `version` is what is live.

    `changed` are the messages that mean something else now, those of the tests with what is right.
    """

    candidate: str
    live: str
    version: int
    intents: tuple[OfIntent, ...]
    changed: tuple[Read, ...]
    checks: tuple[Check, ...] = ()
    recent: int = 0
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, Any]:
        """Return what the history keeps."""
        return {
            "test messages": sum(one.messages for one in self.intents),
            "right before": sum(one.before for one in self.intents),
            "right now": sum(one.after for one in self.intents),
            "recent messages": self.recent,
            "changed meanings": len(self.changed),
        }


@dataclass(frozen=True)
class Verdict:
    colour: Colour
    reasons: tuple[str, ...]


def by_intent(reads: Iterable[Read]) -> tuple[OfIntent, ...]:
    """Count the messages whose meaning is known, by intent, most gained or lost first."""
    reads = [read for read in reads if read.right is not None]
    of = Counter(str(read.right) for read in reads)
    before = Counter(str(read.right) for read in reads if read.before.intent == read.right)
    after = Counter(str(read.right) for read in reads if read.after.intent == read.right)
    rows = [OfIntent(name, of[name], before[name], after[name]) for name in of]
    return tuple(sorted(rows, key=lambda one: (-abs(one.after - one.before), one.intent)))


def changes(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> dict[str, dict[str, int]]:
    """Return how many examples, pairs of intent and text, each intent has more and less."""
    added, gone = Counter(new) - Counter(old), Counter(old) - Counter(new)
    counted: dict[str, dict[str, int]] = {}
    for name, pairs in (("added", added), ("removed", gone)):
        for (intent, _text), times in sorted(pairs.items()):
            of = counted.setdefault(intent, {})
            of[name] = of.get(name, 0) + times
    return counted


def judge(found: Comparison) -> Verdict:
    """Return whether the candidate may go, and every reason why not, the gravest first."""
    reds, yellows = list(_red(found)), list(_yellow(found))
    if reds:
        return Verdict(Colour.RED, (*reds, *yellows))
    return Verdict(Colour.YELLOW if yellows else Colour.GREEN, tuple(yellows))


def _red(found: Comparison) -> Iterator[str]:
    for check in found.checks:
        if check.passed is False:
            yield f"{check.name}: {check.said}"
    messages = sum(one.messages for one in found.intents)
    lost = sum(one.before - one.after for one in found.intents)
    if messages and lost / messages > RED_LOSS_SHARE:
        yield f"It understands {lost} of {messages} test messages fewer than the live version."
    for one in found.intents:
        if _lost_much(one):
            yield (
                f"{one.intent} got worse: {one.after} of {one.messages} right, before "
                f"{one.before}. Look at its changed messages, and at what was added near it."
            )
    deaf = _no_longer_leaving(read for read in found.changed if _is_leaving(read.right))
    if deaf > 1:
        yield f"{deaf} test messages that say somebody wants to leave are no longer heard so."


def _yellow(found: Comparison) -> Iterator[str]:
    for check in found.checks:
        if check.passed is None:
            yield f"{check.name}: {check.said}"
        yield from (f"{check.name}: {doubt}" for doubt in check.doubted)
    if not found.intents:
        yield "There are no test messages: nothing says whether it understands better or worse."
    for one in found.intents:
        if one.before - one.after >= YELLOW_LOSS_OF_INTENT and not _lost_much(one):
            yield f"{one.intent}: {one.after} of {one.messages} right, before {one.before}."
    deaf = _no_longer_leaving(read for read in found.changed if read.right is None)
    if deaf:
        yield (
            "What real customers said counted as a wish to leave and no longer does, "
            f"{_times(deaf)}. Read it before you publish."
        )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _lost_much(one: OfIntent) -> bool:
    lost = one.before - one.after
    return lost >= RED_LOSS_OF_INTENT and lost / one.messages >= RED_SHARE_OF_INTENT


def _no_longer_leaving(reads: Iterable[Read]) -> int:
    return sum(read.before.wants_to_leave and not read.after.wants_to_leave for read in reads)


def as_document(found: Comparison) -> dict[str, Any]:
    return asdict(found)


def read_comparison(document: Mapping[str, Any]) -> Comparison:
    """Return the comparison that `as_document` made, also after JSON."""
    return Comparison(
        **{
            **document,
            "intents": tuple(OfIntent(**one) for one in document["intents"]),
            "changed": tuple(_read(one) for one in document["changed"]),
            "checks": tuple(_check(one) for one in document["checks"]),
        }
    )


def _check(told: Mapping[str, Any]) -> Check:
    doubted, noted = (tuple(told.get(name, ())) for name in ("doubted", "noted"))
    return Check(told["name"], told["passed"], told["said"], doubted, noted)


def _read(told: Mapping[str, Any]) -> Read:
    def reading(name: str) -> Reading:
        return Reading(told[name]["intent"], tuple(told[name]["reasons"]))

    return Read(told["text"], reading("before"), reading("after"), told["right"])
