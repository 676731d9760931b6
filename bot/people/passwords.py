"""Which passwords are good enough: long, and none that everybody thinks of first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.errors import PasswordRefused

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
# What must stand beside words that are guessed first; a year and some signs are not enough.
FEWEST_BESIDE = 9
BLOCKED = frozenset(
    [
        "password",
        "passwort",
        "passphrase",
        "letmein",
        "iloveyou",
        "welcome",
        "qwertyuiop",
        "qwertzuiop",
        "asdfghjkl",
        "administrator",
        "superuser",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "dragon",
        "monkey",
        "shadow",
        "master",
        "trustno",
        "changeme",
        "changethis",
        "default",
        "secret",
        "topsecret",
        "temporary",
        "login",
        "sign",
        "signin",
        "helpdesk",
        "savedesk",
        "desk",
        "support",
        "customer",
        "service",
        "subscription",
        "retention",
        "agent",
        "trainer",
        "manager",
    ]
)
_LETTERS = re.compile(r"[^\W\d_]+")
_RUNS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl")


def normal(password: str) -> str:
    """Return what is hashed: the same letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Return for a password that may be used; `about` are words of the person and the company.

    There are no rules on what characters it holds, and spaces are welcome.

    Raises:
        PasswordRefused: it is too short, too long, or easily guessed; says which.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise PasswordRefused(f"Use at least {SHORTEST} characters. A few words are a good choice.")
    if len(text) > LONGEST:
        raise PasswordRefused(f"Use at most {LONGEST} characters.")
    if len(set(text.lower())) < FEWEST_DIFFERENT or _is_run(text.lower()):
        raise PasswordRefused("This repeats or counts up. Use words nobody would guess.")
    common = BLOCKED | {word for known in about for word in _LETTERS.findall(known.lower())}
    guessed = [word for word in _LETTERS.findall(text.lower()) if _is_made_of(word, common)]
    if guessed and len(text) - sum(map(len, guessed)) < FEWEST_BESIDE:
        raise PasswordRefused("These words are guessed first. Use words that are not about work.")


def _is_made_of(word: str, common: Iterable[str]) -> bool:
    """Whether `word` is common words written one after the other."""
    known = {one for one in common if len(one) > 2}
    reachable = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in known for start in reachable):
            reachable.add(end)
    return len(word) in reachable


def _is_run(text: str) -> bool:
    """Whether it is keys in a row, forwards or backwards, perhaps again and again."""
    for row in _RUNS:
        for way in (row, row[::-1]):
            if text in way * (LONGEST // len(way) + 2):
                return True
    return False
