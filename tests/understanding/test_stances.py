"""Goodbyes that end a contract, and those that end a chat or a day."""

from __future__ import annotations

import pytest

from bot.understanding.clauses import clauses
from bot.understanding.normalise import tokens_and_breaks
from bot.understanding.stances import (
    refuses_to_leave,
    stances,
    states_wish_to_leave,
    takes_leave,
)
from tests.growth import grows_with_length
from tests.understanding.engines import parse


def plain(text: str) -> list[str]:
    return [" ".join(tokens_and_breaks(clause.text)) for clause in clauses(text)]


@pytest.mark.parametrize(
    "text",
    [
        "the bread was stale twice running. so we're off",
        "never have time for it, jack it in would you",
        "My flatmate signed me up for a laugh, get me out of this",
        "We are leaving you for the market down the road",
        "Soggy again!! that's me done",
        "after the op I must give up the boxes",
        "nobody answers the phone here, count us out",
        "Granddad died. Somebody has to wind it up",
        "my card was charged twice, let me out of this",
        "the greens were slimy, cut us loose",
        "never cooked it, I see no point in keeping it",
        "the price went up and there's no reason to stay",
        "too dear, we shall go our separate ways",
        "the courier is hopeless, I want it wound up",
        "if nobody rings by noon I'm gone, I was charged twice",
        "late again, so don't bother sending the next",
        "this is me leaving, the app never works",
        "bin it. the tomatoes were mush",
        "bring the price down or you can forget about us",
        "the salad was brown, you have seen the last of me",
        "no phone number anywhere. My mind is made up",
        "it's dear for two people, I'm not signing up for another year",
        "the salad was brown once more, send us nothing further",
        "your line is always busy, I would rather pay the fee than stay",
    ],
)
def test_a_goodbye_beside_a_cause_is_a_wish_to_leave(text):
    assert takes_leave(plain(text))
    assert parse(text).intent == "request_cancellation"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I'm off now, ta ta", "goodbye"),
        ("that was all, we're done here, thank you", "thank"),
    ],
)
def test_a_goodbye_alone_ends_the_chat(text, intent):
    assert parse(text).intent == intent


@pytest.mark.parametrize(
    "text",
    [
        "we're off to Crete in May, leave the boxes out until then",
        "I changed my mind, so I'm off the fence: keep it",
        "are we done here?",
        "the crisps were stale, let me go and check the date",
        "they've let me go after nineteen years",
        "the discount should come off this invoice",
        "pull it out of the oven",
        "the driver may leave it there, by the door",
        "too many mails, take me off the list",
        "no, don't let us go, we like it",
        "if it rains I'm off to my sister's, leave it with the porter",
    ],
)
def test_a_goodbye_to_something_else_is_none(text):
    assert not takes_leave(plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "why do my deliveries keep getting cancelled on a Friday night",
        "you cancelled our box without a word",
        "another cancelled delivery, lovely",
    ],
)
def test_what_was_cancelled_by_us_is_no_wish(text):
    assert not states_wish_to_leave(plain(text))
    assert parse(text).intent != "request_cancellation"


@pytest.mark.parametrize(
    "text",
    [
        "my flatmate is leaving Gousto, please don't close mine",
        "No! Do not cancel it, I was asking for my brother",
        "whatever you do, never end my plan",
        "I have no intention of leaving, I only grumble",
        "there is no need to close my account, the bill is paid",
        "don't you dare end my plan",
        "we'd prefer a few weeks off to leaving, I think",
        "I would sooner have the smaller box than quitting",
    ],
)
def test_who_tells_us_not_to_end_it_stays(text):
    assert refuses_to_leave(plain(text))
    assert parse(text).intent not in ("request_cancellation", "cancel_order")


@pytest.mark.parametrize(
    "text",
    [
        "why don't you cancel my plan",
        "if you do not cancel it I shall ring my bank",
        "you did not close my account",
        "don't cancel my order, cancel my subscription",
        "do not stop it at the end of the month, end my plan now",
        "I'd prefer you to cancel",
        "I'd prefer cancelling to a break",
    ],
)
def test_who_wonders_why_it_has_not_ended_does_not_stay(text):
    assert not refuses_to_leave(plain(text))


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("I'd prefer to keep my reasons to myself", False),
        ("we keep our thoughts on that to ourselves", False),
        ("keep my boxes coming to me", True),
        ("keep my plan please", True),
    ],
)
def test_what_is_kept_to_oneself_is_no_subscription_that_is_kept(text, keeps):
    assert ("not" in stances(plain(text)[0])) is keeps


@pytest.mark.parametrize(
    "text",
    [
        "I was about to cancel my plan, but the soup won me over",
        "cancel the family plan and put us on duo",
        "end one of our two boxes a week",
        "why did you say I wanted to cancel my plan",
        "I'm leaving for the office now",
    ],
)
def test_what_was_nearly_or_partly_ended_is_no_plain_wish(text):
    assert not states_wish_to_leave(plain(text))


@pytest.mark.parametrize(
    "words", ["i want to", "not just", "not going to be", "please do", "cancel thx", "no and"]
)
def test_words_said_again_and_again_take_no_time(words):
    first, *again = words.split(" ", 1)

    def read(text):
        stances(text)
        takes_leave([text])
        refuses_to_leave([text])

    # A pattern that can read one text in two ways takes twice as long for every word: minutes.
    assert grows_with_length(read, f"{words} ", 60)
    assert grows_with_length(lambda text: read(f"{first} {text}so"), f"{' '.join(again)} ", 60)
