"""When a word of the lexicon means the thing: "the family plan" is one, "my family" is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.calendar_days import MONTHS, WEEKDAYS
from bot.understanding.lexicon import Lexicon
from bot.understanding.tenses import Said
from bot.understanding.wordlists import word_set

# Ordinary English words that some operator's plan is called by.
_ORDINARY = word_set(
    "family light lite basic standard premium plus pro starter regular large small annual yearly "
    "monthly solo single couple annually"
)
_PLAN_NOUNS = word_set(
    "plan plans box boxes subscription subscriptions sub subs tier package membership option one "
    "size version sized package kit"
)
# Ordinary words that competitors are called by: theirs where they are written with a capital.
_ORDINARY_COMPANIES = ("factor", "mindful", "purple", "good food", "every plate", "gobble")
_LEADING = word_set(
    "to from on in than between vs versus or and cancel downgrade pause keep have duo solo light "
    "family annual into off onto take drop stop end with if not got get pick"
)
_ENDING = word_set(
    "for instead please pls plz and then or than is to was at would will when works costs but "
    "cost because on now vs versus as from if does do has it i thanks subscription innit mate ta "
    "cheers lads again after what could can should starting this next we too since tho though"
)
_HERS = word_set(
    "box boxes subscription sub plan one account order meals food delivery deliveries light duo "
    "solo family kit kits 's stuff"
)


def names_it(kind: str, phrase: str, said: Said, message: str) -> bool:
    """Tell whether a phrase found at this place really is the plan, subscription or competitor."""
    if kind == "plan":
        return (
            phrase not in _ORDINARY
            or _is_plan(phrase, said)
            or _is_known(phrase, said, message)
            or _is_written_as_a_name(said, message)
            or _is_changed_to(said)
        )
    if kind == "subscription":
        return _is_subscription(phrase, said, message)
    return (
        phrase not in _ORDINARY_COMPANIES
        or said.capital
        or said.follows("to", "with", "from", "at", "using", "joined", "tried", "via", "use", "for")
    )


def _is_plan(phrase: str, said: Said) -> bool:
    before = said.before[-1] if said.before else ""
    after = said.after[0] if said.after else ""
    if after in _PLAN_NOUNS or before == "plan":
        return True
    if phrase == "solo":
        return before not in ("travel", "traveling", "travelling", "living", "live", "going", "fly")
    if said.before[-2:-1] and said.before[-2] in ("closer", "next", "close", "back"):
        return False
    ends = not after.isalpha() or after in _ENDING
    if before in _LEADING and ends:
        return True
    # "Family is too much for us": a name without an article opens the sentence.
    opens = not before.isalpha() and before not in ("'s",)
    return opens and ends


_WHOSE = word_set("my our your his her their whose whole entire a an extended immediate dear every")
_TITLES = 2


def _is_written_as_a_name(said: Said, message: str) -> bool:
    """Tell "is Family enough for four" from "my Family" and from a message all in capitals."""
    before = said.before[-1] if said.before else ""
    if not said.capital or not before.isalpha() or before in _WHOSE:
        return False
    capitals = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", message)
    return len(capitals) <= _TITLES * len(set(capitals)) and any(map(str.islower, message))


_CHANGE = word_set(
    "switch switched switching move moved moving swap swapped swapping change changed changing put "
    "go going drop dropped dropping step bump bumped downgrade downgraded upgrade upgraded shift "
    "take transfer stay carry stick keep continue"
)
_OF_WAY = word_set("onto to on into with")
_NO_PLAN_AFTER = word_set(
    "meals meal food eating lunch lunches dinner dinners snacks members member of life friends and "
    "cooking fare bites touch blue green bulb side stuff breakfast friendly time reasons matters"
)


def _is_changed_to(said: Said) -> bool:
    """Tell "swap me onto light whenever" from "we went on to light meals"."""
    before = [word for word in said.before[-7:] if word not in ("the", "a")]
    after = said.after[0] if said.after else ""
    return (
        before[-1:] != []
        and before[-1] in _OF_WAY
        and bool(_CHANGE & {*before})
        and after not in _NO_PLAN_AFTER
        and said.before[-2:-1] not in (["closer"], ["close"], ["back"], ["next"], ["home"])
    )


_OTHER_PLAN = re.compile(r"\b(?:duo|solo|light box|on light|lite)\b", re.IGNORECASE)
_ANNUAL_THINGS = word_set("fee fees leave report holiday check meeting trip salary income review")


def _is_known(phrase: str, said: Said, message: str) -> bool:
    """Tell a plan by what stands around: another plan ("off family onto duo"), "the annual"."""
    before = said.before[-1] if said.before else ""
    after = said.after[0] if said.after else ""
    if phrase in ("annual", "yearly"):
        return before in ("the", "my", "that", "our", "this") and after not in _ANNUAL_THINGS
    if phrase != "family" or after in ("of", "is", "has", "loves", "and i"):
        return False
    if before in ("off", "onto", "from", "to"):
        return said.before[-2:-1] not in (["closer"], ["close"], ["back"], ["next"], ["due"])
    beside = ("the", "a", "end", "stop", "drop", "leave", "for", "n", "&", "or", "and", "vs", "get")
    return bool(_OTHER_PLAN.search(message)) and before in beside


def _is_subscription(phrase: str, said: Said, message: str) -> bool:
    after = said.after[0] if said.after else ""
    if after in _HERS - {"'s"} and not (phrase == "home" and after == "delivery"):
        return True
    if phrase != "home" and _is_hers(phrase, said, message):
        return True
    if said.before[-1:] == ["this"]:
        return False  # "arrives at this house"
    if phrase in ("home", "house") and _MOTHER.search(message):
        return said.before[-1:] != ["care"] and after not in ("delivery", "town", "cooking")
    if said.alone or (set(said.before) <= {"the", "my", "mine", "for", "just", "only", "at"}):
        return not any(word.isalpha() for word in said.after)
    if said.follows("for", "at") or (said.before[-2:-1] and said.before[-2] == "for"):
        # "The light one for my mother", "the duo at home"
        return any(word in _HERS - {"'s"} for word in said.before[-5:])
    return False


_MOTHER = re.compile(r"\b(?:m[uo]m|mother|mam)(?:my|'?s)?\b", re.IGNORECASE)
_HER_BOX = re.compile(
    r"\bhers\b|\b(?:(?:her|his)\s+(?:box|boxes|subscription|sub|plan|order|meals|deliver\w+|account)"
    r"|(?:box|boxes|subscription|sub|plan|one|order|meals)\s+for\s+(?:her|him))\b",
    re.IGNORECASE,
)
# Where one can be: "I am at my mum's".
_PLACES = word_set("at to from near visit visiting into in round around back")


def _is_hers(phrase: str, said: Said, message: str) -> bool:
    """Tell whether a mother is named for her subscription: "mum's next box", "and mom's"."""
    owns = phrase.endswith("s") or said.after[:1] == ["'s"]
    after = said.after[1:] if said.after[:1] == ["'s"] else said.after
    if owns and any(word in _HERS for word in after[:2]):
        return True
    before = [word for word in said.before[-2:] if word not in ("my", "our", "the")]
    if not owns and before[-1:] == ["for"] and len(said.before) <= 2:
        return True  # "For my mother please, the smallest one"
    if owns and not (before and before[-1] in _PLACES):
        # Nothing else of hers is named: "the home one and mum's", "mom's should still come".
        return not after or not after[0].isalpha() or after[0] in _AS_ONE
    return bool(_HER_BOX.search(message))


_AS_ONE = word_set("should can could is was will needs stays and please only too as but instead")

_SWITCHED = re.compile(
    r"\b(?:[Ss]witch(?:ed|ing)?(?:\s+over)?\s+to|(?:gone|went|going|go)\s+with"
    r"|defect(?:ed|ing)\s+to|[Ss]ign(?:ed|ing)?(?:\s+up)?\s+(?:with|to|for)|[Jj]oined"
    r"|subscribed\s+to|ordering\s+from|buying\s+from|using|chang(?:ed|ing)\s+to"
    r"|mov(?:ed|ing)\s+(?:over\s+|across\s+)?to|[Gg]one\s+(?:over|across)\s+to"
    r"|leaving\s+you\s+for|jump(?:ed|ing)?\s+(?:ship\s+)?to|[Tt]rying(?:\s+out)?"
    r"|[Ss]tart(?:ed|ing)?\s+with|(?:compared|next|better\s+than|cheaper\s+than)\s+to)\s+"
    r"(?P<name>[A-Z][\w&']+(?:\s[A-Z][\w&']+){0,2})"
)
# Where people move house is no company: after "moved to" only a name that trades like one counts.
_TRADES = re.compile(
    r"fresh|chef|meal|food|kitchen|box|crate|eats?|dish|plate|cook|farm|basket|ladle|dinner|spoon"
    r"|fork|pantry|table|veg|organic|bowl|bite|menu|greens|harvest|grocer|supper|recipe|pot|pan\b",
    re.IGNORECASE,
)


def competitor_after_switch(message: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the places of names that a customer says they switched to."""
    ours = {lexicon.own_name.lower()} | {
        word for _, phrases in lexicon.plan for phrase in phrases for word in phrase.split()
    }
    for match in _SWITCHED.finditer(message):
        first = match["name"].split()[0].lower()
        if first in ours or first in MONTHS or first in WEEKDAYS or first in ("i", "the", "a"):
            continue
        moved = re.match(
            r"mov|us|chang|try|start|gone|jump|comp|next|bett|cheap", match.group(), re.I
        )
        if moved and not _TRADES.search(match["name"]):
            continue
        yield match.span("name")
