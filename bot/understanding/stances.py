"""What a clause holds about leaving: wished for, refused, taken back, asked about, or of another.

"Cancel my plan", "don't cancel my plan", "cancel my cancellation", "what if I cancel my plan?",
"cancel my order" and "cancel my gym" share nearly all their words. These patterns over plain text
(see `normalise`) tell them apart; the classifier weighs them with everything else.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VERB = (
    r"(?:cancel|terminate|discontinue|unsubscribe|un subscribe|unsuscribe|deactivate|deregister"
    r"|quit|end|stop|close|shut|kill|bin|drop|scrap|ditch|axe|delete|remove|finish|cease|abolish)"
)
_SURE_VERB = r"(?:cancel|terminate|discontinue|unsubscribe|un subscribe|quit|deregister|opt out)"
_DONE = r"(?:cancelled|ended|terminated|discontinued|stopped|closed|deactivated|gone|over|deleted)"
_DOING = r"(?:cancelling|leaving|quitting|ending|stopping|terminating|unsubscribing|closing)"
_OURS = (
    r"(?:subscriptions?|plans?|membership|accounts?|profile|contract|agreement|service|boxes|meal"
    r" ?(?:box(?:es)?|plans?|kits?)|meals|larder|duo|solo|family|light|trial|everything|both|mine"
    r"|deliveries|renewal|auto ?renew\w*|payments|whole thing|food ?box(?:es)?|weekly box(?:es)?)"
)
# Where a clause begins, with what people say before they say it, and where one ends.
_START = (
    r"(?:^|[,!?] )(?:(?:please|okay|so|yes|no|just|well|then|now|also|hi|hello|hey|and|but|i said|thanks"
    r"|kindly|simply|right|fine|alright|go ahead and|do|can you|could you|will you|would you|can u"
    r"|would you be so kind as to|could i get you to|sorry|actually|again|ugh|look|listen|um|could"
    r" someone|can someone|can somebody|you can|you may|might as well|honestly|instead|please do|there"
    r"|larder|team|everyone|thank you|in that case|therefore|because|otherwise|immediately|today|go and"
    r"|do it and|never mind|guys|folks|everybody|lol|haha|0|it is|that is it|be so kind and) )*"
)
_END = r"(?= ?[,!?]|$)"
_LINK = (
    r"(?: (?:my|our|the|this|that|it|all|of|both|her|his|mother|mothers|free|whole|damn|entire|me|off"
    r"|from|out|any|these|those|with|weekly|family|duo|solo|light|annual|meal|food|down|please|one|for"
    r"|larder|current|monthly|paid|recurring|stupid|bloody|up|your))*"
)

_STANCES: dict[str, str] = {
    "leave": (
        # told to us
        rf"{_START}(?:{_SURE_VERB}{_END}|{_SURE_VERB}{_LINK} {_OURS}|{_VERB}{_LINK} {_OURS}|{_SURE_VERB}(?: (?:it"
        rf"|me|this|that|now|please|today|immediately|all|them|everything|thanks|asap|both|anyway|thx"
        rf"|then|already|right now|at once|thank you|too|thx|for me|for us|altogether|straight away))*{_END}|(?:end|stop|close|kill|shut|finish|drop) (?:it|this"
        rf"|that|mine|me|everything|all of (?:it|them)|both)\b)"
        # wished
        rf"|\b(?:want|need|like|wish|have|going|ready|decided|trying|try|time|asking|way|how|able|must"
        rf"|prefer|love|rather|intend|intention|plan|planning|please|let me|help me|here|gonna"
        rf"|better|hoping|thinking|had|got|best|got|possible)(?: (?:to|for|us|me|you|i|do|can|we|could"
        rf"|would|just|now|please|simply|about|of|someone|go|ahead|and|does|one|really|like|should"
        rf"|need|have|want|think|will|is|the|also|not|longer|actually|definitely|want))*? (?:{_SURE_VERB}"
        rf"\b|leave\b(?! (?:a|it|the|my|out|feedback|review|you|one|me|them|this|that))|get out|get rid"
        rf"|opt out|be (?:done|out|off|cancelled|gone)|be a (?:customer|member)|bail|part ways|give "
        rf"notice|{_VERB}{_LINK} {_OURS}|stop (?:for good|completely|everything|altogether|now"
        rf"|paying|this)|{_DOING}|call it)"
        rf"|\b(?:want|need|like|have|get|getting|see|wants|needs)(?: \w+){{0,5}} {_DONE}\b"
        rf"|{_OURS}(?: \w+){{0,6}} (?:be|get|got|is to be|needs to be) {_DONE}\b"
        rf"|{_OURS}(?: \w+){{0,4}} (?:needs?|wants?|requires?) (?:to (?:go|end|stop|be)|{_DOING})"
        rf"|(?:i|we) (?:\w+ )?(?:am|are|will be|be|was|were)(?: \w+){{0,3}} {_DOING}\b"
        rf"|\b(?:am|are|will be|be|me|us) (?:out|done|finished|gone)\b(?! (?:of|with offers))"
        rf"|(?:i|we) (?:will|shall|would|am going to|are going to|think i will|might|may|have to|must)"
        rf"(?: \w+){{0,3}} (?:{_SURE_VERB}\b|leave\b)|{_START}(?:i|we) (?:quit|cancel|resign)\b|{_START}{_DOING}\b"
        rf"|{_VERB}{_LINK} {_OURS}\b|{_SURE_VERB} (?:me|it|everything|them|all|both|please|now|today|this"
        rf"|that|or|and refund|because|before|fully|completely|plan|subscription|account)\b|{_DOING}{_LINK}"
        rf" {_OURS}\b"
        # in other words
        rf"|(?:want|get|let)(?: (?:me|us|to|get))* out\b|no longer (?:want|wish|need|be|require|interested"
        rf"|continu\w+|using|a)|not (?:be |going to be |want to |wish to |going to |to )*(?:renew\w*|continu\w+"
        rf"|carry(?:ing)? on|go on\b|keep(?:ing)? (?:the|my|it|this|our|up)|stay\w*|extend|a (?:customer"
        rf"|member)|want (?:it|this|any|the|my|another|to be))|not renew|no renewal|call it (?:a day|quits"
        rf"|off)|part ways|(?:bye|goodbye|farewell) (?:to )?(?:larder|the|my|your)|pull the plug|give notice"
        rf"|(?:my|as|this|giv\w+|hereby|formal|written) notice|notice of|take me off|sign me off|get rid of"
        rf"|\b(?:do not|stop|no more|never|quit|cease)(?: \w+){{0,3}} (?:charg\w+|bill\w*|send\w*|deliver\w*"
        rf"|tak\w+|debit\w*|ship\w*|boxes|payments|charges|food|renew\w*|withdraw\w*)\b(?! (?:me )?(?:mail"
        rf"|email|newsletter|text|survey|ads))|(?:let it|let my \w+) (?:run out|expire|lapse|end)"
        rf"|off your (?:books|list)|cut (?:me|us|it) (?:off|loose)|move on from|(?:had|have) enough"
        rf"|(?:last|final) (?:one|box|month|delivery)|(?:time|needs?|has|have) to (?:go|stop|end)\b|let me go"
        rf"|(?:wind|winding) (?:up|down)|bow out|resign my|closure|be terminated|will not be needing|cancellation (?:please|thanks"
        rf"|request|of)|(?:^|, )(?:the )?cancellation{_END}|request(?:ing)? (?:a )?(?:cancellation|termination)"
        rf"|(?:process|confirm|arrange|start|begin) (?:\w+ )?(?:cancellation|termination)|i resign"
        rf"|said cancel|be cancelled|do not (?:need|want) (?:it|this|the|any|your|my|you|another)"
        rf"(?: \w+){{0,4}} (?:any ?more|any longer|box|ever|from now)"
    ),
    "not": (
        r"\b(?:do not|does not|did not|never|not|no need to|without|please no|stop|instead of|rather "
        r"than|against|nobody|no one|neither|no)(?: (?:want(?:ed)?|going|trying|to|said|i|mean|meant|ever"
        r"|wish|actually|really|planning|thinking|about|asked|asking|you|need|plan|be|yet|please|even"
        r"|have|wants|like|sure|we|intend|of|should|the|just|try|just|it))*"
        r" (?:cancel(?:led|ling|lation)?|end(?:ed|ing)?|close[d]?|closing|terminat\w+|leave|leaving|quit"
        r"|quitting|delete[d]?|stop(?:ped|ping)?|unsubscribe|going anywhere)\b"
        r"|leave (?:it|my|the|our|everything|mine|this|things)(?: \w+){0,4} (?:as|running|on|active|open"
        r"|alone|the way|be|like|untouched|in place|going)|keep (?:it|my|the|our|everything|this|mine)\b"
        r"(?! (?:order|knife|pan))|(?:changed|change|changing) (?:my|our) mind|never ?mind|forget (?:it"
        r"|that|about|what|i)|ignore (?:that|what|my|the)|disregard|scrap that|scratch that|will stay"
        r"|am staying|are staying|stay(?:ing)? (?:with|put|on)|decided (?:to (?:stay|keep)|against)"
        r"|carry on|stick(?:ing)? (?:with|around)|hold on to|not going anywhere|spoke too soon|keep going"
        r"|wrong button|false alarm|was joking|second thoughts?|want to (?:stay|keep|continue)"
    ),
    "undo": (
        r"\b(?:undo|un do|revers\w+|revok\w+|rescind\w*|withdraw\w*|retract\w*|take back|took back|taking"
        r" back|stop|halt|cancel|remove|take off|void|cancelling|cancelled|regret\w*|disregard)(?: \w+)"
        r"{0,4} (?:cancellation|termination|cancelling|ending|end date|notice|cancel)\b"
        r"|un ?cancel|(?:bring|want|get|have|give|need|like|put|take|let|turn|switch|start|set)(?: \w+)"
        r"{0,6} (?:back\b(?! (?:my|the) money)(?! refund)|up again|again\b|back on)|reactivat\w*|reinstat\w*"
        r"|restor\w+|reopen\w*|re ?open|resubscrib\w*|re ?join\w*|re ?activate|re ?enable|recover\w*"
        r"|(?:restart|resume|renew|activate|continue|start up|revive|rescue|rescuing) (?:\w+ ){0,3}(?:"
        r"subscription|plan|membership|account|again)|(?:i|we|have|had|was|been|got|just|accidentally"
        r"|already|that|yesterday|mistakenly) (?:\w+ )?(?:cancelled|ended|terminated|closed|stopped"
        r"|deleted|left)\b|back in\b|after all|welcome me back|not want it to (?:end|stop)|too late to"
        r"|wrong one|(?:was|is|been) (?:cancelled|closed|ended)|changed my mind about (?:cancelling|leaving)"
    ),
    "terms": (
        r"\b(?:what|when|how (?:long|much|many|soon|late|quickly|does|is|far)|will|would|do|does|is|are"
        r"|am|should|could (?:one|i)|can (?:i|we|one|people|you still)|may i|until when|which|who|once)\b"
        r"(?: \w+){0,12} (?:cancel\w*|leave\b|leaving|end(?:s|ed|ing)?\b|quit\w*|terminat\w+|close[sd]?"
        r"|stop(?:s|ped|ping)?|contract|notice|renewal|effect|final|commitment|bound)"
        r"|\bif (?:i|we|you|it|my|someone|one|the)(?: \w+){0,6} (?:cancel\w*|leave|end\w*|quit|terminat"
        r"\w+|close\w*|stop\w*)|\b(?:fee|fees|penalt\w+|charge|cost|costs|notice period|deadline|minimum"
        r"|rules|terms|policy|process|procedure|rights|commitment|anytime|any time|consequences?|happens"
        r"|lose|binding|tied|locked)\b|after (?:\w+ )?(?:cancel\w*|leav\w+|i (?:leave|cancel|quit|go))"
        r"|once (?:it|i|my|we|that)(?: \w+){0,3} (?:cancelled|ended|gone|over|left)|in case (?:i|we)"
        r"|last day (?:to|i)|just (?:wondering|curious|asking)|before (?:signing|i (?:sign|decide|renew))"
    ),
    "order": (
        r"\border(?:ed|s)?\b|ordercode|purchase|bought|knife|knives|\bpans?\b|\bpots?\b|\bmat\b|skillet"
        r"|wok\b|grater|platters?|board\b|basket|item|parcel|shipment|\bbowls?\b|\bset\b|kettle|mixer"
        r"|oven\b|apron|peeler|scales?|glasses|cups|plates|spatula|lid\b|casserole|dutch|blender|gadget"
        r"|checkout|dispatch\w*|not (?:been )?(?:sent|shipped)|before it (?:ships|goes)|tongs|tray"
    ),
    "box": (
        r"(?:next|this|one|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
        r"|coming|upcoming|that|single|week|0|0 th|0 st|mondays|thursdays|fridays|saturdays|month|first)"
        r" (?:s )?(?:\w+ )?(?:box|delivery|one|week|shipment|meal kit)\b|(?:skip|miss) |leave (?:\w+ )?out"
        r"|(?:this|next) (?:week|time|friday|monday|thursday)|just (?:this|the|one|that)|\bnot (?:the )"
        r"?(?:subscription|plan|whole)|later than|deliver it later|push (?:it )?back|postpone"
    ),
    "pause": (
        r"\bpaus\w+|puase|freez\w+|suspend\w*|on hold|on ice|hold off|break\b|breather|snooze|temporar\w+"
        r"|for (?:a while|now\b|a bit|\w+ (?:weeks?|months?)|the (?:summer|winter|holidays)|0 (?:weeks?"
        r"|months?|days?)|some time|a (?:week|month|short)|the time being)|until (?!when)|short period"
        r"|dormant|vacation mode|instead of cancelling|rather than cancelling|held\b|start again|back in"
    ),
    "elsewhere": (
        r"netflix|spotify|hulu|disney|prime|amazon|hbo|youtube|apple|icloud|facebook|instagram|tinder"
        r"|tiktok|twitter|roblox|xbox|playstation|steam|gym\b|flight|hotel|dentist|doctor|restaurant"
        r"|reservation|appointment|meeting|interview|insurance|uber|lyft|airline|airbnb|newspaper|magazine"
        r"|cable|internet|broadband|phone (?:contract|plan|bill)|verizon|t mobile|comcast|at t\b|electric\w*"
        r"|gas (?:company|bill|contract)|tenancy|\blease\b|rent(?:al)?\b|loan|mortgage|bank\b|credit card"
        r"|cheque|check\b|visa\b|ticket|concert|haircut|class\b|lesson|course\b|vet\b|taxi|train\b|bus\b"
        r"|marathon|wedding|party\b|smoking|drinking|job\b|school|college|relationship|marriage|boyfriend"
        r"|girlfriend|show\b|series|strang\w+ things|culture|noise|subscription to the|economist|times\b"
        r"|hellofresh subscription|audible|kindle|adobe|microsoft|office\b|zoom\b|linkedin|dating|game\b"
        r"|account on|website of|other company|previous provider|water (?:bill|company)|tv\b|alarm|timer"
        r"|chat\b|conversation|service wuau\w*|script|process\b(?! (?:the|my))|program\b|transfer\b"
    ),
    "mailing": (
        r"e ?mails?\b|newsletters?|mailing|mails\b|marketing|text messages?|texts\b|texting|sms|spam"
        r"|notifications?|leaflets?|flyers?|\bads\b|adverts?|inbox|reminders?|surveys?|calls\b|calling me"
    ),
}


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?:\b|(?=[,!?] ))(?:{pattern})") for name, pattern in _STANCES.items()}


def stances(plain: str) -> tuple[str, ...]:
    """Return the names of the stances that plain text, its breaks kept, takes."""
    return tuple(name for name, pattern in _patterns().items() if pattern.search(plain))


_EXPLICIT = re.compile(
    rf"\b(?:{_SURE_VERB}|cancelling|cancelled|terminating|terminated|unsubscribing|cancellation|quitting"
    rf"|(?:{_VERB}|{_DOING}){_LINK} {_OURS}|{_OURS}(?: \w+){{0,4}} {_DONE})\b"
)
_ELSEWHERE = frozenset(("not", "undo", "elsewhere", "mailing", "order"))
_NOT_NOW = _ELSEWHERE | {"terms", "box", "pause"}


def states_wish_to_leave(parts: list[str]) -> bool:
    """Whether a clause says in so many words to end what we provide, and none says otherwise.

    `parts` are a message's clauses in plain text.
    """
    taken = [stances(part) for part in parts]
    if any(_ELSEWHERE.intersection(held) for held in taken):
        return False
    return any(
        "leave" in held and not _NOT_NOW.intersection(held) and _EXPLICIT.search(part)
        for part, held in zip(parts, taken, strict=True)
    )
