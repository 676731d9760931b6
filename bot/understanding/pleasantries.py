"""Courtesies around what is said: a greeting before it and thanks after it want nothing.

Most wishes to leave are written politely, so that "hi" and "thank you" speak for leaving by
themselves. What is meant is what is left without them, unless a courtesy may be all there is: see
`Engine.parse`. A "please" is more: it makes a wish of a question ("can I get it stopped please"),
but none of a complaint.
"""

from __future__ import annotations

import re

from bot.understanding.chat_words import SHORTHAND

# Beside fewer words the thanks may be what is meant: "no thanks", "got it, thank you".
FEWEST_WORDS = 3
# Thanks are looked for in so many characters at the end, so that no text takes up much time.
_AT_THE_END = 60

_GREETING = re.compile(
    r"\W*(?:(?:hi(?!-)|hello|hey|hiya|hallo|howdy|greetings|g'?day"
    r"|good (?:morning|afternoon|evening|day))\b"
    r"(?:[ ,]+(?:there|again|all|everyone|everybody|team|larder|guys|folks|you|both)\b(?! \w*'))?"
    r"(?:[ ,]+good (?:morning|afternoon|evening|day)\b)?[\s,.!;:…-]*)+",
    re.IGNORECASE,
)
# Sounds before one begins; "ok" agrees to something only where little follows.
_OPENING = re.compile(
    r"\W*(?:listen\s*,\s*|(?:ok|okay|okey|well|um+|uh+|erm+|hm+)\b[\s,.!;:…-]+)+", re.IGNORECASE
)
_THANKS = re.compile(
    r"(?:[\s,.!;:…-]*\b(?:many |kind )?(?:thanks|thank you|thankyou|thank u|thx|thnx|tnx|tks|ty"
    r"|cheers)(?: (?:so much|very much|a lot|in advance|a million|again))?"
    r")+[\s.!,…]*$",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    r"^\W*(?:please|pls|plz)\b[\s,]*|(?<![\s,.!])[\s,.!]*\b(?:please|pls|plz)\b[\s.!…]*$",
    re.IGNORECASE,
)
_SHORT_PLEASE = re.compile(
    rf"\b(?:{'|'.join(short for short, full in SHORTHAND.items() if full == 'please')})[sz]*\b",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:\s*(?:\.{2,}|…))+\s*$")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def without_courtesies(text: str) -> str:
    """Return what stands between a greeting or an "ok" and thanks, if that is more than little.

    Dots behind it, where somebody fell silent, say nothing either.
    """
    text = _behind(_OPENING, _behind(_GREETING, text))
    found = _THANKS.search(text, max(0, len(text) - _AT_THE_END))
    if found and len(_WORD.findall(text, 0, found.start())) >= FEWEST_WORDS:
        text = text[: found.start()]
    found = _TRAILING.search(text, max(0, len(text) - _AT_THE_END))
    return text[: found.start()] if found and found.start() else text


def without_please(text: str) -> str:
    """Return the text without a "please" that it begins or ends with."""
    return _PLEASE.sub("", text)


def with_please_in_full(text: str) -> str:
    """Return the text with "please" for "pls" and the like, for whoever would read more into it.

    Who asks to leave in a hurry writes it short, so that it spoke for leaving by itself.
    """
    return _SHORT_PLEASE.sub("please", text)


def _behind(courtesy: re.Pattern[str], text: str) -> str:
    found = courtesy.match(text)
    said = found and len(_WORD.findall(text, found.end())) >= FEWEST_WORDS
    return text[found.end() :] if found and said else text
