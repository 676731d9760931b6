"""The holdout: a small, stable share of accounts without offers, by which lift is measured."""

from __future__ import annotations

import hashlib


def in_holdout(account: str, *, salt: str, percent: int) -> bool:
    """Say whether the account is held out; the same answer for the same salt for ever.

    A pure hash, so that no list has to be kept and no process can disagree.
    """
    digest = hashlib.sha256(f"{salt}:{account}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < percent * 100
