"""What would tell trainers who spoke: names, mail and postal addresses, telephone numbers.

What the account history calls the customer is known. Other names, and addresses, are known by the
words around them: somebody else's bare first name stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.conversations.masking import MASK, masked

# Who stands in for a customer in examples and tests; nobody is called so, or lives there.
NOBODYS_NAME, NOBODYS_ADDRESS = "Alex", "1 Example Street"
_EMAIL, _NUMBER, _FIGURES = "alex@example.com", "the number", "12345"
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")

_WORD = r"[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]+|['’][A-Z][a-zß-öø-ÿ]+|\.)(?:[-'’][A-ZÀ-Ö][a-zß-öø-ÿ]+)?"
_MORE = rf"(?: (?:(?:van|von|de|der|den|la|del|da) ){{0,2}}{_WORD})"
_NAME, _FULL_NAME = rf"{_WORD}{_MORE}{{0,3}}", rf"{_WORD}{_MORE}{{1,3}}"
# In small letters only what stands alone behind "my name is" is a name for certain.
_SMALL_NAME = r"[a-zß-öø-ÿ]+(?: [a-zß-öø-ÿ]+)?(?=\s*(?:[.,;!?]|\Z))"
_TELLS_NAME = (
    r"my (?:full |first |last |real )?name(?:['’]?s| is)|name ?[:=]|ich hei(?:ß|ss)e|mein name ist"
    r"|me llamo|mi nombre es|je m['’]appelle|mon nom est"
)
_SIGNS = r"regards|best wishes|sincerely|yours|cheers|gr(?:ü|ue)(?:ß|ss)e|saludos"
_TITLE = "Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Señora?|Madame|Monsieur"
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<before>\b(?i:{_TELLS_NAME})\s{{1,3}})(?:{_NAME}|{_SMALL_NAME})",
        rf"(?P<before>\b(?:{_TITLE})\.? ){_NAME}",
        rf"(?P<before>\b(?i:this is|i am|i['’]?m|hier ist|ich bin|soy|je suis) ){_FULL_NAME}",
        rf"(?P<before>\b(?i:{_SIGNS})[,.!]?\s{{1,3}}){_NAME}(?=[\s.!]*\Z)",
    )
)
# Names that are words too: in small letters they are words.
_WORDS_TOO = re.compile(
    r"art|baker|best|bill|bob|brown|black|chance|christian|cook|day|dawn|dean|drew|eve|faith|frank"
    r"|gene|grace|grant|green|guy|hope|iris|jack|joy|june|king|lily|long|mark|max|may|miles|more"
    r"|nick|pat|price|rich|rob|rose|sue|summer|victor|white|will|young",
    re.IGNORECASE,
)

_STREET = "street|road|avenue|ave|lane|boulevard|blvd"
_SHORT_STREET = (
    "St|Rd|Dr|Ct|Pl|Ln|Sq|Way|Drive|Court|Close|Place|Square|Terrace|Crescent|Gardens|Highway|Row"
)
# "3 blocks down the road" is no address.
_NO_STREET = "a|across|along|at|blocks?|down|from|in|my|of|on|our|over|per|that|the|this|to|up|your"
_GERMAN_STREET = "straße|strasse|str\\.|weg|platz|allee|gasse"
_ADDRESSES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<before>)\b\d{{1,5}}[a-z]? (?:(?!(?i:{_NO_STREET})\b)[A-Za-z'’.-]+ ){{1,3}}"
        rf"(?i:{_STREET})\b\.?",
        rf"(?P<before>)\b\d{{1,5}}[A-Za-z]? (?:{_WORD} ){{1,3}}(?:{_SHORT_STREET})\b\.?",
        rf"(?P<before>)\b[A-ZÄÖÜ][a-zäöüß-]*(?:{_GERMAN_STREET}) \d{{1,4}}\b",
        rf"(?P<before>)\b{_WORD} (?i:{_GERMAN_STREET}) \d{{1,4}}\b",
        rf"(?P<before>)\b(?:[Cc]alle|[Rr]ue|[Vv]ia) (?:de (?:la )?)?{_WORD},? \d{{1,4}}\b",
        r"(?P<before>)\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b",
        r"(?P<before>)\b[A-Z]{2} \d{5}(?:-\d{4})?\b",
        r"(?P<before>\b(?i:zip(?: code)?|post(?:al )?code|plz)(?i:[:=]| is)? )(?=\w*\d)\w{2,7}"
        r"(?: \d[A-Za-z]{2})?\b",
    )
)

_LONG_NUMBER = re.compile(r"(?<![\w.,€$£])#?\d{5,}(?![\w.,]*\d)")
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"(?<![\w-])\+?\(?\d(?:[ ()/.\u00a0-]{0,2}\d){6,}(?![\w-])")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?|\b\d\d?[ /.-]\d\d?[ /.-]\d{4}\b")
# Longer than an order's or an amount; with a 0 or a + in front no amount is shorter either.
_LONG, _LONG_AFTER_NOUGHT = 9, 7


def impersonal(text: str, names: Iterable[str] = ()) -> str:
    """Return the text without secrets and without what tells who spoke.

    `names` are what the account history calls the customer.
    """
    plain = EMAIL.sub(MASK, masked(text))
    return without_numbers(without_addresses(without_names(plain, names)))


def generalised(text: str, names: Collection[str] = (), keep: Collection[str] = ()) -> str:
    """Return a customer's words with somebody else's name, address, telephone and numbers.

    `names` are the customer's own; `keep` are numbers that mean something to the demo account.
    Amounts and lengths of time stay: they are what is meant.
    """
    shown = EMAIL.sub(_EMAIL, masked(text)).replace(MASK, _NUMBER)
    shown = without_numbers(without_addresses(shown, NOBODYS_ADDRESS), _NUMBER)
    shown = without_names(shown, names, NOBODYS_NAME)
    return _LONG_NUMBER.sub(
        lambda found: found.group() if found.group() in keep else _FIGURES, shown
    )


def without_names(text: str, names: Iterable[str] = (), instead: str = MASK) -> str:
    """Return the text without these names, and without those that people tell as theirs."""
    for pattern in _NAMED:
        text = pattern.sub(rf"\g<before>{instead}", text)
    said = text.casefold()
    # Few messages hold a name, and to make a pattern of each takes longer than to look for it.
    for name in sorted((one for one in names if one.casefold() in said), key=len, reverse=True):
        case = "" if _WORDS_TOO.fullmatch(name) else "(?i)"
        text = re.sub(rf"{case}(?<!\w){re.escape(name)}(?!\w)", instead, text)
    return text


def without_addresses(text: str, instead: str = MASK) -> str:
    """Return the text without streets with their numbers, and without post codes."""
    for pattern in _ADDRESSES if _DIGIT.search(text) else ():
        text = pattern.sub(rf"\g<before>{instead}", text)
    return text


def without_numbers(text: str, instead: str = MASK) -> str:
    """Return the text without telephone numbers, and without numbers as long as theirs."""
    return _DIGITS.sub(lambda found: instead if _is_long(found[0]) else found[0], text)


def numbers_in(text: str) -> list[str]:
    """Return the telephone numbers in the text, and the numbers as long as theirs."""
    return [found for found in _DIGITS.findall(text) if _is_long(found)]


def _is_long(digits: str) -> bool:
    if _DATE.search(digits):
        return False
    count = sum(digit.isdigit() for digit in digits)
    return count >= (_LONG_AFTER_NOUGHT if digits.lstrip("(")[0] in "0+" else _LONG)
