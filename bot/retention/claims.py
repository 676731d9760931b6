"""Claims: what a sentence says about leaving, held against what leaving is here.

Leaving is possible at any time, in the chat, by oneself, and costs nothing; what is the customer's
stays theirs; goods and money come back as the law and the company's promises say. A sentence that
says otherwise is false, whatever its words. It is read for three things: whether it is about
leaving, what burden or bar it names, and whether it denies that burden. It reads lower-case text
with plain apostrophes. What it finds and misses is measured: see `bot/docs/pressure.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTRACT = r"(?:subscriptions?|plans?|contracts?|accounts?|it|this|them|yours?|boxes)"
_LEAVING = re.compile(
    r"\b(?:cancel\w*|quit\w*|unsubscrib\w*|get out|let you go|leav(?:e|es|ing)"
    r"(?! (?:it|the other|a message|everything|that) )"
    rf"|(?:end|clos|stop|terminat)(?:e|ed|es|s|ing)? (?:\w+ )?{_CONTRACT}"
    rf"|{_CONTRACT}[^,]{{0,40}}? (?:be |gets? )(?:ended|closed|stopped|given up|locked))\b"
)
# What is said to be no burden, or left to the customer.
_DENIED = re.compile(
    r"\b(?:no|not|nothing|nobody|never|none|without|needn't|free|unless|avoid|waived|stays?)\b|n't\b"
)
_LEFT_TO_THEM = re.compile(r"\bas well\b|\btoo\b|\bif you (?:prefer|like|want|wish)\b|\bcan help\b")
# Bars that are there: it has ended or left us, it is not said which, billing does not answer, it
# is somebody else's.
_TRUE_BAR = re.compile(
    r"\balready\b|\bwhich\b|\bjust now\b|\bnot answer\b|\b(?:an|the|your|that) (?:order|parcel)\b"
    r"|\bleft us\b|\bundone\b|\bcharged\b|\baccount holder\b"
)
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]?")


@dataclass(frozen=True)
class _Claim:
    """A kind of false claim: its words, whether it must be about leaving, and what makes it true.

    `unless` are readings that take the claim back.
    """

    says: re.Pattern[str]
    about_leaving: bool = True
    unless: tuple[re.Pattern[str], ...] = (_DENIED,)


_CLAIMS = (
    # It cannot be done, or at certain times and places only.
    _Claim(
        re.compile(
            r"\b(?:can't|cannot|can not|won't let|not possible|impossible|isn't possible|no way to"
            r"|out of the question|(?:not|isn't|aren't) allowed|unable to|against the rules"
            r"|can only|only (?:\w+ ){1,6}can|can (?:\w+ ){0,2}only)\b"
        ),
        unless=(_TRUE_BAR,),
    ),
    # A time that has to pass, or a term that binds.
    _Claim(
        re.compile(
            r"\bnotice\b|\bminimum (?:term|period|time)\b|\b(?:at the|the) earliest\b"
            r"|\bnext possible (?:date|day|time)\b|\b(?:once|twice) a (?:year|month|quarter)\b"
            r"|\b(?:days|weeks|months|years) later\b|\b(?:have|need|has) to wait\b|\bmust wait\b"
            r"|\bhad to be in\b|\b(?:only|not|n't)? ?(?:during|in|within) the first (?:\w+ )?year\b"
        ),
    ),
    _Claim(
        re.compile(
            r"\bnotice period of\b|\bminimum term of\b"
            r"|\b(?:committed|tied|bound) (?:to|for|until)\b"
            r"|\b(?:law|rules?|contract|terms?) (?:\w+ ){0,2}(?:oblige|require|forbid)\w*\b"
            r"|\bby law\b[^.]*\b(?:runs?|keep|stay|until|pay)\b"
        ),
        about_leaving=False,
        unless=(_DENIED, re.compile(r"\bmoney back\b|\bwithdraw\b")),
    ),
    # Money for it.
    _Claim(
        re.compile(
            r"\b(?:fee|cost|costs|penalty|billed|charged)\b|\b(?:handling|extra|final) charge\b"
            r"|\bpay(?:ing|s)? (?:for|half|the rest|back|all|more)\b"
            r"|\b(?:giv\w+|hand\w*|pay\w*) back\b|\bkeep (?:the|your) last (?:payment|charge)\b"
        ),
        unless=(_DENIED, re.compile(r"\blast charge was\b|\bmoney back\b|\bpaid (?:until|for)\b")),
    ),
    _Claim(
        re.compile(r"\b(?:have|has|had) to pay (?:for|back)\b|\bmust pay (?:for|back)\b"),
        about_leaving=False,
    ),
    # Somebody or something it needs.
    _Claim(
        re.compile(
            r"\b(?:need|needs|must|has to|have to|handled|only|'d need)\b[^.]*"
            r"\b(?:hotline|telephone|phone|ring|call|office|letter|fax|shop|branch|signed|signature"
            r"|in person|colleague|approved|confirmed by|head of|original contract|documents?)\b"
        ),
        unless=(_DENIED, _LEFT_TO_THEM),
    ),
    # What is lost by it, or closed afterwards.
    _Claim(
        re.compile(
            r"\b(?:gone|lost|expires?|forfeited|locked|shut out|reported|blocked)\b"
            r"|\b(?:lose|loses|losing)\b[^.]*\b(?:forever|for ever|for good|everything|all)\b"
        ),
    ),
    _Claim(
        re.compile(
            r"\b(?:not allowed|won't be|cannot|can't|never)\b[^.]*"
            r"\b(?:back|again|there any ?more)\b"
        ),
        unless=(_TRUE_BAR,),
    ),
    # Rights there are, denied.
    _Claim(
        re.compile(
            r"\bnever (?:refund|pay back|give back|given back|paid back|refunded)\w*\b"
            r"|\bno right (?:of|to) (?:withdraw\w*|change|return|send|a refund|cancel|leave)"
            r"|\bwon't get (?:a|any|your) (?:refund|money)\b|\brefunds? (?:is|are) only\b"
            r"|\bpromise (?:does not|doesn't) (?:hold|apply|count)\b"
            r"|\b(?:goods|orders?|parcels?|it) (?:can't|cannot) be (?:sent back|returned)"
            r" (?:once|if|when|after)\b"
        ),
        about_leaving=False,
        unless=(),
    ),
)


def false_claim(text: str) -> str | None:
    """Return the first sentence of `text` that claims something false of leaving, if there is one.

    A question claims nothing.
    """
    sentences = (found.group().strip() for found in _SENTENCE.finditer(text))
    return next((one for one in sentences if not one.endswith("?") and _is_false(one)), None)


def _is_false(sentence: str) -> bool:
    leaves = _LEAVING.search(sentence) is not None
    return any(
        claim.says.search(sentence)
        and (leaves or not claim.about_leaving)
        and not any(reading.search(sentence) for reading in claim.unless)
        for claim in _CLAIMS
    )
