"""The names an operator gives to things: plans, subscriptions' nicknames and competitors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Names = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Lexicon:
    """For each kind, the values with the phrases (lower case) that stand for them."""

    plan: Names = ()
    subscription: Names = ()
    competitor: Names = ()
    own_name: str = ""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Lexicon:
        """Take the form it has in `config.yml`: kind, value, phrases; a value names itself too.

        Raises:
            ValueError: a key is unknown, or a value's phrases are not a list.
        """
        unknown = set(raw) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"A lexicon has no {', '.join(sorted(unknown))}.")
        return cls(
            plan=_names(raw.get("plan", {})),
            subscription=_names(raw.get("subscription", {})),
            competitor=_names(raw.get("competitor", {})),
            own_name=str(raw.get("own_name", "")),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the form that `read` takes."""
        return {
            "plan": {value: list(phrases) for value, phrases in self.plan},
            "subscription": {value: list(phrases) for value, phrases in self.subscription},
            "competitor": {value: list(phrases) for value, phrases in self.competitor},
            "own_name": self.own_name,
        }


def _names(raw: Mapping[str, Sequence[str]] | Sequence[str]) -> Names:
    named = raw if isinstance(raw, Mapping) else dict.fromkeys(raw, ())
    for value, phrases in named.items():
        if isinstance(phrases, str):
            raise ValueError(f"The phrases of {value!r} must be a list.")  # noqa: TRY004
    return tuple(
        (value, tuple(dict.fromkeys([value.lower().replace("_", " "), *map(str.lower, phrases)])))
        for value, phrases in named.items()
    )
