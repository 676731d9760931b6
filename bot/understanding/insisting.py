"""Whether someone insists on leaving, and whether it shall take effect at once."""

from __future__ import annotations

import re
from itertools import pairwise

from bot.understanding.clauses import clauses
from bot.understanding.normalise import normalise

# All patterns read plain text (see `normalise`): lower case, contractions written out.
_LEAVE = (
    r"(?:cancel(?:led|ling|lation)?|end (?:it|this|my|the|our)|end(?:ed)?\b|stop (?:it|this|my|the"
    r"|our|everything|all|charging|billing|sending)|close (?:it|this|my|the|our|everything)|closed"
    r"|terminat(?:e|ed|ion)|discontinue|quit|unsubscribe|leave\b(?! (?:it|them|things|everything"
    r"|mine|my|the|as|out))|shut (?:it|this|my|the) ?(?:down)?"
    r"|delete (?:it|this|my account|the account)|get (?:me )?out|get rid|want out|wind it up"
    r"|kill it|take me off|be done|not renew|be over|sign me off)"
)
_NOT_LEAVING = re.compile(
    r"\b(?:do not|does not|did not|never|not|without|please no|no need to|instead of|rather than"
    r"|stop)(?: \w+){0,2} (?:cancel(?:led|ling)?|close|end|terminate|leave|delete)\b(?! (?:fast"
    r"|soon|quick))|\bforget (?:what|that|everything) i\b"
    r"|\bnever (?:said|asked|told you|wanted|meant)(?: (?:i|we|you|to|that|want|wanted|for))*"
    r" (?:cancel|stop|end|close|leave|quit)\b"
    r"|\bdo not want (?:it|this|mine|anything|everything) (?:ended|cancelled|closed|stopped)\b"
)
_QUESTION = re.compile(
    r"^(?:and |so |but |hi |hey |hello |okay )*(?:how|what|when|where|why|will|would (?!you)"
    r"|do (?!it)|does|is|are|if|should|am)\b|\bif (?:i|we|you|it|this)\b|\bcan i (?:also|still"
    r"|only)"
)
_JUST = re.compile(
    r"(?<!can i )(?<!could i )(?<!do i )(?<!may i )(?<!should i )(?<!if i )(?<!can we )(?<!could "
    r"you )(?:\bjust|\bsimply|all i want is to|\bonly want to) (?:please |go ahead and |do it and "
    r"|want to |want it |want this |want you to |wanna |want |need to |need it |need you to "
    r"|let me |bloody |freaking |fucking |damn )*(?:cancel\b|(?<=it )cancelled|(?<=this )cancelled"
    r"|end (?:it|this|my|the)|ended|close (?:it|this|my|the)|closed|terminate|stop (?:it|this|my"
    r"|the|charging|billing)|quit\b|unsubscribe|leave\b|out\b|get (?:me )?out|shut it|delete (?:it"
    r"|my account)|gone\b|over\b|be done|do it\b)"
    r"|\b(?:only|just) (?:want|need) (?:my|the|our|this|that) (?:\w+ ){0,2}"
    r"(?:cancelled|ended|closed|terminated|stopped)\b"
)
_IMPATIENT = re.compile(
    rf"{_LEAVE}(?: \w+){{0,7}}? (?:(?<!for )(?<!until )(?<!by )now\b(?! on)|today|tonight|already"
    r"|immediately|right now|right away|at once|straight away|straightaway|this (?:instant|minute"
    r"|second|moment)|instantly|as soon as possible|without delay|period$|full stop|end of story"
    r"|anyway|regardless|whatever|for good|once and for all|and that is (?:it|all|final)"
    r"|nothing else|no matter what|and nothing)|\b(?:immediately|right now|now|today"
    r"|at once) (?:\w+ ){0,2}(?:cancel|close|end|terminate|stop) (?:it|this|my|the|everything)"
)
_AGAIN = re.compile(
    rf"(?:\bsaid|told you|have told|asked you|have asked|keep asking|keep saying|i repeat"
    rf"|once (?:again|more)|\bagain\b|still (?:want|wish|need|would like|going)"
    rf"|\banyway)(?: \w+){{0,8}}? {_LEAVE}|for the (?:second|third|fourth|last|umpteenth|0"
    rf"|hundredth|final|0 \w+) time"
    r"|how (?:many times|often do i)|(?:second|third|fourth|0) time i (?:ask|say|tell|am)"
    r"|like i said|as i said|i already (?:said|told|asked)|do not make me (?:ask|repeat|say)"
    r"|i am (?:very |quite |absolutely |pretty )?(?:sure|certain|positive)\b|\bstill cancel"
)
_NO_TALK = re.compile(
    r"\b(?:no|not|without|skip|save|spare|stop|enough|never|keep|forget)(?: (?:me|the|your|any|more"
    r"|want|with|of|need|other|special|further|please|all|to hear|sending|making"
    r"|interested in))* (?:offers|deals|discounts|pitch|pitches|sales ?pitch|sales talk|spiel"
    r"|upsell\w*|retention|small talk|questions asked|speech|counter ?offers?|persua\w+|ifs|buts"
    r"|surveys?|sob stor\w+|nonsense|bullshit|games|haggling|negotiat\w+|discussion|arguments?"
    r"|begging)|(?:do not|stop|no point(?: in)?|quit|please do not)(?: even)?(?: bother)? ?(?:try"
    r"|trying)(?: to| and)? (?:talk|keep|persuad\w+|convinc\w+|sell|chang\w+|save|retain|win|stop"
    r"|hold)|talk(?:ing)? me out|do not (?:talk|persuade|convince|sell)(?: \w+){0,2} (?:me"
    r"|anything)|(?:nothing|no offer|no discount|no deal)(?: \w+){0,6} (?:change|convince|keep|stop"
    r"|persuade)|(?:mind is|mind s|have|already) (?:\w+ )?made (?:up|my)|made up my mind"
    r"|made my decision|decision is (?:final|made)|final (?:decision|answer)|not (?:up for"
    r"|open to) (?:discussion|debate|negotiation|offers|suggestions)|not negotiable|(?:will"
    r"|can) not change my mind|not going to change my mind|no going back|i insist|i demand|spare me"
)
_UNWANTED = re.compile(
    r"(?:do not (?:want|need|care (?:for|about))|not interested in|no need for|no more|not after"
    r"|no) (?:a |an |any |your |the |more |other |another |that |this |to )*(?:offer|deal|discount"
    r"|alternative|pause|coupon|voucher|option|downgrade|credit|promo|break|skip|help|reason|survey"
    r"|feedback|question|fuss|hassle|drama|chat|talk)s?\b|none of your business|(?:do not|not"
    r"|rather not|will not|not going to)(?: \w+){0,3} (?:say|tell|explain|discuss"
    r"|give (?:you )?(?:a |any |my )?reasons?|answer|share|justify)\b(?: (?:why|you|it|that|my))*"
    r"|(?:does not|doesn t) matter why|no reason|never mind why|stop asking|why (?:are you"
    r"|do you) (?:still|keep)|(?:do not|no) (?:ask|question)"
    r"|(?:do not|not) (?:want|need) anything (?:else|more|further)"
)
_REFUSAL = re.compile(r"^(?:no|nah|nope|not interested|negative|absolutely not|yes|okay)\b")
_PROCEED = re.compile(
    rf"(?:go ahead|proceed|carry on|do it|please confirm|i confirm)(?: \w+){{0,3}} {_LEAVE}|^(?:yes"
    rf"|yeah|okay|sure)(?: \w+){{0,4}} {_LEAVE}|^no(?: \w+){{0,3}} {_LEAVE}"
)
_LEAVES = re.compile(rf"\b{_LEAVE}")
_SHOUTED = re.compile(r"! !")

_AT_ONCE = re.compile(
    r"\b(?:immediately|right now|right away|straight ?away|at once|this (?:very )?(?:instant|minute"
    r"|second|moment)|instantly|effective (?:immediately|today|now|at once|right)|(?:as of|from"
    r"|starting|beginning|per) (?:today|now\b(?! on)|right now|this moment|immediately)"
    r"|immediate effect|(?:the )?effect (?:immediately|today|now)|on the spot|(?:not"
    r"|instead of)(?: \w+){0,3} (?:at|until|till|by) the (?:end|next)|(?:do not|not going to"
    r"|will not|not|can not) (?:\w+ ){0,3}wait (?:until|till|for the|to the)|today not)"
)
_REFUND = re.compile(
    r"\b(?:with (?:a |an |full |my |the |immediate )*refund|(?:and|then|also|plus"
    r"|please) (?:\w+ ){0,2}(?:refund|reimburse) (?:me|my|this|the|it|us|everything|that|what)"
    r"|^(?:refund|reimburse) (?:me|my|this|the|it|us)|(?:want|need|get|give|have|like|expect|demand"
    r"|send) (?:\w+ ){0,4}(?:refund|money back)|my money back|refund please)"
)
_ASKS_REFUND = re.compile(
    r"\b(?:do|will|would|can|could|should|am|is|are) (?:i|we|there|it)\b(?: \w+){0,6} (?:refund"
    r"|money back|reimburse)|\bif (?:i|we)\b|how (?:do|long|much|can)"
)


def is_insisting(text: str) -> bool:
    """Whether these words alone insist on leaving, so that nothing more may be asked or offered.

    A first plain "I want to cancel" does not; "just cancel", "no offers please", "cancel it now"
    and "cancel today" do, and so do a refusal or a repetition together with the wish to leave.
    """
    plain = normalise(text)
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
        for one, other in pairwise(parts)
    )


def says_to_leave(text: str) -> bool:
    """Whether a word of leaving stands there that is not taken back."""
    plain = normalise(text)
    return bool(_LEAVES.search(plain)) and not _NOT_LEAVING.search(plain)


def wants_immediate_effect(text: str) -> bool:
    """Whether leaving shall take effect at once rather than at the end of what is paid.

    "Immediately", "right now", "effective today" and "with a refund" say so of the leaving itself;
    "cancel today", an impatient "now" and "I can't afford it right now" do not.
    """
    parts = _plain_clauses(text)
    leaving = [bool(_LEAVES.search(part)) and not _NOT_LEAVING.search(part) for part in parts]
    for place, part in enumerate(parts):
        beside = any(leaving[max(0, place - 1) : place + 2])
        of_leaving = leaving[place] or (beside and len(part.split()) <= 4)
        if of_leaving and _AT_ONCE.search(part) and not _QUESTION.search(part):
            return True
        if _REFUND.search(part) and any(leaving) and not _ASKS_REFUND.search(normalise(text)):
            return True
    return False


def _impatient_alone(part: str) -> bool:
    words = [
        word for word in part.split() if word not in ("please", "!", "and", "do", "it", "i", "mean")
    ]
    return " ".join(words) in {
        "now", "right now", "immediately", "today", "at once", "right away", "period",
        "end of story", "that is all", "that is it", "full stop", "as soon as possible",
        "straight away", "already", "nothing else", "nothing more", "tonight",
    }  # fmt: skip


def _plain_clauses(text: str) -> list[str]:
    return [normalise(clause.text) for clause in clauses(text)]
