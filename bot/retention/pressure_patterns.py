"""The patterns of pressure, kind by kind; `pressure.py` reads texts with them.

They read lower-case text with plain apostrophes. What they find, and what they miss, is measured:
see `bot/docs/pressure.md`.
"""

from __future__ import annotations

# Up to forty characters of the same sentence.
SAME = r"[^.?!;]{0,40}?"
LEAVE = r"(?:cancel|leave|quit|(?:end|stop|close) (?:it|this|your|the|a|an))"
LEAVING = (
    r"(?:cancell?ing|cancellations?|leaving|quitting|(?:ending|stopping|closing) (?:\w+ )?\w+)"
)
TO_LEAVE = rf"\bto(?<!want to)(?<!wish to)(?<!like to) {LEAVE}\b"
CHANNEL = r"(?:by|over|on|in|via|through) (?:the |a |our )?(?:phone|post|letter|fax|writing|person)"
CONTACT = r"(?:call|phone|ring|fax|visit|write|mail|speak|talk|go)"
# What has to be done; not what somebody need not do.
HAVE_TO = (
    "(?:have|need)"
    + "".join(
        rf"(?<!{no} {need})"
        for no in ("n't", "not", "no", "never", "body")
        for need in ("have", "need")
    )
    + " to"
)
NEED = rf"(?:please|must|{HAVE_TO})"
TASK = (
    r"(?:watch|fill|complete|answer|explain|install|download|print|rate|register|upload"
    r"|create (?:a|an))"
)
BOSS = r"(?:supervisor|manager|superior|specialist|department|head office|team)"
# What stays a customer's own when they leave.
OWN = r"(?:recipes?|favou?rites|histor(?:y|ies)|account|points|data|profile|menus?|lists?|reviews?)"

URGENCY = (
    r"\b(?:last|final|one last|only) chance\b",
    r"\bhurry\b|\bact (?:now|fast|quickly|today)\b|\bdon't wait\b|\bquick, before\b",
    r"\b(?:today|tonight|this minute|this hour|right now|this week) only\b|\bonly (?:today"
    r"|tonight)\b",
    r"\b(?:just|only) for (?:today|the next (?:few )?(?:\w+ )?(?:minutes?|hours?))\b",
    r"\b(?:expires?|expiring|ends?|ending|runs? out|gone|disappears?|vanish\w*)"
    r" (?:soon|shortly|tonight|in (?:a few |\w+ )?(?:minutes?|seconds?|an hour))\b",
    r"\b(?:limited|almost|nearly|selling|going) (?:time|stock|fast|gone|spots?|offer)\b",
    r"\bonly (?:a few|\d+|two|three) (?:\w+ )?(?:left|remaining|spots?|places?)\b",
    r"\bwhile (?:stocks?|supplies|they) lasts?\b|\bbefore it(?:'s| is) (?:too late|gone)\b",
    r"\b(?:never|won't|not) (?:be offered|see|get|come|have|find)(?: \w+){0,4} again\b",
    r"\bonce in a lifetime\b|\bone[- ]time (?:offer|deal|only)\b|\bexclusive(?:ly)? (?:offer|deal"
    r"|for you)\b",
    r"\bclock is ticking\b|\btime is running out\b|\bdon't miss\b|\bmiss(?:ing)? out\b",
    r"\bprices? (?:will|are going to|goes?|is going) (?:go )?up (?:tomorrow|soon|tonight)\b",
    r"\bsay yes (?:now|before)\b|\bright away before\b",
    r"\bdecide(?<!n't have to decide) (?:now|within)\b(?! or later)",
    r"\b(?:choose|answer|accept|reply|take it) (?:today|now|tonight|at once|immediately)\b"
    rf"{SAME},? or\b(?! (?:later|tomorrow|not|leave|cancel)\b)",
    r"\bor (?:it|this|the \w+|your \w+)(?:'s| is| will be| goes) (?:gone|lost|over)\b",
    r"\b(?:can|could) only (?:hold|keep|reserve|guarantee) (?:this|that|the|your|it)\b",
    r"\bso (?:please )?(?:stay|accept|decide|say yes|take it) (?:now|today|tonight|quickly)\b",
    rf"\bfrom (?:tomorrow|tonight|midnight)\b{SAME}\b(?:double|more|dearer|higher|up|gone)\b",
    rf"\b(?:grab|snatch|snap up|lock in)\b{SAME}\b(?:before|now|today|tonight|while)\b",
    r"\byou(?:'d| had) better\b|\b(?:nearly|almost|soon) (?:sold out|full|used up)\b",
)
GUILT = (
    r"\b(?:are you )?(?:really |quite |absolutely |100 % )?sure (?:you|that you|about (?:this"
    r"|leaving))\b",
    r"\bdo you really (?:want|wish|have) to\b|\byou(?:'d| would)? really want to\b",
    r"\b(?:sad|heartbroken|gutted|devastated|disappointed|hurt) (?:to (?:see|hear|lose|let)"
    r"|that you)\b",
    r"\bsorry to (?:see|lose|let) you\b(?! (?:went|had)\b)",
    r"\bsorry (?:to hear )?(?:that )?you(?:'re| are)? (?:leaving|going(?! through)|want|wish|quit"
    r"|cancel)",
    r"\bmiss you\b|\bbreaks? (?:my|our) hearts?\b|\bwe(?:'ll| will) be lost\b|\bplease (?:stay"
    r"|don't go|don't leave|reconsider)\b",
    r"\bdon't (?:go|leave|give up|do this|abandon|quit)(?: (?:us|me|now|yet|so soon))?\b",
    r"\bafter (?:all|everything) we(?:'ve| have)\b|\bhow could you\b|\b(?:don't|you|you'd|you'll"
    r"|would) let (?:us|me|your family|the team) down\b",
    r"\byou(?:'ll| will| would| may| might)? (?:only )?regret\b|\bmistake you\b|\bbig mistake\b",
    r"\b(?:my|our) (?:job|boss|team|bonus|targets?|numbers?|drivers?|farmers?) (?:depends?|will"
    r"|needs?|suffers?)\b",
    r"\b(?:everyone|everybody|most (?:people|customers|families)|other customers|nobody)(?:"
    r" else)? "
    r"(?:stays?|keeps?|loves?|takes?|would|leaves?|chooses?|regrets?)\b",
    r"\bdon't you (?:care|want|love|like)\b|\bno,? i (?:don't|hate|prefer|would rather)\b",
    r"\b(?:your (?:kids|children|family)|they) (?:will|'ll|would) (?:be (?:so )?(?:sad|upset"
    r"|disappointed)|miss|suffer|go hungry)\b",
    r"\bgiv(?:e|ing) up (?:on|so|already|everything)\b|\bthrow(?:ing)? (?:it |this |everything "
    r"|all )*away\b",
    r"\b(?:think|thought) (?:again|twice|very hard)\b|\bone more (?:try|chance|month) for us\b"
    r"|\byou owe\b|\bi beg\b",
    rf"\b(?:shame|pity)\b{SAME}\b(?:you|we thought|to lose|to see)\b",
    r"\b(?:we|i) thought (?:that )?you (?:were|would|liked|loved|enjoyed|valued)\b",
    r"\bthink (?:of|about) (?:the|our|your|all the) (?:\w+ )?(?:drivers?|farmers?|growers?|cooks?"
    r"|team|staff|people|kids|children|famil(?:y|ies)|planet|animals|years|memories)\b",
    r"\byou(?:'d| would|'ll| will|'re| are) (?:be )?let(?:ting)? (?:\w+ ){1,4}down\b",
    rf"\b(?:other|most|many|all) (?:customers|families|people|members|parents)\b{SAME}"
    r"\b(?:never|stay|keep|wouldn't|would|regret)\b",
    r"\b(?:hate|sorry|sad|hard|painful) to (?:lose|see|let) (?:you|a|such|our)\b",
    r"\bi(?:'d| would)? (?:rather|prefer|like|love|enjoy) (?:to )?(?:pay|paying|los(?:e|ing)"
    r"|wast(?:e|ing)|miss(?:ing)?|throw(?:ing)?)\b",
)
OBSTRUCTION = (
    rf"\b(?:must|{HAVE_TO}|can only|are required to) (?:first )?"
    r"(?:call|phone|ring|speak|talk|write|post|fax|visit|come|send us a letter|mail)\b",
    r"\b(?:only|just) (?:possible|available|done|accepted|cancel\w*) (?:by|over|through|via|in"
    r"|during|on)"
    r" (?:the )?(?:phone|telephone|post|letter|fax|person|branch|office|business|weekdays)\b",
    r"\b(?:can't|cannot|can not|won't|unable to|not (?:able|allowed"
    r"|possible) to) (?:be )?(?:cancel\w*|end|stop|close|leave)"
    r"(?: \w+){0,5} (?:here|online|in (?:this )?chat|until|unless|before|without|yet|today)\b",
    r"\bbefore (?:you can|i can|we can|i|we|you) (?:\w+ )?(?:cancel|leave|go|end|stop"
    r"|close)(?: \w+){0,3},? "
    r"(?:please )?(?:first )?(?:you|i|we|tell|complete|fill|answer|explain|watch|read|take|let"
    r"|give|rate)\b",
    r"\b(?:first|then),? (?:please )?(?:fill|complete|answer|take|tell|explain|watch|install"
    r"|download|confirm by)\b"
    r"(?: \w+){0,6} (?:survey|form|questions?|video|app|reason|why|letter|print\w*)",
    r"\btry again (?:tomorrow|later|next week|on monday) (?:to"
    r"|if you (?:still )?want to) (?:cancel|leave)\b",
    r"\b(?:your|the) (?:request|cancellation) (?:will be|is being|has to be) (?:reviewed"
    r"|considered|approved|decided)\b",
    r"\b(?:wait|waiting) (?:\w+ ){0,4}(?:days?|weeks?|hours?) (?:until|before) (?:you|we|it"
    r"|your \w+) (?:can|may|is|be|goes)\b",
    r"\b(?:sleep on it|(?<!if you )come back (?:tomorrow|later|next week)|we(?:'ll"
    r"| will) call you to cancel)\b",
    r"\b(?:not|never) (?:ending|cancelling|closing) (?:it|this|your \w+) until you\b|\bi refuse\b",
    r"\b(?:without (?:a|your) reason|no reason,? no)\b|\breason is (?:required|mandatory"
    r"|needed)\b",
    # A way that is closed, or open somewhere else only.
    rf"\b{CHANNEL} only\b|\bonly (?:\w+ ){{0,3}}{CHANNEL}\b",
    rf"\b{LEAVING}\b{SAME}\b(?:isn't|is not|aren't|are not|can't be|cannot be) (?:\w+"
    rf" )?(?:possible"
    r"|allowed|available|accepted|supported|offered)\b",
    r"\b(?:we|i) (?:do not|don't|never|cannot|can't) (?:cancel|close|end)\b(?: \w+){0,4}"
    r" (?:here|online|chat)\b|\b(?:not|n't|never) accept (?:\w+ )?cancellations?\b",
    # Something to do, or somebody to ask, before it goes on.
    rf"{TO_LEAVE}{SAME}\b{NEED} (?:\w+ )?{CONTACT}\b|\b{NEED} (?:\w+"
    rf" )?{CONTACT}\b{SAME}{TO_LEAVE}",
    rf"\byou(?:'ll| will)? (?:must|have to|need to|are required to) (?:first |please )?{TASK}\b",
    r"\byou(?:'ll| will)? (?:must|have to|need to) first\b",
    r"\b(?:fill|complete|print|sign)(?<!to fill)(?<!n't fill)(?<!to complete)(?<!to print)"
    r"(?<!to sign)(?: in| out)? (?:\w+ ){0,3}(?:form|questionnaire|survey)\b",
    rf"\b(?:can|may) (?:only )?{LEAVE}\b{SAME}\b(?:once|after|when|as soon as) you(?:'ve| have)\b",
    r"\b(?:need|require|must have)(?<!n't need)(?<!not need)(?<!n't require)(?<!not require)"
    r" (?:a|your|the) reason\b",
    r"\b(?:not|cannot|can't|won't|don't|wouldn't) (?:cancel|end|stop|close|process|release|let)\b"
    rf"{SAME}\buntil you(?:'ve| have)? (?:talk|speak|spoken|hear|see|call|answer|explain|try"
    rf"|tried)"
    r"\w*\b",
    # Somebody who has to allow it, or a time it has to lie.
    rf"\bonly (?:a|an|our|the) (?:\w+ )?{BOSS}\b{SAME}\b(?:cancel|end|close|stop)\b",
    rf"\b{BOSS} (?:must|has to|have to|needs? to) (?:approve|review|confirm|agree to|release|sign)"
    rf"\b{SAME}\b(?:cancel\w*|leav\w*|request)\b",
    rf"\b(?:days?|weeks?|months?) (?:until|before)\b{SAME}\b(?:considered|reviewed|approved"
    r"|looked at)\b",
)
MISSTATEMENT = (
    r"\b(?:lose|forfeit|give up) (?:everything|all (?:of )?(?:your|the)|access (?:forever"
    r"|for ever|immediately))\b",
    r"\b(?:all|everything|your (?:data|recipes|account|points|history))(?: \w+){0,3} (?:be |is "
    r"|are |gets? )?"
    r"(?:deleted|erased|wiped|lost|gone) (?:forever|for ever|for good|immediately|at once)\b",
    r"\bnever (?:be able to )?(?:come back|return|rejoin|sign up|get)(?: \w+){0,3}(?: again)?\b",
    r"\b(?:best|lowest|cheapest) (?:price|deal|offer) (?:anywhere|ever|you(?:'ll| will)|in the"
    r"|on the market)\b",
    r"\b(?:nobody|no one|no company|no other \w+)(?: else)?(?: \w+)? (?:beats?|offers?"
    r"|match(?:es)?"
    r"|gives?|do(?:es)? (?:that|this)|comes? close)\b",
    r"\b(?:practically|basically|virtually|almost|as good as) free\b"
    r"|\bcosts? (?:you )?nothing(?: at all)?,? really\b",
    r"\b(?:your )?credit (?:score|rating|record)(?: \w+){0,4} (?:suffer|affected|damaged|hurt"
    r"|drop)\b",
    r"\b(?:legal action|debt collect\w*|bailiffs?|lawyers?) (?:will|if you|may|might|could)\b",
    r"\bi(?:'m| am) (?:a (?:real )?(?:person|human)|not a (?:bot|robot|machine))\b"
    r"|\bas a fellow human\b",
    r"\b(?:you(?:'re| are)|it(?:'s| is)) (?:already )?cancel(?:l)?ed,? (?:just|but"
    r"|only) (?:paused|on hold|resting)\b",
    r"\bpausing is (?:the same|just like|as good) as? ?(?:a )?cancel\w*\b"
    r"|\bcancelling is (?:the same|just)\b",
    r"\b(?:huge|massive|enormous|hidden|extra) (?:fees?|penalt\w+|charges?)\b|\b(?:penalty"
    r"|fine) (?:for|if you) (?:leav|cancel)\w*\b",
    r"\b(?:guaranteed?|promise) (?:you )?(?:that )?you(?:'ll| will) (?:love|never|save thousands"
    r"|be)\b",
    r"\b(?:can't|cannot|can never|will never|won't) (?:ever )?be (?:restored|reopened|recovered"
    r"|reactivated|brought back)\b",
    r"\b(?:won't|can't|cannot|never|nowhere)(?: \w+){0,3} (?:find|get) (?:a |any |anything )?"
    r"(?:\w+ )?(?:cheaper|better|lower|fresher)\b",
    r"\bi(?:'m| am) (?:just |only )?(?:a |an )?(?:real |actual |living )?(?:human|person)\b",
    r"\b(?:be|get) sued\b|\bsue you\b|\b(?:take|see) you (?:to|in) court\b",
    r"\b(?<!not )(?<!n't )(?:hurts?|harms?|damages?|affects?|ruins?|lowers?) your credit"
    r" (?:score|rating|record)\b",
    rf"\b(?:law|contract|rules?) (?:says?|requires?|obliges?|forbids?|demands?)\b{SAME}\byou"
    r" (?:have to|must|can't|cannot|may not|to (?:keep|stay|pay))\b"
    r"|\byou(?:'re| are) (?:bound|locked in|obliged) (?:to|for|until)\b",
    # What is said to be lost, owed or barred by leaving, and is not.
    rf"\b(?:your|all|every|the) (?:\w+ )?{OWN}{SAME}\b(?:get|gets|is|are|be) (?:all |then "
    rf"|automatically )?"
    r"(?:deleted|erased|removed|wiped|lost|destroyed|gone)\b",
    rf"\b(?:we|i)(?:'ll| will|'d| would)? (?:then )?(?:erase|delete|remove|wipe|destroy)"
    rf" (?:all |every |your )+{OWN}\b(?!{SAME}\b(?:because|if|when|once) you (?:ask|want|wish))",
    rf"\byou(?:'d|'ll| would| will) (?:also )?(?:lose|forfeit)"
    rf" (?:all |every |any )*(?:of )?your (?:\w+ )?{OWN}\b",
    rf"\b{OWN} (?:\w+ ){{0,3}}(?:disappears?|vanish(?:es)?|will be gone|goes away)\b"
    r"|\beverything (?:\w+ ){0,4}(?:disappears?|vanishes)\b",
    r"(?<!no )(?<!not an )(?<!without an )\b(?:exit|leaving|cancellation|termination|early"
    r"|joining|"
    r"rejoining|re-?activation|closing|return) (?:\w+ )?(?:fees?|charges?|penalt\w+)\b",
    r"(?<!no )\b(?:charge|fee|cost) (?:for|to|if you|when you) (?:clos|leav|cancel|quit|end"
    r"|return|com)\w*",
    r"\byou(?:'d|'ll| would| will)? (?:still )?owe us\b",
    r"\b(?:have to|must|need to|means?|would)(?<!n't have to)(?<!not have to)(?<!n't need to) "
    r"(?:then )?pay(?:ing)? (?:back|for the (?:rest|remaining)|the (?:rest|remaining|full)|us"
    r" back)\b",
    r"\b(?:can|could|will|would) never be (?:given|offered|granted|yours|had)\b"
    r"|\b(?:can't|cannot|won't|never)(?: ever)? (?:get|have|see) (?:\w+ ){0,3}(?:price|rate|terms)"
    r" (?:back|again)\b",
    r"\bsign up (?:only )?once (?:in your life|ever)\b|\bcan only (?:join|sign up|subscribe)"
    r" once\b"
    r"|\b(?:blocked|black|banned) ?list\b|\bblacklist\w*",
    # Praise that nobody can check.
    r"\bwe(?:'re| are) (?:by far |simply |always )?the (?:cheapest|best|lowest|freshest"
    r"|healthiest)\b",
    r"\bpay(?:ing)? (?:\w+ )?more (?:anywhere|everywhere|somewhere) else\b"
    r"|\b(?:every|any|all) other (?:\w+ )?(?:box|boxes|company|companies|service|services"
    r"|brand|kits?)"
    rf"{SAME}\b(?:more expensive|dearer|worse|higher|less)\b",
    r"\b(?:no|nothing|isn't any|is no) better (?:value|deal|price|box|offer|quality)\b"
    r"|\bno (?:competitor|rival|other)s?\b|\bprices? elsewhere (?:is|are)\b",
    r"\b(?:doesn't|does not|won't|will not) cost you (?:a (?:thing|cent|penny)|anything)\b"
    r"|\b(?:completely|totally|entirely|absolutely) free\b|\b(?:basically|practically) a"
    r" (?:gift|present)\b",
    r"\b(?:guaranteed to|definitely|certainly) (?:save|love|lose|feel|be happy)\b"
    r"|\b(?:will|'ll) (?:definitely|certainly|always) (?:save|love|pay less)\b",
    r"\b(?:scientifically |clinically )?proven\b|\bstud(?:y|ies) (?:show|prove|found|say)s?\b",
    # Law and records that are made up.
    r"\b(?:stuck with|tied to|bound by|locked into) (?:it|this|the|your|us|a)\b",
    r"\b(?:contract|terms|agreement|plan) (?:doesn't|does not|won't|will not) (?:let|allow"
    r"|permit) you\b"
    r"|\bno right to (?:cancel|leave|stop|end|withdraw|a refund)\b"
    r"|\b(?:not|aren't|never) entitled to (?:any|a|cancel|leave|your)\b",
    r"\b(?:by law|legally),? (?:we|i|you|nobody)(?: \w+)? (?:can't|cannot|may not|must not"
    r"|have to|must|are tied"
    r"|are bound|are obliged)\b",
    r"\b(?:bank|card|credit \w+) (?:\w+ )?(?:will|would|may|might|could) (?:be )?(?:block"
    r"|blocked|refuse|notified)\b"
    r"|\breport (?:it|this|you|that) to\b|\bon your (?:record|file) for\b",
    # Who talks, and what a pause or a cancellation is.
    r"\b(?:no|isn't a|not a) (?:machine|robot|bot|computer) here\b|\bnot an automated\b"
    r"|\bchatting with \w+ from our\b",
    r"\bpaus(?:e|es|ing)(?: \w+){0,2} (?:has the same effect|ends? (?:it|your|the|this)"
    r"|cancels|is (?:a kind of|really a)"
    r" cancel\w*)\b",
    r"\bcancell?ed (?:it|that|this),? (?:but )?you(?:'ll| will) (?:just|only|still) (?:get|pay"
    r"|have)\b"
    r"|\bcancellation only (?:counts|starts|works|begins)\b"
    r"|\btakes? (?:\w+ ){1,2}(?:days|weeks|months) (?:for|until) (?:a|the|your) cancellation\b",
)
