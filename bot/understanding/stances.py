"""What a clause holds about leaving: wished for, refused, taken back, asked about, or of another.

"Cancel my plan", "don't cancel my plan", "cancel my cancellation", "what if I cancel my plan?",
"cancel my order" and "cancel my gym" share nearly all their words. These patterns over plain text
(see `normalise`) tell them apart; the classifier weighs them with everything else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.understanding.leave_patterns import (
    DOING,
    DONE,
    FAREWELL,
    LINK,
    OURS,
    SURE_VERB,
    VERB,
)
from bot.understanding.stance_patterns import STANCES


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?:\b(?=\w)|(?=[,!?] ))(?:{pattern})")
        for name, pattern in STANCES.items()
    }


@lru_cache(maxsize=64)
def stances(plain: str) -> tuple[str, ...]:
    """Return the names of the stances that plain text, its breaks kept, takes."""
    return tuple(name for name, pattern in _patterns().items() if pattern.search(plain))


_EXPLICIT = re.compile(
    rf"\b(?:{SURE_VERB}|cancelling|cancelled|terminating|terminated|unsubscribing|cancellation"
    rf"|quitting|withdraw from{LINK} {OURS}"
    rf"|(?:{VERB}|{DOING}){LINK} {OURS}|{OURS}(?: \w+){{0,4}} {DONE})\b"
)
# "My deliveries get cancelled": done to the customer, not wished by them.
_DONE_TO_THEM = re.compile(
    r"\bdeliver\w+ (?:\w+ ){0,3}?(?:get|gets|getting|got|being|been|be|were|was|are|keep|keeps)"
    r" (?:\w+ )?cancelled\b|\b(?:you|u|they|driver|courier)(?: \w+){0,3} cancelled (?:my|our|the"
    r"|another|every)\b|\bcancelled (?:deliver\w+|box|boxes)\b"
)
# "I was about to cancel, but": told of a wish that has gone.
_GONE_BY = re.compile(
    r"\b(?:was|were) (?:\w+ )?(?:going|about|set|ready) to (?:\w+ )?"
    r"(?:cancel|end|leave|quit|stop|close)\b|\bhalf a mind to\b"
)
# Whatever else is asked for, it is asked for under this threat.
_ULTIMATUM = re.compile(
    r"\bor (?:else )?(?:i|we) (?:am|are|will be) "
    r"(?:going|gone|off|out|leaving|done|cancelling|quitting)(?= ?[,!]|$)"
)
# "Did a machine cancel this?" asks about it; "can you" and "how do I" may ask for it.
_ASKS_ABOUT = re.compile(
    r"^(?:and |so |but |hi |hello )*(?:did|is there|are there|was|which|who)\b"
)
_FAREWELL = re.compile(FAREWELL)
# "Please don't close mine" keeps it; "why don't you cancel it" and "if you don't cancel it" do not.
_REFUSED = re.compile(
    r"(?:^|[,!] )(?:(?:please|so|but|and|no|also|just|i said|wait|oh|hey|sorry|actually|yes|okay"
    r"|i repeat|whatever you do|then|there is|you) )*(?:do not|never|please no|need not"
    r"|no (?:need|reason) to) (?:you dare |\w+ )?(?:cancel|close|end"
    r"|terminate|delete|shut|stop) (?:my|mine|our|ours|it|us|me|anything|everything"
    r"|the (?:subscription|plan|account|membership|box|boxes))\b(?! (?:order|pan|bank|card))"
    r"|\b(?:no|not (?:the )?(?:slightest|least|any)) (?:\w+ )?(?:intention|intentions|wish|desire"
    r"|plans?) (?:of |to )(?:\w+ )?(?:go|going|leave|leaving|quit|quitting|stop|stopping|cancel"
    r"|cancelling|end|ending|part|parting)\b(?! (?:\w+ )?(?:order|paying))"
    r"|\bnot (?:going|want|wish)(?: \w+)? (?:to )?(?:stop|stopping|end|ending|leave|leaving"
    r"|cancel|cancelling) (?:altogether|for good|entirely|completely)\b"
    r"|\bnot (?:stopping|ending|leaving|cancelling)(?: it| things)? (?:altogether|for good"
    r"|entirely|completely)\b|\bdo not (?:go |be )cancelling\b"
    # "I'd prefer a pause to cancelling", not "I'd prefer you to cancel".
    r"|\b(?:prefer|rather|sooner)(?: (?!cancel|leav|quit)\w+){1,6} (?:to|over|than|instead of)"
    r" (?:cancelling|leaving|quitting|a cancellation)\b"
)
_OURS = re.compile(rf"\b{OURS}\b")
# "Delete everything you know about me" means data; it ends nothing.
_OF_DATA = re.compile(
    r"\beverything (?:(?:that )?(?:you|u)(?: guys| all)?(?: have)? (?:know|have|hold|keep|store"
    r"|got|saved|stored|collected|kept)|(?:about|on|of) (?:me|us|mine)\b)"
)
_OTHERWISE = frozenset(("not", "undo", "change"))
_ANOTHERS = _OTHERWISE | {"elsewhere", "mailing", "order"}
_SAID_OTHERWISE = _OTHERWISE | {"elsewhere", "box", "pause", "mailing"}
_NOT_NOW = _ANOTHERS | {"terms", "box", "pause"}


def states_wish_to_leave(parts: Sequence[str]) -> bool:
    """Whether a clause says in so many words to end what we provide, and none says otherwise.

    `parts` are a message's clauses in plain text. "Cancel it" after a clause about an order or
    another company means that; "cancel my plan" does not.
    """
    taken = [frozenset(stances(part)) for part in parts]
    said = frozenset().union(*taken)
    return any(
        _is_plain_wish(part, held) and not (_OTHERWISE if _OURS.search(part) else _ANOTHERS) & said
        for part, held in zip(parts, taken, strict=True)
    )


def refuses_to_leave(parts: Sequence[str]) -> bool:
    """Whether a clause tells us not to end it, and none wishes that we did."""
    others = [part for part in parts if "?" in part or not _REFUSED.search(part)]
    told = len(others) < len(parts)
    return told and not (states_wish_to_leave(others) or takes_leave(others))


def takes_leave(parts: Sequence[str]) -> bool:
    """Whether a clause says goodbye for good: "so I'm off", "jack it in", "get me out of it".

    That is a wish to leave beside a complaint or a cause; alone it may end the chat only.
    """
    said = frozenset().union(*(stances(part) for part in parts))
    if "not" not in said and any(_ULTIMATUM.search(part) for part in parts):
        return True
    return not said & _SAID_OTHERWISE and any(
        _FAREWELL.search(part) and "?" not in part and not _REFUSED.search(part) for part in parts
    )


def _is_plain_wish(part: str, held: frozenset[str]) -> bool:
    if "leave" not in held or _NOT_NOW & held:
        return False
    if any(pattern.search(part) for pattern in (_OF_DATA, _DONE_TO_THEM, _GONE_BY, _ASKS_ABOUT)):
        return False
    return bool(_EXPLICIT.search(part))
