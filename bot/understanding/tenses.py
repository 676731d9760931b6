"""What is told of the past and what is still to come, from the words around a day or a month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from bot.understanding.wordlists import word_set

UNTIL = ("until", "till", "til", "untill", "til", "'til", "unti")


@dataclass(frozen=True)
class Said:
    """A matched piece of text: its lower-case words, and what stands before and after it."""

    words: Sequence[str]
    before: Sequence[str]
    after: Sequence[str]
    capital: bool = False

    def follows(self, *words: str) -> bool:
        """Whether the word before, an article left out, is one of these."""
        before = [word for word in self.before if word not in ("the", "this", "around", "about")]
        return bool(before) and before[-1] in words

    @property
    def sentence(self) -> list[str]:
        """The words before, as far as the same sentence goes."""
        before = list(self.before)
        ends = [place for place, word in enumerate(before) if word in (".", "!", "?", ";")]
        return before[ends[-1] + 1 :] if ends else before

    @property
    def alone(self) -> bool:
        """Whether nothing but signs stands beside it."""
        return not any(word.isalnum() for word in (*self.before, *self.after))


_TOLD = re.compile(
    r"^(?:was|were|had|did|lost|bought|got|paid|came|died|went|took|ago|told|became|haven't|laid"
    r"|sent|quit|rang|spoke|statement|broke|made|gave|left|been|began|taken|ended|found|ate|eaten"
    r"|threw|thrown|said|saw|seen|felt|fell|forgot|kept|sold|stood|wrote|written"
    r"|given|chose|grew|held|knew|met|ran|rotted|sat|spent|stole|wasn|weren|didn|hadn|shows"
    r"|buried|woke|smelt|leaked|\w{3,}ed)$"
)
_NOT_TOLD = word_set(
    "need exceed indeed speed feed breed tired supposed scheduled expected planned booked "
    "interested fed-up stressed required allowed hundred united married engaged wicked naked "
    "limited detailed advised proceed embed succeed unused"
)
# Such a word before it makes it a passive or a wish: "be charged on", "get it delivered by".
_BEFORE_PASSIVE = re.compile(r"^(?:be|get|being|getting|to|not|n't|want|need|it|them|mine|if)$")
_NOW = word_set("is are am 'm m 're re having being 's getting")
_SPEAKS_OF = re.compile(r"^(?:it|them|mine)$")
_TO_COME = word_set(
    "would will wo shall should can could may might must 'll ll gon going please pls plz want need "
    "wish skip pause cancel stop hold leave resume start restart"
)
_HAVE = word_set("have 've of")
# "It should have come on Monday" is past all the same.
_SHOULD_HAVE = frozenset(product(("should", "could", "would", "must", "might"), _HAVE))
_BOX = word_set("box boxes delivery deliveries order parcel meals meal kit one shipment lot")
_ARRANGED = word_set("booked scheduled planned arranged pencilled")
_HAPPENED = re.compile(
    r"^(?:was|were|came|had|never|turned|showed|arrived|went|smelled|smelt|looked|tasted|leaked"
    r"|got|contained|missed|did|ended|landed)$"
)
_CHANGES = word_set(
    "remove take leave swap change add skip put cancel drop send stop keep pause push move deliver "
    "make hold miss when is will can could would where has does do if"
)
_PAPERS = word_set("invoice bill statement receipt invoices bills statements receipts")
_WAS = word_set("was were")
_STILL_OPEN = word_set(
    "wondering hoping thinking told going planning asked wanting looking supposed due about meant "
    "charged"
)


def is_past(said: Said) -> bool:
    """Whether the sentence tells of what has happened: "charged on", but not "be charged on"."""
    if said.follows(*UNTIL):
        return _was_until(said.sentence)
    before = said.sentence[-11:]
    if said.follows("dated") or (said.follows("of", "from") and _PAPERS & {*before[-4:]}):
        return True  # "the invoice from 12 June"
    if _is_since(before) or any(pair in _SHOULD_HAVE for pair in pairwise(before)):
        return True
    told = _last_told(before)
    if told is not None and before[-3:-1] != ["were", "to"]:
        return not _turns_to_the_future(before[told + 1 :])
    return _opens_a_story(before, said.after) or _is_in_the_box(before, said)


def _last_told(before: Sequence[str]) -> int | None:
    """Return the place of the last word that tells of the past."""
    for place in range(len(before) - 1, -1, -1):
        word, previous = before[place], before[place - 1] if place else ""
        if word in _NOT_TOLD or not _TOLD.match(word):
            continue
        if word in _WAS and _ARRANGED & {*before[place : place + 4]}:
            continue  # "was booked for the 22nd"
        passive = bool(_BEFORE_PASSIVE.match(previous))
        if word.endswith("ed") and _NOW & {*before[max(0, place - 4) : place]}:
            continue  # "it is fixed by Friday"
        if passive and _SPEAKS_OF.match(previous):
            # "It arrived" tells, "want it delivered" does not.
            passive = bool(set(before[:place]) & _TO_COME)
        if not passive:
            return place
    return None


def _is_since(before: Sequence[str]) -> bool:
    """Tell "since May", "since his passing in May" from "since we move in May"."""
    if "since" not in before:
        return False
    rest = before[before.index("since") + 1 :]
    return not rest or (rest[0] in _OF_WHOM and not {*rest} & (_NOW | _TO_COME))


_OF_WHOM = word_set("his her my our their the last early late mid about around back")


def _turns_to_the_future(words: Sequence[str]) -> bool:
    return any(
        word in _TO_COME and following not in _HAVE for word, following in pairwise((*words, ""))
    )


def _opens_a_story(before: Sequence[str], after: Sequence[str]) -> bool:
    """Tell "Monday's box was late" and "On the 3rd I ordered" from "is Monday's box late?"."""
    if {*after} & _TO_COME:
        return False
    if len(before) <= 2 and any(_TOLD.match(w) and w not in _NOT_TOLD for w in after):
        return True
    of_it = [word for word in after if word not in _BOX and word not in ("'s", "s")]
    return bool(of_it) and bool(_HAPPENED.match(of_it[0]))


def _is_in_the_box(before: Sequence[str], said: Said) -> bool:
    """Tell "no salmon in Monday's box" from "leave the salmon out of Monday's box"."""
    whose = said.after[:1] in (["'s"], ["s"]) or said.words[-1].endswith("s")
    box = any(word in _BOX for word in said.after[:2])
    return whose and box and said.follows("in", "from", "inside") and not set(before) & _CHANGES


def _was_until(sentence: Sequence[str]) -> bool:
    """Tell "I was on duo until May" from "I was hoping to pause until May"."""
    places = [place for place, word in enumerate(sentence) if word in _WAS]
    if not places:
        return False
    rest = sentence[places[-1] + 1 :]
    return not (set(rest) & (_STILL_OPEN | _TO_COME))
