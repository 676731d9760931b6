"""Chat spelling and its plain form, as tables: shorthand, contractions and signs."""

from __future__ import annotations

from bot.understanding.wordlists import word_set

# Every value is plain already: normalising it again changes nothing (a test holds it to that).
SHORTHAND: dict[str, str] = {
    "u": "you", "ur": "your", "r": "are", "ya": "you", "yall": "you all", "y'all": "you all",
    "pls": "please", "plz": "please", "plss": "please", "pleez": "please", "plse": "please",
    "pleease": "please", "pleese": "please",
    "thx": "thanks", "thnx": "thanks", "thanx": "thanks", "tnx": "thanks", "ty": "thank you",
    "tysm": "thank you so much", "tks": "thanks", "thankyou": "thank you", "cheers": "thanks",
    "wanna": "want to", "gonna": "going to", "gotta": "got to", "gimme": "give me",
    "lemme": "let me", "dunno": "do not know", "kinda": "kind of", "sorta": "sort of",
    "coupla": "couple of", "outta": "out of", "hafta": "have to", "tryna": "trying to",
    "cuz": "because", "coz": "because", "bc": "because", "b/c": "because", "becuase": "because",
    "becasue": "because", "tho": "though", "thru": "through", "w/": "with", "w/o": "without",
    "wat": "what", "wut": "what", "wot": "what", "hw": "how", "wen": "when",
    "idk": "i do not know", "idc": "i do not care", "nvm": "never mind", "nevermind": "never mind",
    "nm": "never mind", "omg": "oh my god", "wtf": "what the hell", "btw": "by the way",
    "tbh": "to be honest", "imo": "in my opinion", "rn": "right now", "asap": "as soon as possible",
    "fyi": "for your information", "jk": "just kidding", "lol": "haha", "lmao": "haha",
    "ok": "okay",
    "k": "okay", "kk": "okay", "okey": "okay", "okie": "okay", "oki": "okay", "yea": "yes",
    "yeah": "yes", "yeh": "yes", "yep": "yes", "yup": "yes", "yass": "yes", "yas": "yes",
    "nope": "no", "nah": "no", "naw": "no", "noo": "no",
    "msg": "message", "acct": "account", "acc": "account", "acnt": "account", "info": "information",
    "del": "delivery", "addr": "address", "amt": "amount", "sub": "subscription",
    "subs": "subscriptions", "subscrip": "subscription", "abt": "about", "ppl": "people",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmw": "tomorrow", "tomorow": "tomorrow",
    "tommorow": "tomorrow", "tommorrow": "tomorrow", "yday": "yesterday", "hrs": "hours",
    "wk": "week", "wks": "weeks", "mo": "month", "mos": "months", "mth": "month", "mths": "months",
    "mnth": "month", "mnths": "months", "yr": "year", "yrs": "years", "mum": "mother",
    "mums": "mothers", "mom": "mother", "moms": "mothers", "mam": "mother",
    "grandma": "grandmother",
    "dad": "father", "bucks": "dollars", "quid": "pounds", "app's": "app is",
}  # fmt: skip

# Written with or without the apostrophe. "id", "ill", "well", "were" and "its" are words of their
# own, so they count only with it.
CONTRACTIONS: dict[str, str] = {
    "im": "i am", "ive": "i have", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "cant": "can not", "cannot": "can not", "can't": "can not", "wont": "will not",
    "won't": "will not", "wouldnt": "would not", "couldnt": "could not", "shouldnt": "should not",
    "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
    "havent": "have not", "hasnt": "has not", "hadnt": "had not", "aint": "is not",
    "ain't": "is not", "thats": "that is", "whats": "what is", "wheres": "where is",
    "hows": "how is", "whos": "who is", "theres": "there is", "heres": "here is", "lets": "let us",
    "let's": "let us", "youre": "you are", "theyre": "they are", "youve": "you have",
    "weve": "we have", "theyve": "they have", "youll": "you will", "theyll": "they will",
    "itll": "it will", "shes": "she is", "hes": "he is", "that's": "that is", "what's": "what is",
    "where's": "where is", "how's": "how is", "who's": "who is", "there's": "there is",
    "here's": "here is", "it's": "it is", "she's": "she is", "he's": "he is", "when's": "when is",
    "why's": "why is", "everything's": "everything is", "nothing's": "nothing is",
    "something's": "something is", "someone's": "someone is", "nobody's": "nobody is",
}  # fmt: skip

ENDINGS: tuple[tuple[str, str], ...] = (
    ("n't", " not"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'m", " am"),
    ("'d", " would"),
    ("'s", ""),
)

SIGNS: dict[str, str] = {
    "👍": " okay ", "👌": " okay ", "✅": " yes ", "✔": " yes ", "👎": " no ", "❌": " no ",
    "🚫": " no ", "🙏": " thanks ", "😡": " angry ", "🤬": " angry ", "😠": " angry ",
    "😤": " angry ", "😢": " sad ", "😭": " sad ", "💔": " sad ", "😞": " sad ", "👋": " hello ",
}  # fmt: skip

# Misspelling these costs a customer the most, so a near miss is read as the word.
KEY_WORDS: tuple[str, ...] = (
    "account", "appointment", "because", "business", "cancel", "cancelled", "cancelling",
    "cancellation", "customer", "delivery", "discount", "discontinue", "downgrade", "expensive",
    "human", "immediately", "leave", "leaving", "membership", "minute", "person", "please",
    "rather", "refund",
    "restaurant", "service", "somebody", "someone", "stupid", "subscription", "subscriptions",
    "support", "suspend", "terminate", "terminated", "unsubscribe",
)  # fmt: skip

# Real words one slip away from a key word; they mean themselves.
NOT_KEY_WORDS: frozenset[str] = word_set(
    "accent accented accounts accountant appointments cancer cancers cancels canceler canceled "
    "canceling cancelations canal candle canned council counsel customers custom customs costumer "
    "deliver delivers delivered deliveries discounts discover discontinued downgraded downgrades "
    "expansive expensively members member pleased pleas plead leases lease pleasant refunds "
    "refunded restaurants services serviced serve supports supported support suspends suspended "
    "terminal terminally terminals terminated terminates unsubscribed unsubscribes subscript "
    "subscriber subscribers subscribe subscribed memberships became cancelable "
    "businesses busyness humane humans hummus human's persons personal personnel pension minutes "
    "minus minuet minutely lather father bather gather rattle ratter rates rate stupidly "
    "leaves leaver leavers leaven lease leased leasing leaning leading leaping leaking leafing "
    "leavings something sometime sometimes someones persona prison parson terminates terminal"
)
# Slips that more than one word, or none, is one letter away from.
SLIPS: dict[str, str] = {
    "subscribtion": "subscription", "subcription": "subscription", "subsciption": "subscription",
    "leav": "leave", "leve": "leave", "cxl": "cancel", "canx": "cancel", "cncl": "cancel",
    "minte": "minute", "minue": "minute", "lawer": "lawyer", "lawter": "lawyer",
    "persn": "person", "costumer": "customer",
}  # fmt: skip
SAME_WORD: dict[str, str] = {
    "canceled": "cancelled", "canceling": "cancelling", "cancelation": "cancellation",
    "cancelations": "cancellation", "abonement": "subscription", **SLIPS,
}  # fmt: skip
