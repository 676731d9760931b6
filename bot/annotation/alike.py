"""How alike two messages are, by the words they share, and which belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from bot.understanding.normalise import tokens

Words = Counter[str]
# From this share on two messages are answered by one decision; below it a word may turn the sense.
TOGETHER = 0.75

# Every check asks for the words of all examples, some twenty thousand, and they rarely change.
_REMEMBERED = 40_000


@lru_cache(maxsize=_REMEMBERED)
def tokens_of(text: str) -> tuple[str, ...]:
    """Return what `tokens` gives; it takes a third of a millisecond the first time."""
    return tuple(tokens(text))


@lru_cache(maxsize=_REMEMBERED)
def words_of(text: str) -> Words:
    """Return the words of a text, spelling mended, with how often each stands there."""
    return Counter(token for token in tokens_of(text) if token != "!")


def share(one: Words, other: Words) -> float:
    """Return the share of words both have, 0 to 1."""
    both = sum(min(count, other[word]) for word, count in one.items() if word in other)
    # As many as stand in either: Counter's own `|` takes ten times as long.
    either = one.total() + other.total() - both
    return both / either if either else 0.0


def together(texts: Sequence[str]) -> list[list[int]]:
    """Return the places of texts that are alike, in groups; a group begins with its first text.

    A text joins the first group whose first text it is like, so that no chain of small differences
    brings together what is not alike.
    """
    said = [words_of(text) for text in texts]
    seen_in = Counter(word for words in said for word in words)
    groups: list[list[int]] = []
    holding: dict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(said):
        near = sorted({group for word in _telling(words, seen_in) for group in holding[word]})
        found = next((g for g in near if share(words, said[groups[g][0]]) >= TOGETHER), None)
        if found is not None:
            groups[found].append(place)
            continue
        for word in words:
            holding[word].append(len(groups))
        groups.append([place])
    return groups


def _telling(words: Words, seen_in: Counter[str]) -> list[str]:
    """Return words of which an alike text has one: it can lack no more than the others together.

    The rarest are taken, so that few texts have to be compared.
    """
    may_lack = words.total() * (1 - TOGETHER)
    telling: list[str] = []
    for word in sorted(words, key=lambda word: seen_in[word]):
        telling.append(word)
        may_lack -= words[word]
        if may_lack < 0:
            break
    return telling
