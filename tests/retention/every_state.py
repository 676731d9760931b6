"""The proof's walk for tests of wording: more kinds of offers and words, a few moves deep."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from bot import bootstrap_proof, settings
from bot.retention.account import ConcessionKind
from bot.retention.commands import PauseSubscription
from bot.retention.dialogue import Heard
from bot.retention.policy import OfferTerms, RetentionPolicy
from bot.retention.proof.inputs import MOVES, OPENED
from bot.retention.proof.passages import Passage, done
from bot.retention.proof.place import Beginning, first_place
from bot.retention.proof.walk import Walk
from bot.storage.demo_company import demo_accounts
from bot.storage.embedded_billing_books import Books
from bot.storage.ledger_in_memory import LedgerInMemory
from bot.storage.proof_accounts import with_catalogue
from tests.factories import NOW, TODAY

DEEPEST = 2

# Kinds the demo company does not offer, so that their words are walked through as well.
_MORE_POLICIES = tuple(
    RetentionPolicy(f"walk_{terms.kind.value}", 1, (reason,), (), terms, 1)
    for reason, terms in (
        ("missing_features", OfferTerms(ConcessionKind.CREDIT, amount_minor=1000)),
        ("too_complex", OfferTerms(ConcessionKind.SKIP)),
        ("other", OfferTerms(ConcessionKind.CHANGE_FREQUENCY, every_weeks=2)),
    )
)

# Words that lead no other way through the dialogue, but are answered in other words.
_REASONS = ("missing_features", "too_complex", "low_quality")
WORDS: tuple[Heard, ...] = (
    *MOVES,
    *(
        Heard(intent, "words", (("cancellation_reason", reason),))
        for intent in ("request_cancellation", "give_reason")
        for reason in _REASONS
    ),
    Heard("change_frequency", "weekly", (("duration", "P1W"),)),
    Heard("request_downgrade", "to solo", (("plan", "solo"),)),
    Heard("return_order", "credit for the pan", (("order_number", "O-5002"),)),
    Heard("ask_to_repeat", "what was that again?"),
    Heard("choose_option", "2", (("option", "P2M"),)),
    *(Heard("other_language", "...", (("language", code),)) for code in ("es", "fr", "other")),
    Heard("accept_offer", "an older one", (("offer", "an older one"),)),
)


@lru_cache(maxsize=1)
def walk() -> tuple[Passage, ...]:
    """Return every move from every place that differs in shape, breadth first."""
    # A coverage tracer would make it twice as long; the proof's own tests run all of it traced.
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        walked = (passage for beginning in _beginnings() for passage in _walked(beginning))
        return (*walked, *_corrected())
    finally:
        sys.settrace(tracer)


def _walked(beginning: Beginning) -> Iterator[Passage]:
    yield from Walk(beginning, inputs=WORDS, deepest=DEEPEST, judges=False).explore()


def _beginnings() -> Iterator[Beginning]:
    proved = bootstrap_proof.proof_beginnings(settings.load(), on=TODAY)
    rules = replace(proved[0].rules, policies=(*_MORE_POLICIES, *proved[0].rules.policies))
    yield from (replace(beginning, rules=rules) for beginning in proved)
    [maya] = [beginning for beginning in proved if beginning.title.startswith("A-1001")]
    yield replace(maya, rules=rules, visitor=True)
    [subscription] = maya.ledger.history(NOW).subscriptions
    until = TODAY + timedelta(days=80)
    pause = PauseSubscription(subscription.id, subscription.renews_on or TODAY, until)
    yield replace(maya, rules=rules, ledger=maya.ledger.after((pause,), NOW))
    for books in _more_books():
        ledger = LedgerInMemory(with_catalogue(books))
        yield Beginning(books.account.number, ledger, NOW, rules)


def _corrected() -> Iterator[Passage]:
    """Yield a way that is longer than the walk: the other subscription was meant."""
    [omar] = [b for b in _beginnings() if b.title.startswith("A-1008")]
    place = first_place(omar)
    for heard in (
        OPENED,
        Heard("request_cancellation", "", (("subscription", "home"),)),
        Heard("deny", "no, the other one"),
    ):
        passage = done(place, heard)
        yield passage
        place = passage.after


def _more_books() -> Iterator[Books]:
    books = _demo_books("A-1003")
    books.discounts[0].ended_at = NOW
    yield books
    books = _demo_books("A-1006")
    books.incidents = ()
    yield books
    books = _demo_books("A-1006")
    books.incidents = tuple(replace(i, expected_fix_on=None) for i in books.incidents)
    yield books


def _demo_books(number: str) -> Books:
    return next(books for books in demo_accounts(TODAY) if books.account.number == number)
