"""Bereavement, illness, loss of income, debt and the like: nothing is sold to these customers."""

from __future__ import annotations

# All patterns are read over plain text (see `normalise`): "wife's" has become "wife" there.
RELATIVE = (
    r"(?:mother|father|husband|wife|partner|son|daughter|child|baby|brother|sister|parents?|nan"
    r"|nana|gran|granny|grandmother|grandfather|gran?dad|grandpa|grandson|granddaughter|uncle"
    r"|aunt|auntie|niece|nephew|cousin|friend|fiancee?|boyfriend|girlfriend|spouse|twins?)"
)
_SOON = r"(?:(?:has|have|had|just|recently|sadly|suddenly|also|peacefully) )*"
# What passes and is no person, and what is passed to others: "passed her exam", "passed it on".
_PASSED = (
    r"passed\b(?! (?:on )?(?:my|your|our|their|his|her|it (?:on|to|along)"
    r"|me|us|you|them|any|every|some)\b)"
    r"(?! (?:by|out|through|around|along|up|down|all|no)\b|(?: with)? (?:flying|distinction))"
    r"(?! (?:on )?(?:the|this|that|an?) (?!(?:morn|after|even|night|week|month|year|day|fortnight"
    r"|other|same|few|couple|spring|summer|autumn|winter|christmas|easter|first|start|end"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)))"
)
_ESSENTIAL = (
    r"(?:food|eating|groceries|bread|medicines?|medication|meds|tablets|pills|insulin"
    r"|prescriptions?|heating|rent|electric\w*|gas)"
)

_BEREAVEMENT = (
    r"pass?(?:ed|t) away",
    rf"(?:he|she|who|{RELATIVE}) (?:\w+ )?{_SOON}{_PASSED}",
    rf"(?:he|she|{RELATIVE}) {_SOON}(?:expired|slipped away)\b",
    rf"(?:has|have|had|just|recently|she|he|who|dog|cat|{RELATIVE}) (?:\w+ )?died\b",
    r"\bis (?:dying|dead)|death (?:in|of)|deceased",
    rf"(?:my|our|his|her) late {RELATIVE}\b",
    rf"(?:{RELATIVE}|his|her|sudden|recent) passing\b(?! (?:interest|his|her|my|me|it|the)\b)",
    r"passing of (?:my|our|his|her|a loved)",
    rf"(?:passing|loss) of (?:my|our|his|her|a) (?:\w+ )?{RELATIVE}",
    rf"lost (?:my|our|his|her) (?:\w+ )?{RELATIVE}\b",
    r"lost (?:him|her)(?: \w+ ago|(?= (?:in|on|to|last|yesterday|today|this|suddenly|after|at|so"
    r"|just|when|during|over|before|very|too|a (?:week|month|year|fortnight|few|couple))\b)|$)",
    rf"(?:he|she|{RELATIVE}) (?:is |are )?(?:sadly )?no longer with us",
    rf"(?:he|she|{RELATIVE}) did not make it\b(?! (?:to|in|home|on|for|here|back)\b)",
    rf"buried (?:him|her|(?:my|our|his|her) (?:\w+ )?{RELATIVE})\b|laid (?:him|her) to rest",
    r"(?:his|her) heart gave out|(?:dog|cat) (?:\w+ ){0,2}put (?:down|to sleep)",
    r"funeral|grie(?:f|ving)|bereave\w*|widow(?:ed|er)?|miscarr\w+|stillb\w+|suicide",
    r"took (?:his|her) own|(?:\w+ )?was (?:killed|murdered)|in mourning",
)
_ILLNESS = (
    r"cancer\b|chemo\w*|radiotherapy|tumou?r|leuk\w+|metasta\w+|hospice|end of life care",
    r"hospital(?:i[sz]ed|s)?\b|intensive care|\bicu\b|diagnos\w+|prognosis|surgery",
    r"operation (?:on|next|last)|operated on\b|(?:hip|knee|heart|spine|eye|shoulder|back)"
    r" (?:operation|replacement|replaced|op)\b|heart attack|had a stroke|stroke\b|dementia"
    r"|alzheimer\w*",
    r"parkinson\w*|multiple sclerosis|motor neurone?|dialysis|(?:kidney|organ|heart) failure",
    r"transplant|stage (?:four|0|iv)|(?:is|it) terminal\b|paraly\w+|coma\b|life support",
    r"(?:doctors?|consultant|oncologist|scans?) (?:\w+ ){0,4}(?:it|that) has spread\b",
    r"palliative|\bnicu\b|long covid|(?:have|has|with|got) ms\b",
    r"terminal (?:cancer|news|illness|condition)|terminal(?:ly)? ill\w*",
    r"(?:days|weeks?|months?|years?) (?:left )?to live\b(?! (?:in|at|here|with|near|on)\b)",
    r"(?:doctors?|they) (?:gave|have given) (?:him|her|me|us) (?:\w+ )?(?:days|weeks|months)\b",
    r"(?:seriously|very|really|so|quite|terribly|gravely|chronically|severely|too|been|falling"
    r"|fell|got|am|is|are|was|be) (?:very |really |so |quite |pretty )?(?:ill|sick)\b(?! of| and"
    r" tired)",
    r"(?:bad|broken|failing|poor|my|health) health|illness|disab(?:led|ility)|wheelchair",
    r"depress(?:ed|ion)|breakdown|burn ?out|mental health|anxiety|panic attacks|rehab\b|overdose",
    r"car (?:crash|accident|wreck)|(?:in|had|after) an? (?:\w+ )?accident|injur\w+",
    r"broke (?:my|her|his) (?:\w+ )?(?:hip|leg|arm|back|neck|wrist|ankle)",
    r"broke both (?:my )?(?:legs|arms|wrists|ankles|hips)",
    r"(?:lost|losing) (?:my|his|her) (?:eye ?)?sight|going blind",
    r"sick (?:pay|leave|note)\b|off sick|signed off (?:sick|work|from work|by (?:the|my) doctor)",
    r"care home|nursing home|assisted living",
)
_INCOME = (
    r"laid (?:me |us |him |her )?off|layoffs?|unemploy\w*|redundanc\w+",
    r"(?:made|been|was|am|got|being|is|are|were) redundant",
    r"got fired|(?:was|been|me|got) (?:fired|sacked|let go)|they let (?:me|him|her|us) go\b",
    r"furlough\w*|out of (?:a )?(?:job|work)|no (?:job|income|work|shifts)\b|between jobs|job loss",
    r"lost (?:my|our|his|her) (?:\w+ )?(?:jobs?|house|home|income|business|work)\b",
    r"(?:lost|losing|lose|cut) (?:my|our|his|her|their|the) (?:job|jobs|work|hours|income|wages"
    r"|salary)\b",
    r"(?:cut|halved|slashed|reduced) (?:all )?(?:my|our|his|her|their) (?:\w+ )?(?:hours|shifts"
    r"|wages|salary|pay|overtime|pension|benefits)\b",
    # Not "hours to cut the vegetables".
    r"(?:hours|shifts|wages|salary|income|pension) (?:(?!to\b|of\b|for\b|before\b)\w+ ){0,4}"
    r"(?:cut|halved|slashed|reduced|dried up)\b",
    r"(?:my|our|his|her|their|sick) pay (?:\w+ ){0,3}(?:cut|halved|slashed|reduced)\b|a pay cut\b",
    r"reduced hours|zero hours contract|on half pay|strike pay",
    r"(?:company|firm|employer) (?:has |have )?(?:went|gone|is going) (?:bust|under)",
    r"wages (?:\w+ ){0,2}(?:garnished|frozen|withheld)|frozen my wages",
    r"business (?:failed|went|is going|collapsed)",
)
_WANT = (
    r"bankrupt\w*|insolven\w+|(?:in|of|with|my|our|his|her|have|has|got|many|big|huge"
    r"|the) debts?\b|debt\b|pay ?day loans?|penniless"
    r"|destitute|without a penny|no money for food|financial (?:difficult\w+|hardship|ruin)",
    r"evict\w+|foreclos\w+|homeless\w*|lose (?:the|our|my) (?:house|home)|sleeping rough"
    r"|bank took (?:our|my) (?:house|home)|in a shelter"
    r"|sleeping in (?:my|our|the|his|her) car|sofa surfing",
    r"food ?bank|food stamps|on (?:benefits|welfare|disability)|universal credit|bailiff\w*",
    r"repossess\w*|behind (?:on|with) (?:the |my |our )?(?:rent|bills|mortgage)",
    r"(?:can not|could not) pay (?:the |my |our )?(?:rent|bills|mortgage)|make ends meet",
    r"struggling to (?:pay|eat|feed|put|survive|get by|live|cope)",
    r"(?:can not|barely|hardly) (?:even )?(?:feed|put food|keep the lights|buy food)",
    rf"between (?:(?:the|my|our|her|his|buying|paying) )*{_ESSENTIAL} and (?:\w+ )?{_ESSENTIAL}\b",
    rf"\b{_ESSENTIAL} or (?:the |my |our |her |his )?{_ESSENTIAL}\b",
    r"so (?:that )?(?:the|my|our) (?:kids|children) can eat",
    r"(?:house|home|flat|apartment) (?:\w+ )?(?:burn\w*|flood\w*)|burned down|burnt down",
    r"house fire|flooded|hurricane|domestic (?:abuse|violence)|women s? ?(?:refuge|shelter)"
    r"|(?:not|never|no longer) safe (?:there|at home|for (?:me|us|the (?:kids|children)))"
    r"|(?:home|house|he|she) (?:is not|no longer|was not) (?:\w+ )?safe\b|fled (?:my|our|the|from)"
    r"|(?:he|she|husband|wife|partner|boyfriend|girlfriend|ex) (?:hits|beats|beat|abuses|abused"
    r"|threatens) (?:me|us)\b|restraining order",
)
HARDSHIP = "|".join((*_BEREAVEMENT, *_ILLNESS, *_INCOME, *_WANT))
