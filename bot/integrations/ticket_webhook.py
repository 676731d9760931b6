"""Tickets by webhook: JSON to an address of the company's, signed."""

from __future__ import annotations

import json
from typing import Any

import requests

from bot.errors import InvalidInput, SetupError, Unavailable
from bot.integrations.outside_lines import names_this_machine, outside_session
from bot.integrations.webhook_signatures import HEADER, LEAST_SECRET, check, sign
from bot.use_cases.ports import Clock
from bot.use_cases.take_ticket_reply import TicketReply
from bot.use_cases.ticket_ports import OPEN, Arrived, Delivery

PLACE = "webhook"
_EVENTS = {OPEN: "ticket.opened"}
_ADDED = "ticket.added"


class TicketWebhook:
    """Fits the port `TicketPlace`; one instance serves all threads.

    The receiver knows a repeat by `id`, which is the header Idempotency-Key as well.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        clock: Clock,
        *,
        outside_only: bool = False,
        timeout_seconds: float = 10,
    ) -> None:
        """With `outside_only`, TLS is needed and no address may lead to this machine.

        Raises:
            SetupError: the address is none that may be used, or the secret too short to mean
                anything.
        """
        if not url.startswith(("https://", "http://")):
            raise SetupError("DESK_TICKET_WEBHOOK_URL must begin with https:// or http://.")
        if outside_only and (not url.startswith("https://") or names_this_machine(url)):
            raise SetupError(
                "In production DESK_TICKET_WEBHOOK_URL must begin with https:// and name another "
                "machine: tickets hold what customers said."
            )
        if len(secret) < LEAST_SECRET:
            raise SetupError(
                f"DESK_TICKET_WEBHOOK_SECRET needs at least {LEAST_SECRET} characters."
            )
        self._url, self._secret, self._clock = url, secret, clock
        self._timeout = timeout_seconds
        self._session = outside_session() if outside_only else requests.Session()
        self._session.trust_env = False

    def find(self, delivery: Delivery) -> Arrived | None:
        """It cannot be asked: the receiver tells repeats apart, as its contract says."""
        return None

    def send(self, delivery: Delivery) -> Arrived:
        body = json.dumps(_told(delivery), ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": delivery.key,
            HEADER: sign(body, self._secret, now=self._clock.now()),
        }
        try:
            # A redirect would take the customer's words to an address nobody set.
            response = self._session.post(
                self._url,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unavailable(f"The webhook did not answer: {type(error).__name__}.") from error
        if not 200 <= response.status_code < 300:
            raise Unavailable(f"The webhook answered {response.status_code}.")
        return Arrived(delivery.ticket)


def read_reply(body: bytes, signature: str, secret: str, clock: Clock) -> TicketReply:
    """Return the reply in `body`, which must be the bytes as they came.

    Raises:
        IdentityRefused: it is not signed with our secret, or not lately.
        InvalidInput: it is signed, and no reply.
    """
    check(signature, body, secret, now=clock.now())
    try:
        told = json.loads(body)
        reply = TicketReply(
            id=_word(told["id"]),
            ticket=_word(told["ticket"]),
            name=_word(told["name"]),
            text=str(told.get("text") or ""),
            closes=told.get("closed") is True,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("Send id, ticket and name, with text, closed, or both.") from error
    return reply


def _word(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 128:
        raise ValueError("words of at most 128 characters are needed")
    return value


def _told(delivery: Delivery) -> dict[str, Any]:
    who = delivery.summary.get("who", {})
    return {
        "event": _EVENTS.get(delivery.kind, _ADDED),
        "id": delivery.key,
        "ticket": delivery.ticket,
        "at": delivery.created_at.isoformat(),
        "account": delivery.account,
        "contact": delivery.contact,
        "identified_by": who.get("identified_by"),
        "reason": delivery.reason,
        "call_back": delivery.summary.get("call_back"),
        "text": delivery.text,
    }
