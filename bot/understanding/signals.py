"""How something is said: insisting, at once, in hardship, both, fraud, law. Pure tests on a text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from functools import lru_cache

from bot.understanding.clauses import clauses
from bot.understanding.cues import HARDSHIP
from bot.understanding.normalise import normalise

# All patterns read plain text (see `normalise`): lower case, contractions written out.
_LEAVE = (
    r"(?:cancel(?:led|ling|lation)?|end (?:it|this|my|the|our)|end(?:ed)?\b|stop (?:it|this|my|the"
    r"|our|everything|all|charging|billing|sending)|close (?:it|this|my|the|our|everything)|closed"
    r"|terminat(?:e|ed|ion)|discontinue|quit|unsubscribe|leave\b|shut (?:it|this|my|the) ?(?:down)?"
    r"|delete (?:it|this|my account|the account)|get (?:me )?out|get rid|want out|wind it up|kill it"
    r"|take me off|be done|not renew|be over|sign me off)"
)
_NOT_LEAVING = re.compile(
    r"\b(?:do not|does not|did not|never|not|without|please no|no need to|instead of|rather than"
    r"|stop)(?: \w+){0,2} (?:cancel(?:led|ling)?|close|end|terminate|leave|delete)\b(?! (?:fast|soon"
    r"|quick))"
)
_QUESTION = re.compile(
    r"^(?:and |so |but |hi |hey |hello |okay )*(?:how|what|when|where|why|will|would (?!you)"
    r"|do (?!it)|does|is|are|if|should|am)\b|\bif (?:i|we|you|it|this)\b|\bcan i (?:also|still|only)"
)
_JUST = re.compile(
    r"(?<!can i )(?<!could i )(?<!do i )(?<!may i )(?<!should i )(?<!if i )(?<!can we )"
    r"(?<!could you )(?:\bjust|\bsimply|all i want is to|\bonly want to) (?:please |go ahead and "
    r"|do it and |want to |want it |want this |want you to |wanna |want |need to |need it |need you "
    r"to |let me |bloody |freaking |fucking |damn )*(?:cancel(?:led|lation)?\b|end (?:it|this|my"
    r"|the)|ended|close (?:it|this|my|the)|closed|terminate|stop (?:it|this|my|the|charging|billing)"
    r"|quit\b|unsubscribe|leave\b|out\b|get (?:me )?out|shut it|delete (?:it|my account)|gone\b"
    r"|over\b|be done|do it\b)"
)
_IMPATIENT = re.compile(
    rf"{_LEAVE}(?: \w+){{0,7}}? (?:(?<!for )(?<!until )(?<!by )now\b(?! on)|today|tonight|already"
    r"|immediately|right now|right away|at once|straight away|straightaway|this (?:instant|minute"
    r"|second|moment)|instantly|as soon as possible|without delay|period$|full stop|end of story"
    r"|anyway|regardless|whatever|for good|once and for all|and that is (?:it|all|final)|nothing "
    r"else|no matter what|and nothing)|\b(?:immediately|right now|now|today|at once) (?:\w+ ){0,2}"
    r"(?:cancel|close|end|terminate|stop) (?:it|this|my|the|everything)"
)
_AGAIN = re.compile(
    rf"(?:\bsaid|told you|have told|asked you|have asked|keep asking|keep saying|i repeat|once "
    rf"(?:again|more)|\bagain\b|still (?:want|wish|need|would like|going)|\banyway)(?: \w+){{0,8}}? "
    rf"{_LEAVE}|for the (?:second|third|fourth|last|umpteenth|0|hundredth|final|0 \w+) time"
    r"|how (?:many times|often do i)|(?:second|third|fourth|0) time i (?:ask|say|tell|am)"
    r"|like i said|as i said|i already (?:said|told|asked)|do not make me (?:ask|repeat|say)"
    r"|i am (?:very |quite |absolutely |pretty )?(?:sure|certain|positive)\b|\bstill cancel"
)
_NO_TALK = re.compile(
    r"\b(?:no|not|without|skip|save|spare|stop|enough|never|keep|forget)(?: (?:me|the|your|any|more"
    r"|want|with|of|need|other|special|further|please|all|to hear|sending|making|interested in))*"
    r" (?:offers|deals|discounts|pitch|pitches|sales ?pitch|sales talk|spiel|upsell\w*|retention"
    r"|small talk|questions asked|speech|counter ?offers?|persua\w+|ifs|buts|surveys?|sob stor\w+"
    r"|nonsense|bullshit|games|haggling|negotiat\w+|discussion|arguments?|begging)"
    r"|(?:do not|stop|no point(?: in)?|quit|please do not)(?: even)?(?: bother)? ?(?:try|trying)"
    r"(?: to| and)? (?:talk|keep|persuad\w+|convinc\w+|sell|chang\w+|save|retain|win|stop|hold)"
    r"|talk(?:ing)? me out|do not (?:talk|persuade|convince|sell)(?: \w+){0,2} (?:me|anything)"
    r"|(?:nothing|no offer|no discount|no deal)(?: \w+){0,6} (?:change|convince|keep|stop|persuade)"
    r"|(?:mind is|mind s|have|already) (?:\w+ )?made (?:up|my)|made up my mind|made my decision"
    r"|decision is (?:final|made)|final (?:decision|answer)|not (?:up for|open to) (?:discussion"
    r"|debate|negotiation|offers|suggestions)|not negotiable|(?:will|can) not change my mind"
    r"|not going to change my mind|no going back|i insist|i demand|spare me"
)
_UNWANTED = re.compile(
    r"(?:do not (?:want|need|care (?:for|about))|not interested in|no need for|no more|not after|no)"
    r" (?:a |an |any |your |the |more |other |another |that |this |to )*(?:offer|deal|discount"
    r"|alternative|pause|coupon|voucher|option|downgrade|credit|promo|break|skip|help|reason"
    r"|survey|feedback|question|fuss|hassle|drama|chat|talk)s?\b|none of your business"
    r"|(?:do not|not|rather not|will not|not going to)(?: \w+){0,3} (?:say|tell|explain|discuss"
    r"|give (?:you )?(?:a |any |my )?reasons?|answer|share|justify)\b(?: (?:why|you|it|that|my))*"
    r"|(?:does not|doesn t) matter why|no reason|never mind why|stop asking|why (?:are you|do you) "
    r"(?:still|keep)|(?:do not|no) (?:ask|question)"
)
_REFUSAL = re.compile(r"^(?:no|nah|nope|not interested|negative|absolutely not|yes|okay)\b")
_PROCEED = re.compile(
    rf"(?:go ahead|proceed|carry on|do it|please confirm|i confirm)(?: \w+){{0,3}} {_LEAVE}"
    rf"|^(?:yes|yeah|okay|sure)(?: \w+){{0,4}} {_LEAVE}"
    rf"|^no(?: \w+){{0,3}} {_LEAVE}"
)
_LEAVES = re.compile(rf"\b{_LEAVE}")
_SHOUTED = re.compile(r"! !")

_AT_ONCE = re.compile(
    r"\b(?:immediately|right now|right away|straight ?away|at once|this (?:very )?(?:instant|minute"
    r"|second|moment)|instantly|effective (?:immediately|today|now|at once|right)|(?:as of|from"
    r"|starting|beginning|per) (?:today|now\b(?! on)|right now|this moment|immediately)|immediate "
    r"effect|(?:the )?effect (?:immediately|today|now)|on the spot|(?:not|instead of)(?: \w+){0,3} "
    r"(?:at|until|till|by) the (?:end|next)|(?:do not|not going to|will not|not|can not) (?:\w+ ){0,3}"
    r"wait (?:until|till|for the|to the)|today not)"
)
_REFUND = re.compile(
    r"\b(?:with (?:a |an |full |my |the |immediate )*refund|(?:and|then|also|plus|please) (?:\w+ ){0,2}"
    r"(?:refund|reimburse) (?:me|my|this|the|it|us|everything|that|what)|^(?:refund|reimburse) "
    r"(?:me|my|this|the|it|us)|(?:want|need|get|give|have|like|expect|demand|send) (?:\w+ ){0,4}"
    r"(?:refund|money back)|my money back|refund please)"
)
_ASKS_REFUND = re.compile(
    r"\b(?:do|will|would|can|could|should|am|is|are) (?:i|we|there|it)\b(?: \w+){0,6} (?:refund"
    r"|money back|reimburse)|\bif (?:i|we)\b|how (?:do|long|much|can)"
)

_HARDSHIP = re.compile(rf"\b(?:{HARDSHIP})")
_HARDSHIP_WITH_LIFE_EVENT = re.compile(
    r"\b(?:ill|sick|died|dying|accident|injur\w+|lost|death|dead|struggling|recover\w*|health"
    r"|treatment|benefits|fall|care|unwell|operation|dialysis|therapy|killed|gone forever)\b"
)
_NO_HARDSHIP = re.compile(
    r"(?:app|site|website|phone|battery|laptop|plants?|basil|fridge|freezer|oven|interest|wifi"
    r"|internet|computer|tablet|herbs?|parsley|screen|link|lettuce|salad|chat)(?: \w+){0,2} (?:died"
    r"|is dead|is dying|dead|dying)|work(?:s|ed|ing)? (?:in|at|for) (?:a|the|an) (?:\w+ )?hospital"
    r"|hospitality|kidney beans?|flooded with|sick (?:of|and tired)|ill fitting|debt to|stroke of"
    r"|cancer(?:ian| season)|dying (?:to|for)|drop dead|dead (?:end|slow|easy|line|wrong)"
)

_BOTH = re.compile(
    r"\bboth\b|\ball (?:of (?:them|it|my|the)|my (?:subscriptions|plans|accounts|boxes|subs)|the "
    r"(?:subscriptions|plans|accounts)|two|three|0|everything)\b|^all$|\beverything\b|each of them"
    r"|every one of|the (?:whole )?lot\b|the two of them|^(?:the )?two$|all subscriptions"
)
_NOT_BOTH = re.compile(r"\b(?:not|neither|either)(?: \w+)? (?:both|all|everything)|both times")

_FRAUD = re.compile(
    r"fraud\w*|\bscam\w*|unauthori[sz]ed|identity theft|stolen (?:card|identity|my)|stole my"
    r"|hacked|hacker|phish\w*|(?:someone|somebody|some one) (?:\w+ ){0,3}(?:used|using|opened|signed"
    r"|ordered|bought|charged|logged|changed|hijack\w*|has my)|not (?:me|mine) who|was not me"
    r"|never (?:signed up|opened|made|had|created|authori[sz]ed|ordered (?:this|anything|from)|heard"
    r" of (?:you|larder))|(?:do not|did not|not) (?:recogni[sz]e|authori[sz]e|make|know) (?:this|the"
    r"|that|a|these|any|it|your)? ?(?:charge|payment|transaction|order|subscription|account|purchase"
    r"|debit|0)|not my (?:account|subscription|order|charge)|without (?:my|our) (?:permission|consent"
    r"|knowledge|authori[sz]ation)|fake (?:charge|account|order)|used my (?:card|name|account)"
)
_LEGAL = re.compile(
    r"lawyers?|attorney|solicitor|\bsue\b|\bsuing|lawsuit|legal (?:action|steps|team|advice|matter"
    r"|proceedings|counsel|route|threat)|small claims|see you in court|(?:to|in) court|\bftc\b|\bbbb\b"
    r"|\bcfpb\b|better business|consumer (?:protection|affairs|rights|law|agency|watchdog|advice)"
    r"|trading standards|ombudsman|regulator\b|charge ?back|dispute (?:the|this|it|with|your)|illegal"
    r"|unlawful|against the law|breach of|press charges|class action|false advertising|violat\w+"
    r"|report(?:ing)? you|small claim|prosecut\w+|litigation|go to the (?:press|police|media)"
)
_ANGER = re.compile(
    r"\bangry\b|furious|fuck\w*|shit\w*|bullshit|\bass ?holes?\b|idiots?\b|morons?\b|bastards?\b"
    r"|pathetic|disgrace\w*|disgusting (?:company|service|behavio\w+)|outrag\w+|livid|screw you"
    r"|go to hell|what the hell|worst (?:company|service|customer|experience)|fed up|sick (?:and tired"
    r"|of (?:you|this|your))|unbelievable|unacceptable|ridiculous|a joke\b|incompetent|useless"
    r"|crap\b|garbage|rubbish|thieves|liars?\b|crooks?|hate (?:you|this)|stupid (?:bot|company|chat)"
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
    wants_to_leave: bool = False
    language: str = "en"

    def heard(self) -> tuple[str, ...]:
        """Return the names of the signals that were heard."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is True)


def is_insisting(text: str) -> bool:
    """Whether these words alone insist on leaving, so that nothing more may be asked or offered.

    A first plain "I want to cancel" does not; "just cancel", "no offers please", "cancel it now"
    and "cancel today" do, and so do a refusal or a repetition together with the wish to leave.
    """
    plain = _plain(text)
    if _NOT_LEAVING.search(plain):
        return False
    if _NO_TALK.search(plain):
        return True
    parts = _plain_clauses(text)
    if any(_JUST.search(part) for part in parts):
        return True
    if not _LEAVES.search(plain):
        return False
    if _AGAIN.search(plain) or _UNWANTED.search(plain) or _PROCEED.search(plain):
        return True
    if _REFUSAL.search(plain) and len(parts) > 1 and not _QUESTION.search(plain):
        return True
    if _SHOUTED.search(plain) and not _QUESTION.search(plain):
        return True
    return any(_IMPATIENT.search(part) and not _QUESTION.search(part) for part in parts) or any(
        _LEAVES.search(one) and not _QUESTION.search(one) and _impatient_alone(other)
        for one, other in zip(parts, parts[1:], strict=False)
    )


def wants_immediate_effect(text: str) -> bool:
    """Whether leaving shall take effect at once rather than at the end of what is paid.

    "Immediately", "right now", "effective today" and "with a refund" say so of the leaving itself;
    "cancel today", an impatient "now" and "I can't afford it right now" do not.
    """
    parts = _plain_clauses(text)
    leaving = [bool(_LEAVES.search(part)) and not _NOT_LEAVING.search(part) for part in parts]
    for place, part in enumerate(parts):
        beside = any(leaving[max(0, place - 1) : place + 2])
        if _AT_ONCE.search(part) and not _QUESTION.search(part):
            if leaving[place] or (beside and len(part.split()) <= 4):
                return True
        if _REFUND.search(part) and any(leaving) and not _ASKS_REFUND.search(_plain(text)):
            return True
    return False


def is_hardship(text: str, reasons: Collection[str]) -> bool:
    """Whether bereavement, illness, lost income, debt or the like is told.

    Not being able to afford the price is none by itself; a move or a birth is none either.
    """
    plain = _NO_HARDSHIP.sub(" ", _plain(text))
    if _HARDSHIP.search(plain):
        return True
    return "life_event" in reasons and bool(_HARDSHIP_WITH_LIFE_EVENT.search(plain))


def wants_both(text: str) -> bool:
    """Whether all the customer's subscriptions are meant."""
    plain = _plain(text)
    return bool(_BOTH.search(plain)) and not _NOT_BOTH.search(plain)


def mentions_fraud(text: str) -> bool:
    """Whether a charge, order or account is said not to be the customer's own doing."""
    return bool(_FRAUD.search(_plain(text)))


def mentions_law(text: str) -> bool:
    """Whether courts, lawyers, regulators or a charge-back are brought up."""
    return bool(_LEGAL.search(_plain(text)))


def sounds_angry(text: str) -> bool:
    """Whether the words are those of an angry person."""
    return bool(_ANGER.search(_plain(text)))


def mentions_leaving(text: str) -> bool:
    """Whether an English word of cancelling stands in the text, whatever is meant by it."""
    return bool(_LEAVES.search(_plain(text)))


def _impatient_alone(part: str) -> bool:
    words = [word for word in part.split() if word not in ("please", "!", "and", "do", "it", "i", "mean")]
    return " ".join(words) in {
        "now", "right now", "immediately", "today", "at once", "right away", "period",
        "end of story", "that is all", "that is it", "full stop", "as soon as possible",
        "straight away", "already", "nothing else", "nothing more", "tonight",
    }  # fmt: skip


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return normalise(text)


def _plain_clauses(text: str) -> list[str]:
    return [_plain(clause.text) for clause in clauses(text)]
