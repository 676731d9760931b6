"""Every route of the gateway: who may use it, and the rule for the object it is about.

This is the written table. A test walks the application's routes and holds each against its row,
as every role and as nobody; a route without a row fails, and so does a row without a route.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.people.permissions import Permission, may
from bot.people.role import Role


class Open(str, Enum):
    """Who may use a route without being signed in as staff."""

    EVERYONE = "everyone"
    CONVERSATION_TOKEN = "whoever shows the token of the conversation"
    MONITOR = "callers from the monitoring networks"
    SIGNED_EVENT = "a system that signs what it sends"
    DEVELOPMENT = "everyone, and it exists in development only"
    HALF_SIGNED_IN = "whoever has given a password, and not yet the second factor"


class Rule(str, Enum):
    """What a route lets its caller at."""

    NONE = "it is about no object"
    OWN = "what belongs to the caller; anything else is as if it were not there"
    UNGUESSABLE = "what has an address nobody can guess, for whoever has it"
    HANDED_OVER = "conversations that were handed to people; others are as if they were not there"
    IMPERSONAL = "every conversation, without what is personal; each look is noted"
    HELD = "the conversation, while the caller holds it; a manager passes on what others hold"


@dataclass(frozen=True)
class Access:
    """One row: `path` as the application declares it, `WS` as the method of a live connection."""

    method: str
    path: str
    who: Permission | Open
    rule: Rule = Rule.NONE

    def allows(self, role: Role) -> bool:
        """Whether a signed-in person with this role alone gets past the door."""
        return not isinstance(self.who, Permission) or may({role}, self.who)


_CONVERSATION = "/api/conversations/{conversation}"
_AT_DESK = "/api/desk/conversations/{conversation}"

TABLE: tuple[Access, ...] = (
    # Customers
    Access("POST", "/api/conversations", Open.EVERYONE),
    Access("POST", f"{_CONVERSATION}/messages", Open.CONVERSATION_TOKEN, Rule.OWN),
    Access("GET", f"{_CONVERSATION}/updates", Open.CONVERSATION_TOKEN, Rule.OWN),
    Access("POST", f"{_CONVERSATION}/close", Open.CONVERSATION_TOKEN, Rule.OWN),
    Access("WS", f"{_CONVERSATION}/live", Open.CONVERSATION_TOKEN, Rule.OWN),
    Access("GET", "/receipts/{receipt}", Open.EVERYONE, Rule.UNGUESSABLE),
    Access("GET", "/", Open.EVERYONE),
    Access("GET", "/widget.js", Open.EVERYONE),
    Access("GET", "/assets", Open.EVERYONE),
    Access("GET", "/api/demo/customers", Open.DEVELOPMENT),
    Access("POST", "/api/demo/identity", Open.DEVELOPMENT),
    # Machines
    Access("POST", "/hooks/stripe", Open.SIGNED_EVENT),
    Access("POST", "/hooks/tickets", Open.SIGNED_EVENT),
    Access("GET", "/check-ins/off/{token}", Open.EVERYONE, Rule.UNGUESSABLE),
    Access("POST", "/check-ins/off/{token}", Open.EVERYONE, Rule.UNGUESSABLE),
    Access("GET", "/health/live", Open.EVERYONE),
    Access("GET", "/health/ready", Open.EVERYONE),
    Access("GET", "/metrics", Open.MONITOR),
    # Signing in
    Access("GET", "/sign-in", Open.EVERYONE),
    Access("POST", "/sign-in", Open.EVERYONE),
    Access("GET", "/sign-in/code", Open.HALF_SIGNED_IN, Rule.OWN),
    Access("POST", "/sign-in/code", Open.HALF_SIGNED_IN, Rule.OWN),
    Access("GET", "/sign-in/second-factor", Open.HALF_SIGNED_IN, Rule.OWN),
    Access("POST", "/sign-in/second-factor", Open.HALF_SIGNED_IN, Rule.OWN),
    Access("GET", "/invitations/{invitation}", Open.EVERYONE, Rule.UNGUESSABLE),
    Access("POST", "/invitations/{invitation}", Open.EVERYONE, Rule.UNGUESSABLE),
    # Everybody's own account
    Access("GET", "/account/home", Permission.OWN_ACCOUNT),
    Access("GET", "/account", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("GET", "/account/confirm", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/account/confirm", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/account/password", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("GET", "/account/second-factor", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/account/second-factor", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/account/sessions/end", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/account/sessions/end-others", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("POST", "/sign-out", Permission.OWN_ACCOUNT, Rule.OWN),
    Access("GET", "/api/staff/me", Permission.OWN_ACCOUNT, Rule.OWN),
    # The agents' desk
    Access("GET", "/api/desk/state", Permission.SEE_DESK),
    Access("POST", "/api/desk/beat", Permission.SEE_DESK, Rule.OWN),
    Access("WS", "/api/desk/live", Permission.SEE_DESK, Rule.HANDED_OVER),
    Access("POST", "/api/desk/next", Permission.TAKE_CONVERSATION, Rule.HANDED_OVER),
    Access("GET", "/api/desk/search", Permission.SEARCH_CONVERSATIONS, Rule.HANDED_OVER),
    Access("GET", _AT_DESK, Permission.SEE_DESK, Rule.HANDED_OVER),
    Access("GET", f"{_AT_DESK}/offers", Permission.MAKE_OFFER, Rule.HANDED_OVER),
    Access("POST", f"{_AT_DESK}/offers", Permission.MAKE_OFFER, Rule.HELD),
    Access("GET", f"{_AT_DESK}/canned", Permission.ANSWER_CUSTOMER, Rule.HANDED_OVER),
    Access("POST", f"{_AT_DESK}/claim", Permission.TAKE_CONVERSATION, Rule.HANDED_OVER),
    Access("POST", f"{_AT_DESK}/transfer", Permission.PASS_ON, Rule.HELD),
    Access("POST", f"{_AT_DESK}/hand-back", Permission.PASS_ON, Rule.HELD),
    Access("POST", f"{_AT_DESK}/close", Permission.ANSWER_CUSTOMER, Rule.HELD),
    Access("POST", f"{_AT_DESK}/read", Permission.SEE_DESK, Rule.HANDED_OVER),
    Access("POST", f"{_AT_DESK}/messages", Permission.ANSWER_CUSTOMER, Rule.HELD),
    Access("POST", f"{_AT_DESK}/notes", Permission.WRITE_NOTE, Rule.HANDED_OVER),
    # The trainers' studio
    Access("GET", "/studio", Permission.SEE_STUDIO),
    Access("POST", "/studio/inbox", Permission.CHANGE_TRAINING_DATA),
    Access("POST", "/studio/inbox/undo", Permission.CHANGE_TRAINING_DATA),
    Access("GET", "/studio/publish", Permission.SEE_STUDIO),
    Access("POST", "/studio/publish", Permission.PUBLISH_MODEL),
    Access("POST", "/studio/publish/compare", Permission.PUBLISH_MODEL),
    Access("POST", "/studio/publish/return", Permission.PUBLISH_MODEL),
    Access("POST", "/studio/publish/cancel", Permission.PUBLISH_MODEL),
    Access("GET", "/studio/conversations", Permission.SEE_STUDIO, Rule.IMPERSONAL),
    Access("GET", "/studio/conversations/{conversation}", Permission.SEE_STUDIO, Rule.IMPERSONAL),
    Access("GET", "/studio/try", Permission.SEE_STUDIO),
    Access("POST", "/studio/try", Permission.SEE_STUDIO),
    Access("POST", "/studio/try/answer", Permission.SEE_STUDIO),
    Access("GET", "/studio/try/dialogue", Permission.SEE_STUDIO, Rule.IMPERSONAL),
    Access("POST", "/studio/try/dialogue", Permission.SEE_STUDIO),
    Access("POST", "/studio/try/dialogue/write", Permission.CHANGE_TRAINING_DATA),
    Access("POST", "/studio/try/dialogue/undo", Permission.CHANGE_TRAINING_DATA),
    Access("GET", "/studio/coverage", Permission.SEE_STUDIO),
    # The rooms of the staff
    Access("GET", "/desk", Permission.SEE_DESK),
    Access("GET", "/insights", Permission.SEE_INSIGHTS),
    Access("GET", "/audit", Permission.SEE_AUDIT),
)
