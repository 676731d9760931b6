"""Walks the dialogue's whole state space in memory: real moves, real billing rules, no database."""

from __future__ import annotations

import copy
import itertools
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from bot.errors import NotPossible
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention import conclusions, identifying, moves
from bot.retention.account import ConcessionKind
from bot.retention.dialogue import (
    Dialogue,
    Heard,
    Scene,
    SendCode,
    Situation,
    Step,
    TryCode,
    read_dialogue,
)
from bot.retention.holdout import in_holdout
from bot.retention.policy import OfferTerms, RetentionPolicy
from bot.retention.save_attempt import SaveAttempt
from bot.retention.say import Reply
from bot.settings import ROOT
from bot.storage import migrate
from bot.storage.demo_company import demo_accounts
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing_books import Books
from bot.storage.embedded_billing_commands import carry_out
from bot.storage.embedded_billing_history import tell
from bot.storage.embedded_billing_records import BillingTerms
from bot.storage.embedded_billing_store import load
from bot.storage.engine import make_engine
from tests.factories import NOW

BILLING_TERMS = BillingTerms()
DEEPEST = 2
# The account a visitor without one turns out to have.
VISITOR = "A-1001"

# Kinds the demo company does not offer, so that their words are walked through as well.
_MORE_POLICIES = tuple(
    RetentionPolicy(f"walk_{terms.kind.value}", 1, (reason,), (), terms, 1)
    for reason, terms in (
        ("missing_features", OfferTerms(ConcessionKind.CREDIT, amount_minor=1000)),
        ("too_complex", OfferTerms(ConcessionKind.SKIP)),
        ("other", OfferTerms(ConcessionKind.CHANGE_FREQUENCY, every_weeks=2)),
    )
)

_PLAIN = sorted(moves.KNOWN_INTENTS - {"conversation_closed", "provide_email"})
_REASONS = (
    "too_expensive",
    "unused",
    "delivery_problem",
    "low_quality",
    "missing_features",
    "too_complex",
    "other",
)
MOVES: tuple[Heard, ...] = (
    *(Heard(intent, intent.replace("_", " ")) for intent in _PLAIN),
    *(
        Heard(intent, "words", (("cancellation_reason", reason),))
        for intent in ("request_cancellation", "give_reason")
        for reason in _REASONS
    ),
    Heard("request_cancellation", "just cancel it", (("insisting", "true"),)),
    Heard("request_cancellation", "right now", (("immediate", "true"),)),
    Heard("request_cancellation", "both of them", (("both", "true"),)),
    Heard("request_cancellation", "my lawyer says cancel", (("legal", "true"),)),
    Heard("request_cancellation", "delete my account", (("insisting", "true"),)),
    Heard("request_cancellation", "we lost my job", (("hardship", "true"),)),
    Heard("give_reason", "I am ill", (("hardship", "true"),)),
    Heard("deny", "no, I meant the other one"),
    Heard("give_reason", "the one of my mother", (("subscription", "mother"),)),
    Heard("complain", "late again", (("cancellation_reason", "delivery_problem"),)),
    Heard("request_pause", "two months", (("duration", "P2M"),)),
    Heard("request_pause", "a year", (("duration", "P12M"),)),
    Heard("change_frequency", "weekly", (("duration", "P1W"),)),
    Heard("request_downgrade", "to solo", (("plan", "solo"),)),
    Heard("return_order", "exchange the pan", (("order_number", "O-5002"),)),
    Heard("return_order", "the mat", (("order_number", "O-5003"),)),
    Heard("return_order", "credit for the pan", (("order_number", "O-5002"),)),
    Heard("ask_to_repeat", "what was that again?"),
    Heard("choose_option", "both", (("option", "both"),)),
    Heard("choose_option", "refund", (("option", "refund"),)),
    Heard("choose_option", "2", (("option", "P2M"),)),
    *(
        Heard("other_language", "...", (("language", code),))
        for code in ("de", "es", "fr", "other")
    ),
    Heard("greet", "somebody stole my card", (("fraud", "true"),)),
    Heard("request_cancellation", "just end it, fraud", (("insisting", "true"), ("fraud", "true"))),
    Heard("provide_email", "me@home.example", (("email", "me@home.example"),)),
    Heard("provide_email", "my address"),
    Heard("provide_code", "123456", (("code", "123456"),)),
    Heard("nlu_fallback", "hm", ranking=("ask_plan", "report_problem")),
)

ACCEPT = Heard("accept_offer", "I'll take it")
ASK_MORE = Heard("ask_other_options", "what else is there?")


@dataclass(frozen=True)
class Place:
    """Where one conversation stands; `books` is None until the visitor is known."""

    account: str
    books: Books | None
    dialogue: Dialogue
    now: datetime = NOW

    @cached_property
    def situation(self) -> Situation:
        return _situation(self)


@dataclass(frozen=True)
class Walked:
    """One move from one place, with one of its outcomes."""

    before: Place
    heard: Heard
    step: Step
    after: Place

    @property
    def reply(self) -> Reply:
        return self.step.reply


@lru_cache(maxsize=1)
def walk() -> tuple[Walked, ...]:
    """Return every move from every place that differs in shape, breadth first."""
    walked: list[Walked] = []
    seen: set[Any] = set()
    todo = deque((place, 0) for place in _beginnings())
    while todo:
        place, depth = todo.popleft()
        shape = _shape(place)
        if shape in seen and depth:
            continue
        seen.add(shape)
        for heard in (*MOVES, *_offered(place)):
            for step, after in _outcomes(place, heard):
                walked.append(Walked(place, heard, step, after))
                if depth < DEEPEST:
                    todo.append((after, depth + 1))
        for late in _later(place):
            walked += [Walked(late, ACCEPT, step, after) for step, after in _outcomes(late, ACCEPT)]
    return tuple(walked)


def _beginnings() -> Iterator[Place]:
    yield Place(VISITOR, None, Dialogue())
    for number, books in _demo_books().items():
        yield Place(number, books, Dialogue())
    for status in ("dispatched", "returned", "exchanged"):
        books = _copied(_demo_books()["A-1010"])
        books.orders[0].status = status
        yield Place("A-1010", books, Dialogue())
    books = _copied(_demo_books()["A-1003"])
    books.discounts[0].ended_at = NOW
    yield Place("A-1003", books, Dialogue())
    books = _copied(_demo_books()["A-1006"])
    books.incidents = ()
    yield Place("A-1006", books, Dialogue())
    books = _copied(_demo_books()["A-1006"])
    books.incidents = tuple(replace(i, expected_fix_on=None) for i in books.incidents)
    yield Place("A-1006", books, Dialogue())
    dear = Heard("request_cancellation", "", (("cancellation_reason", "too_expensive"),))
    yield _along(Place("A-1001", _demo_books()["A-1001"], Dialogue()), dear, ASK_MORE, ACCEPT)


def _along(place: Place, *path: Heard) -> Place:
    """Return where these moves lead when all goes well."""
    for heard in path:
        *_others, (_step, place) = _outcomes(place, heard)
    return place


def _later(place: Place) -> Iterator[Place]:
    """Yield the same place two days later, if an offer stands open there."""
    attempt = place.dialogue.open_attempt
    if attempt and attempt.open_offer:
        yield replace(place, now=NOW + timedelta(days=2))


def _offered(place: Place) -> Iterator[Heard]:
    """Yield the answers that only make sense here: the open offer, and the options asked for."""
    attempt = place.dialogue.open_attempt
    if attempt and attempt.open_offer:
        yield Heard("accept_offer", "", (("offer", attempt.open_offer.id),))
        yield Heard("accept_offer", "for a month", (("duration", "P1M"),))
        if attempt.open_offer.kind is ConcessionKind.DISCOUNT:
            yield Heard("accept_offer", "", (("offer", "an older one"),))
    for option in place.dialogue.options:
        yield Heard("choose_option", "", (("option", option.id),))


def _outcomes(place: Place, heard: Heard) -> Iterator[tuple[Step, Place]]:
    """Yield what the move leads to: also when billing refuses, or is down."""
    situation = replace(place.situation, new_id=f"n{next(_ids)}")
    step = moves.take(place.dialogue, heard, situation)
    scene = Scene(step.dialogue, heard, situation)
    if isinstance(step.identify, TryCode):
        yield identifying.code_refused(scene), place
        yield from _known(scene, place)
    elif step.act is None:
        if isinstance(step.identify, SendCode):
            yield identifying.too_many_codes(scene), place
        yield step, replace(place, dialogue=_recorded(step.dialogue))
    else:
        yield from _acted(scene, step, place)


def _known(scene: Scene, place: Place) -> Iterator[tuple[Step, Place]]:
    known = replace(place, books=_demo_books()[VISITOR])
    scene, waiting = identifying.known_now(replace(scene, situation=known.situation))
    known = replace(known, dialogue=_recorded(scene.dialogue))
    if waiting is not None:
        yield from _outcomes(known, waiting)


def _acted(scene: Scene, step: Step, place: Place) -> Iterator[tuple[Step, Place]]:
    act = step.act
    assert act is not None
    kind = (act.then, *map(type, act.commands), scene.dialogue.open_attempt is None)
    if kind not in _failures_walked:
        _failures_walked.add(kind)
        for failed in (conclusions.not_possible, conclusions.queued, conclusions.try_later):
            yield failed(scene, act), place
    assert place.books is not None
    books = _copied(place.books)
    try:
        for command in act.commands:
            carry_out(books, command, now=place.now, terms=BILLING_TERMS)
    except NotPossible:
        return
    after = replace(place, books=books)
    step = conclusions.concluded(
        replace(scene, situation=replace(after.situation, new_id=scene.situation.new_id)), act
    )
    yield step, replace(after, dialogue=_recorded(step.dialogue))


_failures_walked: set[Any] = set()


def _copied(books: Books) -> Books:
    """Return books that can be changed alone."""
    parts = {
        name: [copy.copy(record) for record in part] if isinstance(part, list) else part
        for name, part in vars(books).items()
    }
    return Books(**{**parts, "account": copy.copy(books.account)})


def _recorded(dialogue: Dialogue) -> Dialogue:
    """Return the dialogue as the next message finds it: written down and read again."""
    return read_dialogue(dialogue.to_document())


_ids = itertools.count(1)


def _situation(place: Place) -> Situation:
    policies, profiles, terms = _files()
    history = tell(place.books, now=place.now, terms=BILLING_TERMS) if place.books else None
    jurisdiction = history.customer.jurisdiction if history else None
    return Situation(
        now=place.now,
        conversation="c-1",
        new_id="n0",
        history=history,
        catalogue=_demo_books()[VISITOR].plans,
        policies=(*_MORE_POLICIES, *policies),
        profile=profiles.of(jurisdiction, place.now.date()),
        terms=terms,
        in_holdout=history is not None
        and in_holdout(place.account, salt=terms.holdout_salt, percent=terms.holdout_percent),
    )


@lru_cache(maxsize=1)
def _demo_books() -> dict[str, Books]:
    """Return every demo account's books, as the billing system loads them."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/desk.db"
        migrate.upgrade(url)
        engine = make_engine(url)
        SqlDemoAccounts(engine).load_if_missing(now=NOW)
        numbers = [books.account.number for books in demo_accounts(NOW.date())]
        with engine.connect() as connection:
            found = {number: load(connection, number, now=NOW) for number in numbers}
        engine.dispose()
    return found


@lru_cache(maxsize=1)
def _files() -> tuple[Any, Any, Any]:
    folder = ROOT / "data" / "retention"
    return (
        load_policies(folder / "policies"),
        load_profiles(folder / "profiles"),
        load_terms(folder / "company.yml"),
    )


def _shape(place: Place) -> Any:
    """Return what makes this place differ from others as far as the words are concerned.

    Whose account it is does not matter, nor which words of a kind were said before.
    """
    dialogue, attempt, books = place.dialogue, place.dialogue.attempt, place.books
    return (
        dialogue.awaiting,
        len(dialogue.options),
        dialogue.plea and dialogue.plea.kind,
        dialogue.waiting_move and dialogue.waiting_move.intent,
        dialogue.misunderstood,
        attempt and _attempt_shape(attempt),
        books and _books_shape(books),
    )


def _attempt_shape(attempt: SaveAttempt) -> Any:
    return (
        attempt.about[:1],
        attempt.outcome,
        attempt.hardship,
        attempt.refused,
        attempt.offers and (attempt.offers[-1].offer.kind, attempt.offers[-1].answer),
    )


def _books_shape(books: Books) -> Any:
    subscriptions = tuple(
        (
            subscription.status,
            subscription.interval,
            bool(subscription.cancels_on),
            bool(books.pause_of(subscription)),
            bool(books.discount_of(subscription)),
            bool(books.pending_change_of(subscription)),
        )
        for subscription in books.subscriptions
    )
    unpaid = any(invoice.status == "open" for invoice in books.invoices)
    orders = tuple(order.status for order in books.orders)
    return subscriptions, orders, unpaid, len(books.incidents), bool(books.credits)
