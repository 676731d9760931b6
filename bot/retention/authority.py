"""Authority: what the assistant, and people of each level, may grant alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.retention.account import ConcessionKind

ASSISTANT = "assistant"
# Lowest first; the levels of people are those they have as staff.
LEVELS = (ASSISTANT, "agent", "senior", "lead")

# What takes a person's judgement. A level grants these only where the company says so.
FOR_PEOPLE = frozenset(
    {ConcessionKind.WAIVE_FEE, ConcessionKind.REFUND, ConcessionKind.EXPERT_SESSION}
)


@dataclass(frozen=True)
class Authority:
    """What one of a level may grant alone, in minor units.

    `concession_minor` is the most one concession may cost, `month_minor` the most all that one
    person grants in a calendar month may cost (None: no such limit); `also` are the kinds for
    people that the level may grant.
    """

    level: str
    concession_minor: int
    month_minor: int | None = None
    also: frozenset[ConcessionKind] = frozenset()

    def may_grant(self, kind: ConcessionKind) -> bool:
        return kind not in FOR_PEOPLE or kind in self.also


@dataclass(frozen=True)
class Grantor:
    """Who makes the offers: the assistant, or a person, by id, of a level."""

    level: str = ASSISTANT
    person: str | None = None


def levels_for(kind: ConcessionKind, authorities: tuple[Authority, ...]) -> tuple[str, ...]:
    """Return the levels that may grant a kind, whatever it costs."""
    return tuple(one.level for one in authorities if one.may_grant(kind))
