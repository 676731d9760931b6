"""The patterns of `stances`, over plain text with its breaks kept."""

from __future__ import annotations

from bot.understanding.leave_patterns import LEAVE

STANCES: dict[str, str] = {
    "leave": LEAVE,
    "not": (
        r"\b(?:do not|does not|did not|never|not|no need to|without|please no|stop|instead of"
        r"|rather than|against|nobody|no one|neither|no)(?: (?:want(?:ed)?|going|trying|to|said|i"
        r"|mean|meant|ever|wish|actually|really|planning|thinking|about|asked|asking|you|need|plan"
        r"|be|yet|please|even|have|wants|like|sure|we|intend|of|should|the|just|try|it|desire|reason"
        r"|intention|plans))* (?:cancel(?:led|ling|lation)?|end(?:ed|ing)?|close[d]?|closing"
        r"|terminat\w+|leave|giv(?:e|ing) up|shut|go ahead with"
        r"|leaving|quit|quitting|delete[d]?|stop(?:ped|ping)?|unsubscribe|going anywhere)\b"
        r"|leave (?:it|my|the|our|everything|mine|this|things)(?: \w+){0,4} (?:as|running|on|active"
        r"|open|alone|the way|be|like|untouched|in place|going)|keep (?:it|my|the|our|everything"
        r"|this|mine)\b(?! (?:order|knife|pan))(?!(?: \w+){0,3} to (?:myself|ourselves)\b)"
        r"|(?:changed|change|changing) (?:my|our) mind"
        r"|never ?mind|forget (?:it|that|about(?! (?:me|us)\b)|what|i)"
        r"|ignore (?:that|what|my|the)|disregard|scrap that|scratch that|will stay|am staying"
        r"|are staying"
        r"|(?<!sense for me to )(?<!sense for us to )(?<!sense to )(?<!point )(?<!point in )"
        r"(?<!reason to )(?<!not )(?<!worth )stay(?:ing)? (?:with|put|on)"
        r"|decided (?:to (?:stay|keep)|against)|thought better of"
        r"|(?:nearly|almost) (?:\w+ )?(?:left|quit|cancelled|ended)"
        r"|(?:cancel|cancelling|leave|leaving|quit|quitting) \? (?:\w+ ){0,3}?(?:no|not|never)\b"
        r"|carry on(?! (?:with )?(?:the |my |our )?(?:cancel|clos|end|termin))"
        r"|stick(?:ing)? (?:with|around)|hold on to"
        r"|not going anywhere|spoke too soon|keep going|wrong button|false alarm|was joking"
        r"|second thoughts?|want to (?:stay|keep|continue)"
        r"|keep(?:ing)? (?:them|those|these) coming|talked (?:me|us) round"
        r"|(?:talked|talking) (?:me|us) out of (?:it|leaving|going|cancelling|quitting|ending)"
        r"|(?:cancel|end|close|stop) nothing\b"
        # Asked how we came to think so
        r"|(?:why|who|what|where)(?: \w+){0,4} (?:think|thought|say|said|told|idea|assume)"
        r"(?: \w+){0,5} (?:cancel\w*|leav\w+|quit\w*|end\w*|clos\w+|out)\b"
    ),
    "undo": (
        r"\b(?:undo|un do|revers\w+|revok\w+|rescind\w*|withdraw\w*|retract\w*|take back|took back"
        r"|taking back|stop|halt|cancel|remove|take off|void|cancelling|cancelled|regret\w*"
        r"|disregard)(?: \w+){0,4} (?:cancellation|termination|cancelling|ending|end date|notice"
        r"|cancel)\b|un ?cancel|(?<!not )(?:bring|want|get|have|give|need|like|put|take|let|turn"
        r"|switch|start|set)(?: \w+){0,6} (?:back\b(?! (?:my|the) money)(?! refund)|up again"
        r"|again\b|back on)|reactivat\w*|reinstat\w*|restor\w+|reopen\w*|re ?open"
        r"|resubscrib\w*|re ?join\w*"
        r"|re ?activate|re ?enable|recover\w*|(?:restart|resume|renew|activate|continue|start up"
        r"|revive|rescue|rescuing) (?:\w+ ){0,3}(?:subscription|plan|membership|account|again)|(?:i"
        r"|we|have|had|was|been|got|just|accidentally|already|that|yesterday"
        r"|mistakenly) (?:(?!be )\w+ )?(?:cancelled|ended|terminated|closed|stopped|deleted|left)\b"
        r"|back in\b|after all|welcome me back|not want it to (?:end|stop)|too late to|wrong one"
        r"|(?:was|is|been) (?:cancelled|closed|ended)|changed my mind about (?:cancelling|leaving)"
    ),
    "terms": (
        r"\b(?:what|when|how (?:long|much|many|soon|late|quickly|does|is|far)|will|would|do|does|is"
        r"|are|am|should|could (?:one|i)|can (?:i|we|one|people|you still)|may i|until when|which"
        r"|who|once)\b(?: \w+){0,12} (?:cancel\w*|leave\b|leaving|end(?:s|ed|ing)?\b|quit\w*"
        r"|terminat\w+|close[sd]?|stop(?:s|ped|ping)?|contract|notice|renewal|effect|final"
        r"|commitment|bound)|\bif (?:i|we|you|it|my|someone|one|the)(?: \w+){0,6} (?:cancel\w*"
        r"|leave|end\w*|quit|terminat\w+|close\w*|stop\w*)|\b(?:fee|fees|penalt\w+|charge|cost"
        r"|costs|notice period|deadline|minimum|rules|terms|policy|process|procedure|rights"
        r"|commitment|anytime|any time|consequences?|happens|lose|binding|tied|locked)\b"
        r"|after (?:\w+ )?(?:cancel\w*|leav\w+|i (?:leave|cancel|quit|go))|once (?:it|i|my|we"
        r"|that)(?: \w+){0,3} (?:cancelled|ended|gone|over|left)|in case (?:i|we)|last day (?:to|i)"
        r"|just (?:wondering|curious|asking)|theoretically|hypothetically|in (?:theory|principle)"
        r"|before (?:signing|i (?:sign|decide|renew))"
    ),
    "order": (
        r"\border(?:ed|s)?\b|ordercode|purchase|bought|knife|knives|\bpans?\b|\bpots?\b|\bmat\b"
        r"|skillet|wok\b|grater|platters?|board\b|basket|item|parcel|shipment|\bbowls?\b|\bset\b"
        r"|kettle|mixer|oven\b|apron|peeler|scales?|glasses|cups|plates|spatula|lid\b|casserole"
        r"|dutch|blender|gadget|checkout|dispatch\w*|not (?:been )?(?:sent|shipped)"
        r"|before it (?:ships|goes)|tongs|tray"
    ),
    "box": (
        r"(?:next|this|one|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|saturday"
        r"|sunday|coming|upcoming|that|single|week|0|0 th|0 st|mondays|thursdays|fridays|saturdays"
        r"|month|first) (?:s )?(?:\w+ )?(?:box|delivery|one|week|shipment|meal kit)\b|(?:skip"
        r"|miss) |leave (?:\w+ )?out|(?:this|next) (?:week|time|friday|monday|thursday)"
        r"|just (?:this|the|one|that)|\bnot (?:the )?(?:subscription|plan|whole)|later than"
        r"|deliver it later|push (?:it )?back|postpone"
    ),
    "pause": (
        r"\bpaus\w+|puase|freez\w+|suspend\w*|on hold|on ice|hold off|break\b|breather|snooze"
        r"|temporar\w+|for (?:a while|now\b|a bit|\w+ (?:weeks?|months?)|the (?:summer|winter"
        r"|holidays)|0 (?:weeks?|months?|days?)|some time|a (?:week|month|short)|the time being)"
        r"|(?:over|across|through|during) (?:the )?(?:summer|winter|holidays|christmas|easter)"
        r"|until (?!when)|short period|dormant|vacation mode|instead of cancelling"
        r"|rather than cancelling|held\b|start again|back in"
    ),
    # Another plan, or one box of several: what is given up is exchanged, not ended.
    "change": (
        r"\b(?:put|move|switch|start|bring|drop|sign) (?:me|us|mine|ours|it) (?:back |down |over )?"
        r"(?:on|onto|to|into|down)\b(?! (?:hold|ice|the phone|pause|someone|(?:a|an) \w+$))"
        r"|\b(?:go|going|move|moving|drop|dropping|switch|switching|step|change|changing|join)"
        r" (?:down |over |back )?(?:(?:to|onto|into) )?(?:\w+ ){0,2}(?:duo|solo|light|family"
        r"|small\w*|monthly|annual|basic)\b"
        r"|\bone (?:out )?of (?:my|the|our|both) (?:\w+ ){0,2}(?:boxes|meals)"
        r"|\b(?:extra|second|other|additional) (?:box|meals?|portions?|servings?)\b"
        r"|\b(?:drop|take|move|bring|knock) (?:me|us|it) (?:down )?from\b"
    ),
    "elsewhere": (
        r"netflix|spotify|hulu|disney|prime|amazon|hbo|youtube|apple|icloud|facebook|instagram"
        r"|tinder|tiktok|twitter|roblox|xbox|playstation|steam|gym\b|flight|hotel|dentist|doctor"
        r"|restaurant|reservation|appointment|meeting|interview|insurance|uber|lyft|airline|airbnb"
        r"|newspaper|magazine|cable|internet|broadband|phone (?:contract|plan|bill)|verizon"
        r"|t mobile|comcast|at t\b|electric\w*|gas (?:company|bill|contract)|tenancy|\blease\b"
        r"|rent(?:al)?\b|loan|mortgage|bank\b|credit card|cheque|check\b|visa\b|ticket|concert"
        r"|haircut|class\b|lesson|course\b|vet\b|taxi|train\b|bus\b|marathon|wedding|party\b"
        r"|smoking|drinking|job\b|school|college|relationship|marriage|boyfriend|girlfriend|show\b"
        r"|series|strang\w+ things|culture|noise|subscription to the|economist|times\b"
        r"|hellofresh subscription|audible|kindle|adobe|microsoft|office\b|zoom\b|linkedin|dating"
        r"|(?:quit|left|cancelled|cancelling|dropped|dumped|ditched) them\b"
        r"|(?:quit|left|leaving|leave|cancelled|cancelling|cancel) (?:hello ?fresh|gousto"
        r"|blue apron|home chef|every ?plate|dinnerly|green chef|marley spoon|mindful chef"
        r"|riverford)\b"
        r"|game\b|account on|website of|other company|previous provider|water (?:bill|company)|tv\b"
        r"|alarm|timer|chat\b|conversation|transactions?\b|withdrawals?|top up|\batm\b|calendar"
        r"|tasks?\b|action\b|connection|alarm|trip\b|service wuau\w*|script|process\b(?! (?:the"
        r"|my))|program\b|transfer\b"
    ),
    "mailing": (
        r"e ?mails?\b|newsletters?|mailing|mails\b|marketing|text messages?|texts\b|texting|sms"
        r"|spam|notifications?|leaflets?|flyers?|\bads\b|adverts?|inbox|reminders?|surveys?|calls\b"
        r"|calling me|(?:text|mailing|your|phone|contact) lists?\b|\bpings?\b|robocalls?"
    ),
}
