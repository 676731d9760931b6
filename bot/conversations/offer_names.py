"""What people at the desk call an offer: nobody but a record speaks of `right_size@1`."""

from __future__ import annotations

import re
from collections.abc import Mapping

# By kind, as the customer's account and the policies' files write it.
OFFER_NAMES: Mapping[str, str] = {
    "pause": "Pause",
    "skip": "Skipped box",
    "change_frequency": "Other delivery rhythm",
    "downgrade": "Smaller plan",
    "exchange": "Exchange",
    "store_credit": "Store credit",
    "credit": "Credit",
    "discount": "Discount",
    "waive_fee": "Waived fee",
    "refund": "Refund",
    "extend_trial": "Longer trial",
    "expert_session": "Session with an expert",
}
_CITED = re.compile(r"\b[a-z][a-z0-9_]*@\d+")


def offer_name(kind: str) -> str:
    return OFFER_NAMES.get(kind) or kind.replace("_", " ").capitalize()


def policy_name(cited: str, kinds: Mapping[str, str]) -> str:
    """Name what the policy `name@revision` offers; `kinds` has the kind of each policy's name.

    A policy that is no longer in use is named by its own words.
    """
    name = cited.partition("@")[0]
    return offer_name(kinds.get(name, name))


def without_citations(text: str, kinds: Mapping[str, str]) -> str:
    """Put the names people use for the policies that a sentence of the record cites."""
    return _CITED.sub(lambda found: policy_name(found[0], kinds), text)
