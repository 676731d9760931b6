"""Tickets in django-helpdesk, over its REST interface; what is answered there comes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

from bot.conversations.ticket_text import subject_line
from bot.errors import Unavailable
from bot.use_cases.ticket_ports import OPEN, Arrived, Delivery, OutsideReply, OutsideState

PLACE = "helpdesk"
# Its statuses, as it stores them: resolved, closed, duplicate.
_DONE = frozenset({3, 4, 5})
_PAGE = 100
# A repeat comes minutes after the first try; nobody opens a thousand tickets in that time.
_NEWEST_PAGES = 10
_LONGEST_TITLE = 200
UNNAMED = "Customer service"


class DjangoHelpdesk:
    """Fits the ports `TicketPlace` and `AnsweredTickets`; one instance serves all threads.

    It has no idempotency keys. Every ticket and follow-up of ours carries its name in the text,
    and is looked for by it before anything is sent a second time.

    Args:
        url: where the helpdesk is mounted, such as `https://support.example/helpdesk`.
        user, password: a member of its staff, for basic authentication.
        queue: the number of the queue that tickets go to.
        names: the members of its staff by number, as customers read them.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str,
        password: str,
        queue: int,
        names: Mapping[int, str],
        timeout_seconds: float = 10,
    ) -> None:
        self._url, self._queue, self._names = url.rstrip("/"), queue, dict(names)
        self._timeout = timeout_seconds
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (user, password)

    def find(self, delivery: Delivery) -> Arrived | None:
        mark = _mark(delivery)
        if delivery.kind == OPEN:
            found = self._newest_with(mark)
            return self._arrived(found) if found else None
        reference = delivery.reference or ""
        followups = self._ask("GET", f"tickets/{reference}/")["followup_set"]
        is_there = any(_last_line(followup["comment"]) == mark for followup in followups)
        return Arrived(reference) if is_there else None

    def send(self, delivery: Delivery) -> Arrived:
        return self._open(delivery) if delivery.kind == OPEN else self._add(delivery)

    def state(self, reference: str) -> OutsideState:
        """Public follow-ups of its staff are replies; ours and private notes are not."""
        ticket = self._ask("GET", f"tickets/{reference}/")
        replies = tuple(
            OutsideReply(str(followup["id"]), self._name(followup["user"]), followup["comment"])
            for followup in ticket["followup_set"]
            if followup["public"]
            and followup["comment"]
            and not _last_line(followup["comment"]).startswith(_MARK)
        )
        return OutsideState(replies, ticket["status"] in _DONE)

    def _open(self, delivery: Delivery) -> Arrived:
        asked = {
            "queue": self._queue,
            "title": subject_line(delivery.ticket, delivery.summary)[:_LONGEST_TITLE],
            "description": f"{delivery.text}\n\n{_mark(delivery)}",
            "priority": 3,
        }
        if "@" in delivery.contact:
            asked["submitter_email"] = delivery.contact
        return self._arrived(self._ask("POST", "tickets/", asked))

    def _add(self, delivery: Delivery) -> Arrived:
        reference = delivery.reference or ""
        asked = {
            "ticket": int(reference),
            "comment": f"The customer wrote:\n\n{delivery.text}\n\n{_mark(delivery)}",
            # Public, it would be mailed to the customer, who wrote it; a title would rename the
            # whole ticket.
            "public": False,
            "user": None,
        }
        self._ask("POST", "followups/", asked)
        return Arrived(reference)

    def _newest_with(self, mark: str) -> dict[str, Any] | None:
        """Look through the newest tickets; the list comes oldest first, in pages."""
        count = self._ask("GET", "tickets/?page_size=1")["count"]
        last = max(1, -(-count // _PAGE))
        for page in range(last, max(0, last - _NEWEST_PAGES), -1):
            listed = self._ask("GET", f"tickets/?page_size={_PAGE}&page={page}")["results"]
            for ticket in listed:
                if mark in (ticket["description"] or ""):
                    return dict(ticket)
        return None

    def _arrived(self, ticket: Mapping[str, Any]) -> Arrived:
        return Arrived(str(ticket["id"]), f"{self._url}/tickets/{ticket['id']}/")

    def _name(self, user: int | None) -> str:
        return self._names.get(user or 0, UNNAMED)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            response = self._session.request(
                method,
                f"{self._url}/api/{path}",
                json=body,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unavailable(f"The helpdesk did not answer: {type(error).__name__}.") from error
        if not 200 <= response.status_code < 300:
            raise Unavailable(f"The helpdesk answered {response.status_code} to {method} {path}.")
        try:
            return response.json()
        except json.JSONDecodeError as error:
            raise Unavailable("The helpdesk answered something that is no JSON.") from error


_MARK = "[save-desk "


def _last_line(comment: str | None) -> str:
    """Return the end of a comment: there our mark stands, unless somebody only quotes it."""
    return (comment or "").rstrip().rpartition("\n")[2]


def _mark(delivery: Delivery) -> str:
    return f"{_MARK}{delivery.key}]"
