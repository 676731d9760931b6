"""Conversations for the judge, written by hand: an account, and what was said and shown."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timezone
from typing import Any

from bot.integrations.policy_files import load_profiles
from bot.retention.jurisdiction import Profile
from bot.settings import ROOT
from bot.simulator.judge import broken_rules
from bot.simulator.transcript import Conversation, Did, Exchange, Means, Seen
from bot.simulator.verdict import Case

AT = datetime(2026, 8, 10, 12, 0, tzinfo=timezone.utc)
HELLO = Seen("assistant", "Hi. I'm an automated assistant.", (("cancel", "Cancel now"),))
CANCEL, PERSON = ("cancel", "Cancel now"), ("person", "Talk to a person")
OFFER_TEXT = "A smaller plan may fit better."
LEFT_TEXT = (
    "Done. Solo (S-1) is cancelled. You asked on 10 August 2026, 12:00 UTC. "
    "It ends on 20 August 2026. Last charge: $39.00. Refund: none."
)


def account(place: str | None = "US-TX", **changes: Any) -> dict[str, Any]:
    subscription = {
        "id": "S-1",
        "plan": "solo",
        "status": "active",
        "interval": "month",
        "started_on": "2025-01-20",
        "period_starts_on": "2026-07-20",
        "renews_on": "2026-08-20",
        "trial_ends_on": None,
        "discount": None,
        "pause": None,
        "pending_change": None,
        "cancels_on": None,
        "skipped": [],
        "every_weeks": 1,
    }
    return {
        "account": "A-1",
        "customer": {"name": "Ana", "email": "ana@larder.example", "jurisdiction": place},
        "subscriptions": [subscription | changes],
        "orders": [],
        "invoices": [],
        "concessions": [],
    }


def leaving(books: dict[str, Any], day: str = "2026-08-20") -> dict[str, Any]:
    changed = deepcopy(books)
    changed["subscriptions"][0]["cancels_on"] = day
    return changed


def offer(name: str = "offer-1") -> Seen:
    made = {"id": name, "kind": "downgrade"}
    buttons = (("b1", "Accept"), CANCEL, ("b2", "Something else"), PERSON)
    return Seen("assistant", OFFER_TEXT, buttons, offer=made)


def said(text: str, *buttons: tuple[str, str], receipt: str | None = None) -> Seen:
    return Seen("assistant", text, buttons, receipt=receipt)


LEFT = said(LEFT_TEXT, PERSON, receipt="r-1")


class Told:
    """A conversation in the making; `then` adds an exchange and gives itself back."""

    def __init__(self, books: dict[str, Any], **about: Any) -> None:
        self.conversation = Conversation(1, "firm leaver", books, **about)
        self.books = books
        self.then(Means.OPEN, HELLO)

    def then(
        self,
        means: Means | set[Means],
        *seen: Seen,
        books: dict[str, Any] | None = None,
        holder: str = "assistant",
        text: str = "some words",
        button: str | None = None,
        refused: str | None = None,
    ) -> Told:
        self.books = books or self.books
        meant = frozenset({means} if isinstance(means, Means) else means)
        did = Did(meant, text="" if button else text, button=button, title=button or "")
        exchange = Exchange(did, seen, holder, self.books, AT, refused)
        self.conversation.exchanges.append(exchange)
        return self

    def offered(self, *names: str) -> Told:
        made = [{"kind": "downgrade", "answer": "none", "offer": {"id": name}} for name in names]
        self.conversation.attempts = ({"about": "S-1", "outcome": None, "offers": made},)
        return self

    def broken(self, *, later: dict[str, Any] | None = None) -> set[str]:
        """Close the chat and return the numbers of the broken rules."""
        self.then(Means.CLOSE, text="")
        self.conversation.settled = self.books
        self.conversation.later = later or self.books
        return {one.rule for one in broken_rules(Case(self.conversation, self._profile()))}

    def _profile(self) -> Profile:
        profiles = load_profiles(ROOT / "data" / "retention" / "profiles")
        place = self.conversation.before["customer"]["jurisdiction"]
        return profiles.of(place, AT.date())
