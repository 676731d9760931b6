"""Chat spelling made plain: "Plzzz CANCLE my sub" meets "please cancel my subscription"."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.understanding.chat_words import (
    CONTRACTIONS,
    ENDINGS,
    KEY_WORDS,
    NOT_KEY_WORDS,
    SAME_WORD,
    SHORTHAND,
    SIGNS,
)

# Longer messages are refused at the door; this bounds the time of one parse in any case.
MAX_CHARACTERS = 4_000

_SIGN = re.compile("|".join(map(re.escape, SIGNS)))
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "“": '"', "”": '"'})
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_EMAIL = re.compile(r"[^\s@<>,;:]+@[^\s@<>,;:]+\.[a-z]{2,}")
_ORDER = re.compile(r"\bo-\d{3,}\b|#\s?\d{3,}\b")
_MONEY = re.compile(r"[$€£]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:[$€£]|usd\b|dollars?\b|bucks\b|quid\b)")
_NUMBER = re.compile(r"\d[\d.,:/-]*\d|\d")
_FIGURE_OR_ADDRESS = re.compile(r"\d|@|://|www\.")
_ELONGATED = re.compile(r"([a-z])\1{2,}")
_REPEATED = re.compile(r"([a-z])\1+")
_TOKEN = re.compile(r"w/o?(?![a-z])|b/c|[a-z0]+(?:'[a-z]+)*|[?!]|[,.;:()\n…]|(?<=\s)[-–—]+(?=\s)")
BREAK = ","
_BREAKS = frozenset(",.;:()\n…-–—")


def tokens(text: str) -> list[str]:
    """Return the plain words and the signs `?` and `!` of a message, in order.

    Amounts become `money`, order codes `ordercode`, e-mail addresses `mailaddress`, web addresses
    `link`, and other figures `0`: which figure it is, the entities say.
    """
    return [token for token in tokens_and_breaks(text) if token != BREAK]


# A message and its clauses are read by several parts in turn; the cache spans one message or two.
@lru_cache(maxsize=64)
def tokens_and_breaks(text: str) -> tuple[str, ...]:
    """Return the plain tokens with `,` wherever a sign parts the message, however it is written."""
    plain: list[str] = []
    for raw in _TOKEN.findall(_letters(text)):
        if raw[0] in _BREAKS:
            if plain and plain[-1] not in "?!,":
                plain.append(BREAK)
        else:
            plain.extend(_plain_words(raw))
    return tuple(plain)


@lru_cache(maxsize=64)
def normalise(text: str) -> str:
    """Return the plain form of a message; normalising it again changes nothing."""
    return " ".join(tokens(text))


def _letters(text: str) -> str:
    """Lower-case, accents and invisible characters off, placeholders in."""
    text = text[:MAX_CHARACTERS].translate(_QUOTES)
    text = _SIGN.sub(lambda match: SIGNS[match.group()], text)
    kept = text.lower() if text.isascii() else _without_accents(text)
    if not _FIGURE_OR_ADDRESS.search(kept):
        return kept  # as most messages do, and is found in one look for five
    kept = _ADDRESS.sub(" link ", kept)
    kept = _EMAIL.sub(" mailaddress ", kept)
    kept = _ORDER.sub(" ordercode ", kept)
    kept = _MONEY.sub(" money ", kept)
    return _NUMBER.sub(" 0 ", kept)


def _without_accents(text: str) -> str:
    # Lowering can compose new letters, so the text is decomposed before and after.
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return "".join(c for c in lowered if unicodedata.category(c) not in ("Mn", "Cf"))


@lru_cache(maxsize=8_192)
def _plain_words(token: str) -> tuple[str, ...]:
    token = _ELONGATED.sub(r"\1\1", token)
    for spelling in (token, _REPEATED.sub(r"\1", token)):
        if spelling in CONTRACTIONS:
            return tuple(CONTRACTIONS[spelling].split())
        if spelling in SHORTHAND:
            return tuple(SHORTHAND[spelling].split())
    for ending, full in ENDINGS:
        if token.endswith(ending) and len(token) > len(ending):
            return (*_plain_words(token[: -len(ending)]), *full.split())
    return (_key_word(token.replace("'", "")),)


def _key_word(token: str) -> str:
    """Return the key word this token is a slip of, or the token itself."""
    if token in SAME_WORD:
        return SAME_WORD[token]
    if len(token) < 5 or token in NOT_KEY_WORDS or token in KEY_WORDS:
        return token
    for word in KEY_WORDS:
        slips = 2 if len(word) >= 9 else 1
        near = token[0] == word[0] and abs(len(token) - len(word)) <= slips
        if near and edit_distance(token, word, at_most=slips) <= slips:
            return word
    return token


def edit_distance(one: str, other: str, *, at_most: int) -> int:
    """Return the number of single-letter slips (a swap of neighbours is one) between two words.

    Beyond `at_most` the count is cut short; the result is then only known to be larger.
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, mate in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != mate))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mate:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
        before, above = above, row
    return above[-1]
