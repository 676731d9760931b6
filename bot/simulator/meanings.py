"""What a sentence or a button means to the customer who uses it: the truth the judge goes by."""

from __future__ import annotations

from bot.simulator import reading as read
from bot.simulator.transcript import Means as M

MEANS_OF: dict[str, frozenset[M]] = {
    "wish": frozenset({M.WISH}),
    **{
        f"wish_{reason}": frozenset({M.WISH, M.REASON})
        for reason in (
            *("too_expensive", "unused", "temporary_break", "switched_service", "low_quality"),
            *("delivery_problem", "life_event"),
        )
    },
    **{
        f"reason_{reason}": frozenset({M.REASON})
        for reason in (
            *("too_expensive", "unused", "temporary_break", "switched_service", "low_quality"),
            *("delivery_problem", "life_event"),
        )
    },
    "wish_both": frozenset({M.WISH}),
    "wish_the_second": frozenset({M.WISH}),
    "insist": frozenset({M.INSIST}),
    "again": frozenset({M.WISH}),
    "at_once": frozenset({M.AT_ONCE}),
    "hardship_wish": frozenset({M.WISH, M.HARDSHIP}),
    "hardship": frozenset({M.HARDSHIP}),
    "decline_and_leave": frozenset({M.DECLINE, M.INSIST}),
    "decline": frozenset({M.DECLINE}),
    "more": frozenset({M.MORE}),
    "discount": frozenset({M.DISCOUNT}),
    "bargain_open": frozenset({M.WISH, M.REASON, M.DISCOUNT}),
    "claim": frozenset({M.CLAIM}),
    "claim_wish": frozenset({M.CLAIM, M.WISH}),
    "accept": frozenset({M.ACCEPT}),
    "yes_please": frozenset({M.YES}),
    "no_stop": frozenset({M.NO}),
    "no_reason": frozenset({M.NO_REASON}),
    "keep": frozenset({M.KEEP}),
    "not_leaving": frozenset({M.KEEP}),
    "undo": frozenset({M.UNDO}),
    "person": frozenset({M.PERSON}),
    **{key: frozenset({M.SERVICE}) for key in ("pause", "pause_open", "skip", "smaller")},
    "less_often": frozenset({M.SERVICE}),
    "complain_late": frozenset({M.COMPLAIN}),
    "complain": frozenset({M.COMPLAIN}),
    "angry_wish": frozenset({M.ANGRY, M.WISH}),
    "angry": frozenset({M.ANGRY}),
    "legal": frozenset({M.LEGAL, M.WISH}),
    **{
        f"question_{what}": frozenset({M.QUESTION})
        for what in ("terms", "billing", "plans", "refund", "human")
    },
    **{key: frozenset({M.CHAT}) for key in ("beside", "unclear", "thanks", "bye", "in_the_queue")},
    "cancel_order": frozenset({M.WISH}),
    "return_order": frozenset({M.WISH}),
    **{key: frozenset({M.CHOOSE}) for key in ("both", "the_first", "the_second")},
    "email_only": frozenset({M.IDENTIFY}),
    "code_only": frozenset({M.IDENTIFY}),
}

_OF_TITLE: dict[str, M] = {
    read.ACCEPT: M.ACCEPT,
    "Exchange it": M.ACCEPT,
    "Take store credit": M.ACCEPT,
    read.CONFIRM: M.YES,
    read.MORE: M.MORE,
    read.NO_REASON: M.NO_REASON,
    "Yes, that solves it": M.KEEP,
    read.UNDO: M.UNDO,
    "Cancel my subscription": M.WISH,
    "Cancel an order": M.WISH,
    "Send something back": M.WISH,
    **{title: M.KEEP for title in read.KEEPING},
    **{title: M.REASON for title in read.REASON_TITLES},
}


def pressed(ident: str, title: str) -> frozenset[M]:
    """Return what a button means; one that names a thing only says which."""
    if ident == read.CANCEL_ID:
        return frozenset({M.INSIST})
    if ident == read.PERSON_ID:
        return frozenset({M.PERSON})
    return frozenset({_OF_TITLE.get(title, M.CHOOSE)})
