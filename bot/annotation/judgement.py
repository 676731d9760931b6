"""What a trainer decided about a message, and how far trainers agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

OUT_OF_SCOPE = "out_of_scope"


class Verdict(str, Enum):
    """`confirmed`: understood rightly. `split`: it holds two wishes. `skipped`: not for me."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    SPLIT = "split"
    OUT_OF_SCOPE = "out_of_scope"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Judgement:
    """What `trainer` said that the message of this turn means.

    `place` is 1 for who decided first, 2 for the next, and None where nothing was decided.
    `change` is the number of the journal's entry that was written for it, if one was.
    """

    conversation: str
    turn: int
    trainer: str
    trainer_name: str
    verdict: Verdict
    at: datetime
    intents: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    place: int | None = None
    change: int | None = None

    @property
    def is_decided(self) -> bool:
        return self.verdict is not Verdict.SKIPPED

    @property
    def label(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was said: intents and reasons, whatever order they were given in."""
        return tuple(sorted(self.intents)), tuple(sorted(self.reasons))


def decided(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return those that decide something, the first to decide first."""
    return sorted((one for one in judgements if one.is_decided), key=lambda one: one.place or 0)


def disagree(judgements: Iterable[Judgement]) -> bool:
    """Whether two trainers say different things of one message."""
    return len({one.label for one in decided(judgements)}) > 1


@dataclass(frozen=True)
class Agreement:
    """Of `both` messages that two trainers judged, they said the same of `same`.

    `kappa` is how much more they agree than by chance (Cohen, "A coefficient of agreement for
    nominal scales", 1960): 1 always, 0 as chance would; None where there is nothing to compare,
    or both said one thing only.
    """

    both: int
    same: int
    kappa: float | None


def agreement(messages: Iterable[Sequence[Judgement]]) -> Agreement:
    """Return how far the first two trainers of each message agree; intents count, not reasons."""
    pairs = [
        (ruled[0].label[0], ruled[1].label[0]) for ruled in map(decided, messages) if len(ruled) > 1
    ]
    same = sum(first == second for first, second in pairs)
    if not pairs:
        return Agreement(0, 0, None)
    share = same / len(pairs)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(ones[label] * others[label] for label in ones) / len(pairs) ** 2
    return Agreement(len(pairs), same, (share - chance) / (1 - chance) if chance < 1 else None)
