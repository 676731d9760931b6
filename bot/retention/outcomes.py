"""Outcomes: what became of customers after an offer, or after none, and what that lets expect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, NamedTuple

from bot.retention.facts import Facts

# Who is still there so long after is kept; an outcome counts once this time has passed.
KEPT_AFTER = timedelta(days=90)
# Older outcomes tell of another price list and other customers.
LEARNED_FROM = timedelta(days=730)
NOTHING = "nothing"
UNKNOWN = ""
# Who asked what else there is has shown that they can be kept. They are a kind of their own, or
# whatever stands second on the ladder would look better than what stands first.
ASKED_FOR_MORE = "asked_for_more"

# What customers elsewhere did counts like this many of one's own at most.
_BORROWED_AT_MOST = 20


class Cell(NamedTuple):
    """Which outcomes belong together: a cited policy or NOTHING, a reason, a segment."""

    option: str
    reason: str
    segment: str


class Counts(NamedTuple):
    """Customers who took it and stayed, took it and left, and did not take it.

    Without an offer there is nothing to take: they stayed (`kept`) or did not (`gone`).
    """

    kept: float = 0
    wasted: float = 0
    gone: float = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(self.kept + other.kept, self.wasted + other.wasted, self.gone + other.gone)

    def at_most(self, weight: float) -> Counts:
        """Return the same shares for so many customers, if these are more."""
        total = sum(self)
        return self if total <= weight else Counts(*(n * weight / total for n in self))


# What is expected before anything is known, as of 20 customers. An offer: one in twenty stays by
# it and one takes it and leaves all the same. Nothing: one stays. Published bases lie at 2 to 3 %
# without an offer, so that this believes rather too well of doing nothing.
PRIOR_OF_OFFER = Counts(1, 1, 18)
PRIOR_OF_NOTHING = Counts(1, 0, 19)


@dataclass(frozen=True)
class Evidence:
    """The counts of every cell, of outcomes that were certain at the beginning of `as_of`."""

    as_of: date | None = None
    cells: Mapping[Cell, Counts] = field(default_factory=dict)

    def layers(self, option: str, reason: str, segment: str) -> tuple[Counts, Counts, Counts]:
        """Return the option's counts from coarse to fine, each outcome in one of them:

        other reasons or another revision of the policy; this reason in other segments; this
        reason in this segment. Who asked for more tells nothing about who did not.
        """
        sums = [Counts(), Counts(), Counts()]
        for cell, counts in self.cells.items():
            tells = cell.segment != ASKED_FOR_MORE or segment == ASKED_FOR_MORE
            if tells and _policy(cell.option) == _policy(option):
                close = cell.option == option and cell.reason == reason
                place = 1 + (cell.segment == segment) if close else 0
                sums[place] = sums[place].plus(counts)
        return sums[0], sums[1], sums[2]


NO_EVIDENCE = Evidence()


def expected(prior: Counts, layers: Iterable[Counts]) -> Counts:
    """Return the parameters of the Dirichlet distribution that prior and outcomes lead to.

    Where a fine cell is thin the coarser ones speak for it; where it is full they hardly count.
    One more customer who stayed, in whichever layer, never lowers `kept` nor raises the rest.
    """
    belief = prior
    for layer in layers:
        belief = belief.at_most(_BORROWED_AT_MOST).plus(layer)
    return belief


def segment_of(facts: Facts, *, asked_for_more: bool = False) -> str:
    """Return the kind of customer, by what they want to leave and how long they have been there."""
    months = facts.get("tenure_months")
    if asked_for_more:
        return ASKED_FOR_MORE
    if facts.get("subject") == "order":
        return "order"
    if facts.get("status") == "trialing":
        return "trial"
    if not isinstance(months, int):
        return UNKNOWN
    return "first_months" if months < 3 else "first_year" if months < 12 else "long_standing"


@dataclass(frozen=True)
class PastAttempt:
    """What a recorded save attempt tells for learning; `offers` and `choices` as in the record."""

    account: str
    about: str
    opened_at: datetime
    reason: str | None
    offers: tuple[dict[str, Any], ...]
    choices: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Turning:
    """Somebody left (or took leaving back): a recorded act of billing on one subject."""

    account: str
    about: str
    at: datetime
    leaves: bool


def certain_before(as_of: date) -> datetime:
    """Return the instant before which something must have been offered to count on `as_of`."""
    return datetime.combine(as_of, time(), timezone.utc) - KEPT_AFTER


def learn(attempts: Iterable[PastAttempt], turnings: Iterable[Turning], *, as_of: date) -> Evidence:
    """Count what became of every offer made, and of everybody who was left without one.

    Only who could have had an offer, and asked for none of this by insisting, says what happens
    without one: the holdout, and those for whom nothing was chosen.
    """
    by_subject: dict[tuple[str, str], list[Turning]] = {}
    for turning in turnings:
        by_subject.setdefault((turning.account, turning.about), []).append(turning)
    cells: dict[Cell, Counts] = {}
    until = certain_before(as_of)
    for attempt in attempts:
        theirs = by_subject.get((attempt.account, attempt.about), [])
        for cell, counts in _told_by(attempt, theirs, until):
            cells[cell] = cells.get(cell, Counts()).plus(counts)
    return Evidence(as_of, cells)


def _told_by(
    attempt: PastAttempt, turnings: list[Turning], until: datetime
) -> Iterable[tuple[Cell, Counts]]:
    for place, made in enumerate(attempt.offers):
        unknown = {"segment": ASKED_FOR_MORE} if place else {}
        choice = attempt.choices[place] if place < len(attempt.choices) else unknown
        shown_at = datetime.fromisoformat(made["shown_at"])
        if shown_at < until:
            yield _cell(made["policy"], attempt, choice), _became(made, shown_at, turnings)
    newest = attempt.choices[-1] if attempt.choices else {}
    if not attempt.offers and attempt.opened_at < until and _left_without(newest):
        is_kept = stayed(attempt.opened_at, turnings)
        yield _cell(NOTHING, attempt, newest), Counts(kept=is_kept, gone=not is_kept)


def _cell(option: str, attempt: PastAttempt, choice: dict[str, Any]) -> Cell:
    """Return where an outcome belongs: what was known when the choice was made, not later."""
    reason = choice.get("reason", attempt.reason)
    return Cell(option, reason or UNKNOWN, choice.get("segment", UNKNOWN))


def _became(made: dict[str, Any], shown_at: datetime, turnings: list[Turning]) -> Counts:
    if made["answer"] != "accepted":
        return Counts(gone=1)
    return Counts(kept=1) if stayed(shown_at, turnings) else Counts(wasted=1)


def _left_without(choice: dict[str, Any]) -> bool:
    return bool(choice.get("eligible")) and not choice["chosen"] and not choice["insisted"]


def stayed(since: datetime, turnings: list[Turning]) -> bool:
    """Say whether the newest turning in the time that counts was not one of leaving."""
    within = [turning for turning in turnings if since <= turning.at < since + KEPT_AFTER]
    return not within or not max(within, key=lambda turning: turning.at).leaves


def _policy(option: str) -> str:
    return option.split("@")[0]
