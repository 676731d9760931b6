"""How something is said: in hardship, both, fraud, law, anger. Pure tests on a text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields

from bot.understanding.hardship import HARDSHIP, RELATIVE
from bot.understanding.normalise import normalise

# All patterns read plain text (see `normalise`): lower case, contractions written out.
_HARDSHIP = re.compile(rf"\b(?:{HARDSHIP})")
_HARDSHIP_WITH_LIFE_EVENT = re.compile(
    r"\b(?:ill|sick|died|dying|accident|injur\w+|lost|death|dead|struggling|recover\w*|health"
    r"|treatment|benefits|fall|care|unwell|operation|therapy|killed|gone forever|passed|passing)\b"
)
_NO_HARDSHIP = re.compile(
    r"(?:app|site|website|phone|battery|laptop|plants?|basil|fridge|freezer|oven|interest|wifi"
    r"|internet|computer|tablet|stove|hob|cooker|kettle|herbs?|parsley|screen|link|lettuce|salad"
    rf"|chat)(?: (?!(?:he|she|{RELATIVE})\b)\w+){{0,2}} (?:died|is dead|is dying|dead|dying)"
    r"|work(?:s|ed|ing)? (?:in|at|for) (?:a|the|an) (?:\w+ )?hospital"
    r"|(?:nights?|shifts?|days|nurse|nursing|doctor|porter|cleaner|cook|surgeon|midwife|job|lates"
    r"|volunteer\w*) (?:\w+ )?(?:at|in|on|for) (?:a |the |an |our |my )?(?:\w+ )?(?:hospital"
    r"|hospice|care home|nursing home|icu|nicu|intensive care)"
    r"|hospitality|kidney beans?|flooded with|sick (?:of|and tired)|ill fitting|debt to|stroke of"
    r"|cancer(?:ian| season)|dying (?:to|for)|drop dead|dead (?:end|slow|easy|line|wrong)"
    r"|(?:your|opening|delivery|business|phone|support|hotline|office|service|store|shop"
    r"|kitchen) (?:\w+ )?hours|lost (?:\w+ ){1,3}(?:log ?in|passwords?|passcode|pin|receipts?"
    r"|keys?)"
    r"|lost (?:my|our|his|her) (?:work|home|house) (?:phone|laptop|badge|page)"
    r"|(?:time|date|deadline|window|day|week|month|weeks|months|days) (?:has|have|had) passed"
    r"|gas or electric\w* (?:hob|oven|cooker|stove|grill)"
)

_BOTH = re.compile(
    r"\bboth\b|\ball (?:of (?:them|it|my|the)|my (?:subscriptions|plans|accounts|boxes|subs)"
    r"|the (?:subscriptions|plans|accounts)|two|three|0|everything)\b|^all$|\beverything\b"
    r"|each of them|every one of|the (?:whole )?lot\b|the two of them|^(?:the )?two$"
    r"|all subscriptions"
)
_NOT_BOTH = re.compile(r"\b(?:not|neither|either)(?: \w+)? (?:both|all|everything)|both times")

_FRAUD = re.compile(
    r"fraud\w*|\bscam\w*|unauthori[sz]ed|identity theft|stolen (?:card|identity|my)|stole my|hacked"
    r"|hacker|phish\w*|(?:someone|somebody|some one) (?:\w+ ){0,3}(?:used|using|opened|signed"
    r"|ordered|bought|charged|logged|changed|hijack\w*|has my)|not (?:me|mine) who|was not me"
    r"|never (?:signed up|opened|made|had|created|authori[sz]ed|ordered (?:this|anything|from)"
    r"|heard of (?:you|larder))|(?:do not|did not|not) (?:recogni[sz]e|authori[sz]e|make"
    r"|know) (?:this|the|that|a|these|any|it|your)? ?(?:charge|payment|transaction|order"
    r"|subscription|account|purchase|debit|0)|not my (?:account|subscription|order|charge)"
    r"|without (?:my|our) (?:permission|consent|knowledge|authori[sz]ation)|fake (?:charge|account"
    r"|order)|used my (?:card|name|account)"
)
_LEGAL = re.compile(
    r"lawyers?|attorney|solicitor|\bsue\b|\bsuing|lawsuit|legal (?:action|steps|team|advice|matter"
    r"|proceedings|counsel|route|threat)|small claims|see you in court|(?:to|in) court|\bftc\b"
    r"|\bbbb\b|\bcfpb\b|better business|consumer (?:protection|affairs|rights|law|agency|watchdog"
    r"|advice)|trading standards|ombudsman|regulator\b|charge ?back|dispute (?:the|this|it|with"
    r"|your)|illegal|unlawful|against the law|breach of|press charges|class action"
    r"|false advertising|violat\w+|report(?:ing)? you|small claim|prosecut\w+|litigation"
    r"|go to the (?:press|police|media)"
    r"|you (?:will|are going to) (?:be )?hear(?:ing)? from (?:my|our)\b"
)
_ANGER = re.compile(
    r"\bangry\b|furious|fuck\w*|shit\w*|bullshit|\bass ?holes?\b|idiots?\b|morons?\b|bastards?\b"
    r"|pathetic|disgrace\w*|disgusting (?:company|service|behavio\w+)|outrag\w+|livid|screw you"
    r"|go to hell|what the hell|worst (?:company|service|customer|experience)|fed up"
    r"|sick (?:and tired|of (?:you|this|your))|unbelievable|unacceptable|ridiculous|a joke\b"
    r"|incompetent|useless|crap\b|garbage|rubbish|thieves|liars?\b|crooks?|hate (?:you|this)"
    r"|stupid (?:bot|company|chat)"
)
# Somebody who needs a person now, whatever else they say.
_DISTRESS = re.compile(
    r"suicid\w*|kill(?:ing)? my ?self|end(?:ing)? my (?:own )?life|end it all|take my own life"
    r"|(?:do not|did not) want to (?:live|be alive|be here|wake up)|no reason to live"
    r"|(?:hurt|harm|cut)(?:ting|ing)? my ?self|self harm\w*|better off dead"
    r"|(?:can ?not|could not) (?:cope|go on|take (?:it|this|much|any)(?: \w+)? ?(?:more|longer))"
    r"|(?:i am|i have been|sitting here|sat here|just) (?:\w+ )?(?:crying|sobbing|in tears)"
    r"|(?:burst into|reduced me to) tears|panic attacks?|break(?:ing)? ?down in tears"
    r"|nervous breakdown|(?:i am|i feel) (?:so |completely |utterly |really )?"
    r"(?:desperate|overwhelmed|hopeless|at breaking point|falling apart|terrified)"
)
_NO_DISTRESS = re.compile(
    r"(?:crying|sobbing|in tears|tears)(?: \w+){0,3} (?:onions?|shallots?)"
    r"|(?:onions?|shallots?)(?: \w+){0,4} (?:crying|tears)|crying (?:baby|laughing|with laughter)"
    r"|desperate (?:for|to) (?:try|taste|cook|more)|tears of (?:joy|laughter)"
    r"|overwhelmed (?:by|with) (?:the )?(?:food|choice|choices|boxes|options|recipes|emails)"
)


@dataclass(frozen=True)
class Signals:
    """What was heard beside the intent; `language` is `en`, `de`, `es` or `fr`."""

    insisting: bool = False
    immediate: bool = False
    hardship: bool = False
    both: bool = False
    fraud: bool = False
    legal: bool = False
    anger: bool = False
    distress: bool = False
    wants_to_leave: bool = False
    language: str = "en"

    def heard(self) -> tuple[str, ...]:
        """Return the names of the signals that were heard."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is True)


def is_hardship(text: str, reasons: Collection[str]) -> bool:
    """Whether bereavement, illness, lost income, debt or the like is told.

    Not being able to afford the price is none by itself; a move or a birth is none either.
    """
    plain = _NO_HARDSHIP.sub(" ", normalise(text))
    if _HARDSHIP.search(plain):
        return True
    return "life_event" in reasons and bool(_HARDSHIP_WITH_LIFE_EVENT.search(plain))


def wants_both(text: str) -> bool:
    """Whether all the customer's subscriptions are meant."""
    plain = normalise(text)
    return bool(_BOTH.search(plain)) and not _NOT_BOTH.search(plain)


def mentions_fraud(text: str) -> bool:
    """Whether a charge, order or account is said not to be the customer's own doing."""
    return bool(_FRAUD.search(normalise(text)))


def mentions_law(text: str) -> bool:
    """Whether courts, lawyers, regulators or a charge-back are brought up."""
    return bool(_LEGAL.search(normalise(text)))


def is_distressed(text: str) -> bool:
    """Say whether somebody cannot cope: that calls for a person, not for an answer."""
    plain = normalise(text)
    return bool(_DISTRESS.search(plain)) and not _NO_DISTRESS.search(plain)


def sounds_angry(text: str) -> bool:
    """Whether the words are those of an angry person."""
    return bool(_ANGER.search(normalise(text)))
