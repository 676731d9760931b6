"""What must not leave the desk in words: card and account numbers, passwords, keys and tokens.

Everything that goes out, tickets, webhooks, mails to helpdesks and log lines, goes through
`masked`. What trainers read loses more (`personal.py`): who reads to teach need not know who
spoke. Elsewhere inside the desk the customer's words stand as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MASK = "[…]"

# Digits in groups, as people type them; whether a card is among them Luhn's check says.
_DIGITS = re.compile(r"(?<!\w)\d(?:[ \u00a0.\u2013-]?\d)*(?!\w)")
_GROUP = re.compile(r"\d+")
_SHORTEST_CARD, _LONGEST_CARD = 13, 19

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
# In small letters or with dashes only what passes the check of account numbers.
_LOOSE_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]{1,4}){3,8}\b", re.IGNORECASE)
_SHORTEST_IBAN = 15

_SECRET = re.compile(
    r"\b(pass[- ]?(?:word|code|phrase)|passwort|kennwort|contrase(?:ñ|n)a|pw|pwd|pin(?:[- ]code)?"
    r"|cvv2?|cvc2?|security code|pr(?:ü|ue)fnummer|api[- ]key|secret)\b"
    r"(['’]s\b|\s{1,3}(?:is|was|are|ist|lautet|es)\b)?(\s{0,3}[:=]?\s{0,3})"
    r"(\"[^\"\n]+\"|'[^'\n]+'|“[^”\n]+”|[^\s,;]+)",
    re.IGNORECASE,
)
# What people say about a password without telling it.
_ABOUT_IT = """
a again and anymore any at because been but by can cannot cant change changed code correct did does
doesn't doesnt doesn’t email expired field for forgotten from has have i if in incorrect invalid is
isn't isnt isn’t it just link lost mail manager my never no not of on or page please protected reset
right so that the to too was wasn't when which will with won't wrong you your
"""
_TELLS_NOTHING = frozenset(_ABOUT_IT.split())
_TOKENS = re.compile(
    r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"
    r"|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bwhsec_\w{8,}"
    r"|\bgh[opsu]_\w{20,}|\bAKIA[A-Z0-9]{16}\b|\bxox[abprs]-[\w-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_BEARER = re.compile(r"\b(bearer\s+)[\w.~+/=-]{12,}", re.IGNORECASE)
_IN_ADDRESS = re.compile(
    r"([?&#](?:\w*token|\w*key|secret|password|sig|signature|code)=)[^&#\s]+", re.IGNORECASE
)


def masked(text: str) -> str:
    """Return the text without card and account numbers, passwords and tokens somebody typed."""
    text = _TOKENS.sub(MASK, text)
    text = _BEARER.sub(rf"\1{MASK}", text)
    text = _IN_ADDRESS.sub(rf"\1{MASK}", text)
    text = _IBAN.sub(MASK, text)
    text = _LOOSE_IBAN.sub(_without_iban, text)
    text = _DIGITS.sub(_without_cards, text)
    return _SECRET.sub(_without_secret, text)


def _without_cards(found: re.Match[str]) -> str:
    """Mask the longest cards among the groups; an expiry date behind one must not hide it."""
    digits, kept, at = found.group(), [], 0
    for begin, end in _cards(digits):
        kept += [digits[at:begin], MASK]
        at = end
    return "".join([*kept, digits[at:]])


def _cards(digits: str) -> Iterator[tuple[int, int]]:
    groups = [group.span() for group in _GROUP.finditer(digits)]
    first = 0
    while first < len(groups):
        last = _end_of_card(digits, groups[first : first + _LONGEST_CARD])
        if last is not None:
            yield groups[first][0], groups[first + last][1]
            first += last
        first += 1


def _end_of_card(digits: str, groups: list[tuple[int, int]]) -> int | None:
    """Return with which of the groups a card ends that begins with the first; the longest."""
    found, together = None, ""
    for last, (begin, end) in enumerate(groups):
        together += digits[begin:end]
        if len(together) > _LONGEST_CARD:
            break
        if len(together) >= _SHORTEST_CARD and _passes_luhn(together):
            found = last
    return found


def _passes_luhn(digits: str) -> bool:
    """Check as every card number passes and few other numbers do."""
    numbers = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * number, 10)) for number in numbers[1::2])
    return (sum(numbers[::2]) + sum(doubled)) % 10 == 0


def _without_iban(found: re.Match[str]) -> str:
    """Mask the longest beginning that is an account number; words may stand right behind it."""
    text = found.group()
    ends = [match.end() for match in re.finditer(r"[a-z0-9]+", text, re.IGNORECASE)]
    for end in reversed(ends):
        if _is_iban(text[:end]):
            return MASK + text[end:]
    return text


def _is_iban(text: str) -> bool:
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    if len(plain) < _SHORTEST_IBAN:
        return False
    as_number = "".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])
    return int(as_number) % 97 == 1


def _without_secret(found: re.Match[str]) -> str:
    what, link, sign, value = found[1], found[2] or "", found[3], found[4]
    is_told = ":" in sign or "=" in sign
    if not is_told and value.strip(".!?…").lower() in _TELLS_NOTHING:
        return found.group()
    if MASK in value or not any(character.isalnum() for character in value):
        return found.group()
    return f"{what}{link}{sign}{MASK}"
