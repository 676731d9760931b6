"""Word lists written as running text, which reads better than a column of quoted words."""

from __future__ import annotations


def word_set(listing: str) -> frozenset[str]:
    """Return the words of a listing."""
    return frozenset(listing.split())
