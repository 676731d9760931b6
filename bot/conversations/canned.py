"""Canned replies: texts agents start from, with the customer's facts filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FACT = re.compile(r"{([a-z_]+)}")
# What a reply may name; each is filled in from the account, or from who opens it.
FACTS = (
    "customer_name",
    "agent_name",
    "company",
    "plan",
    "price",
    "next_charge",
    "cancels_on",
    "credit",
)


@dataclass(frozen=True)
class CannedReply:
    """`keys` is what an agent types to find it."""

    id: str
    title: str
    keys: str
    text: str

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(_FACT.findall(self.text))

    def filled(self, facts: Mapping[str, str]) -> str | None:
        """Return the text with its facts, or None where one of them is not known.

        One pass: what stands in a fact, such as a customer's name, is never filled in turn.
        """
        if not self.needs <= facts.keys():
            return None
        return _FACT.sub(lambda match: facts[match[1]], self.text)
