"""The judge of a simulated conversation: the exit rules, as far as a transcript and books show.

It reads what the customer read and meant, and the books before, between and long after. It asks
nothing of the dialogue's own state, and calls none of the functions that decide there.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator import judge_leaving, judge_offers
from bot.simulator.books import left
from bot.simulator.verdict import Broken, Case

_ANSWERS = "assistant"


def broken_rules(case: Case) -> tuple[Broken, ...]:
    """Return every rule that is broken, in the order of the conversation; none is good."""
    checks = (*judge_leaving.CHECKS, *judge_offers.CHECKS, *_CHECKS)
    found = [broken for check in checks for broken in check(case)]
    return tuple(sorted(dict.fromkeys(found), key=lambda broken: broken.at))


def it_says_what_it_is(case: Case) -> Iterator[Broken]:
    """R11: the first message says that an automated assistant is talking."""
    if "automated assistant" not in case.conversation.exchanges[0].text:
        yield Broken("R11", 0, "the first message does not say who is talking")


def nothing_had_to_be_held_back(case: Case) -> Iterator[Broken]:
    """R12 and the words: what the desk's own guard kept back was about to be said."""
    for rule in case.conversation.held_back:
        yield Broken("R12" if rule == "pressure" else rule, 0, f"a message was held back ({rule})")


def everybody_is_answered(case: Case) -> Iterator[Broken]:
    """What is typed to the assistant is answered, and a button that stands there works."""
    exchanges = case.conversation.exchanges
    for at, exchange in enumerate(exchanges[1:-1], 1):
        if exchange.refused and exchange.did.button:
            yield Broken("answer", at, f"a button on the screen did not work: {exchange.refused}")
        elif not exchange.seen and exchanges[at - 1].holder == _ANSWERS and exchange.did.text:
            yield Broken("answer", at, "the customer was not answered")


def what_is_recorded_is_true(case: Case) -> Iterator[Broken]:
    """R7, R17: no exit is recorded as a save nor the reverse; the chain of records is whole."""
    conversation, last = case.conversation, len(case.conversation.exchanges) - 1
    if conversation.chain_broken:
        yield Broken("R17", last, conversation.chain_broken)
    gone = set(left(conversation.before, conversation.settled))
    newest = {attempt["about"]: attempt["outcome"] for attempt in conversation.attempts}
    for about, outcome in newest.items():
        if outcome == "saved" and about in gone:
            yield Broken("R7", last, f"{about} has ended and is recorded as saved")


_CHECKS = (
    it_says_what_it_is,
    nothing_had_to_be_held_back,
    everybody_is_answered,
    what_is_recorded_is_true,
)
