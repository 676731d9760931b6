"""How answers are worded: what agrees, refuses, asks back, names a number or a code."""

from __future__ import annotations

import re

ASKS = re.compile(
    r"^(?:what|when|where|how|who|which|why|can|could|do|does|did|is|are|will|would|should|may"
    r"|if)\b|\? ?$"
)

NO_REASON = re.compile(
    r"^(?:no|pass|skip|nothing|none|never mind|nobody|private|personal|whatever)$|(?:rather|prefer"
    r"|want|need|going|care|have|like) (?:\w+ )?(?:not|to) (?:to )?(?:say|tell|answer|share|explain"
    r"|discuss)|(?:do not|not|rather not|will not) (?:\w+ ){0,3}(?:say|tell|share|explain|discuss"
    r"|answer)\b|none of your|no (?:particular |special |real )?reason|not (?:your|important"
    r"|relevant)|does not matter|no comment|is private|^it is personal$|^skip\b"
    r"|\b(?:that is|it is|strictly|purely) (?:my|our) (?:own )?(?:business|affair|concern)\b"
    r"|\bkeep(?:ing)? (?:\w+ ){1,3}?(?:to|between) (?:my|our) ?sel(?:f|ves)\b"
)
BARE_NUMBER = re.compile(r"^\W*(?P<number>\d{1,3})\W*$")
LEAVES_A_MESSAGE = re.compile(
    r"\bleav(?:e|ing) (?:(?:you|them|him|her|someone|somebody) )?"
    r"(?:a |an |the |my |this )?(?:\w+ )?(?:message|note|ticket|e-?mail)\b",
    re.IGNORECASE,
)
DIALLED = re.compile(r"\+?\(?\d[\d\s().\-/]{3,24}\d")
SIX_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){5}(?!\d)")
AGREES = re.compile(
    r"^(?!(?:(?:many )?(?:thanks|thank you)(?: |$)|! ?)+$)(?:"
    r"(?:yes|okay|sure|alright|right|fine|good|great|perfect|please|do it|go ahead|sounds good"
    r"|sounds great|sounds fair|works for me|that works|deal|agreed|confirm|confirmed|correct"
    r"|exactly|absolutely|definitely|go for it|go on|of course|why not|i guess|i agree|you bet"
    r"|(?:many )?thanks|thank you|cool|(?:let us )?do (?:it|that|so|this)|please do"
    r"|that is (?:right|it|fine|good|great|perfect)"
    r"|then|it is|so|!)(?: |$))+$"
)
HELPED = re.compile(
    r"\b(?:that|this|it|credit|which) (?:\w+ ){0,2}(?:helps|helped|solves|solved|works|worked|does"
    r"|did|sorts|sorted|fixes|fixed|settles|is (?:good|fine|great|perfect|fair|enough|okay|kind))"
)
# "What was your offer again?" wants to read it once more, not to have another.
SAY_AGAIN = re.compile(
    r"\b(?:what|which|how much) (?:was|were|is|did you (?:say|ask|offer|mean))\b(?: \w+){0,5}"
    r" again\b|\b(?:say|tell me|show(?: me)?|repeat|explain|write|ask)(?: me)? (?:that|it|this"
    r"|the (?:offer|question|deal|terms)|your (?:offer|question))(?: to me)?(?: \w+){0,2}"
    r" (?:again|once more)\b"
    r"|\brepeat (?:that|it|this|the|your|please)\b|\b(?:come again|once more please|say again)\b"
    r"|\b(?:scroll|go) back to (?:the|your) (?:offer|question)\b"
    r"|\bwhat (?:was|did you say was) (?:that|the (?:offer|question|deal))(?: about)?$"
)
# Nobody gives a reason in markup: it was pasted, or is tried on us.
MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>|\{\{|\$\{|</?[a-z]+$")
STAYS = re.compile(
    r"\b(?:i|we)(?: will| shall| am| are| would| can)? ?(?:ll |just |then |happily )*(?:stay"
    r"|staying|stick with|sticking with|keep (?:it|them|the|my|going|larder|on)|keeping|carry on"
    r"|continue)\b|\bill (?:just )?(?:stay|stick|keep|carry on)\b"
)
DISAGREES = re.compile(
    r"^(?:no|not really|not (?:quite|at all|now|yet|today|interested|that|this|for me)|never|wrong"
    r"|negative|i do not think so|that is (?:wrong|not it|not right)|incorrect|nothing"
    r"|neither)\b(?: (?:thanks|thank you|please|sorry|really|it is not|not really|way|i do not"
    r"|that is not it|at all|sir|thank|no|(?:very|so) much|a lot))*$"
)
