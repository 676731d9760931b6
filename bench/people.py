"""Customers and agents of a running desk, as programs: every act is a request to the gateway."""

from __future__ import annotations

import http.client
import threading
import time
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from bench.load import REQUEST_SECONDS, Caller
from bot import bootstrap_staff
from bot.integrations.clock import SystemClock
from bot.people.person import Person
from bot.people.role import Level, Role
from bot.settings import Settings
from bot.use_cases.accept_invitation import accept_invitation
from bot.use_cases.invite_person import add_person

WAIT_SECONDS = 5
AGAIN_SECONDS = 0.1
UNAVAILABLE = 500
PASSWORD = "nine quiet otters"
SKILLS = frozenset({"general", "retention", "billing", "trust", "care", "privacy", "vip"})


class Refused(RuntimeError):
    """The gateway said no, where a yes was needed."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what}: {status}")
        self.status = status


class Speaker:
    """One browser at the gateway; one request at a time, whichever thread asks.

    For `patience` seconds a request that nobody answers, or that the gateway cannot answer now, is
    sent again as it was: every message has its id, so that twice does no harm.
    """

    def __init__(self, port: int, *, patience: float = 0.0) -> None:
        self._caller, self._alone = Caller(port), threading.Lock()
        self._patience = patience
        self.headers: dict[str, str] = {}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer's document.

        Raises:
            Refused: the answer is no success.
            OSError, http.client.HTTPException: nobody answers.
        """
        give_up_at = time.monotonic() + self._patience
        with self._alone:
            while True:
                try:
                    return self._asked(method, path, body)
                except (OSError, http.client.HTTPException, Refused) as error:
                    self._caller.close()
                    mends = not isinstance(error, Refused) or error.status >= UNAVAILABLE
                    if not mends or time.monotonic() > give_up_at:
                        raise
                    time.sleep(AGAIN_SECONDS)

    def close(self) -> None:
        self._caller.close()

    def _asked(self, method: str, path: str, body: Any) -> Any:
        status, said = self._caller.call(method, path, body, **self.headers)
        if status not in (http.client.OK, http.client.CREATED):
            raise Refused(f"{method} {path} {said}", status)
        return said


class Customer(Speaker):
    """An unknown visitor in a conversation of their own."""

    reads = "agent"

    def __init__(self, port: int, *, patience: float = 0.0) -> None:
        super().__init__(port, patience=patience)
        opened = self.call("POST", "/api/conversations", {"resume": False})
        self.conversation: str = opened["conversation"]
        self.token: str = opened["token"]
        self.last_seq: int = opened["last_seq"]
        self.headers = {"Authorization": f"Bearer {self.token}"}

    @property
    def live(self) -> str:
        return f"/api/conversations/{self.conversation}/live"

    def hello(self) -> dict[str, Any]:
        """Return the first frame of this customer's feed."""
        return {"token": self.token, "after": self.last_seq}

    def say(self, text: str) -> int:
        return self.post(text=text)

    def post(self, **body: str) -> int:
        """Post a message (`text` or `button_id`) and return its seq."""
        body = {"client_message_id": str(uuid.uuid4()), **body}
        path = f"/api/conversations/{self.conversation}/messages"
        return int(self.call("POST", path, body)["message"]["seq"])

    def updates(self, after: int = 0) -> dict[str, Any]:
        path = f"/api/conversations/{self.conversation}/updates?after={after}&wait={WAIT_SECONDS}"
        return dict(self.call("GET", path))

    def until_answered(self, seq: int) -> None:
        """Wait until the desk owes nothing more for the message with this seq."""
        while not (found := self.updates(seq))["idle"]:
            seq = max(seq, found["last_seq"])


class Agent(Speaker):
    """Somebody of the staff, signed in; `follow` names the conversations open on the screen."""

    live = "/api/desk/live"
    reads = "customer"

    def __init__(self, port: int, email: str, *, patience: float = 0.0) -> None:
        super().__init__(port, patience=patience)
        origin = f"http://127.0.0.1:{port}"
        self.headers = {"Origin": origin, "Cookie": _sign_in(port, origin, email)}
        me = self.call("GET", "/api/staff/me")
        self.name: str = me["name"]
        self.headers["X-CSRF-Token"] = me["csrf_token"]
        self.follow: list[Customer] = []

    def hello(self) -> dict[str, Any]:
        """Return the first frame of this agent's feed."""
        return {
            "follow": [{"conversation": c.conversation, "after": c.last_seq} for c in self.follow]
        }

    def beat(self) -> None:
        self.call("POST", "/api/desk/beat", {"status": "here"})

    def claim(self, customer: Customer) -> None:
        self.call("POST", f"/api/desk/conversations/{customer.conversation}/claim", {})
        self.follow.append(customer)

    def hand_back(self, customer: Customer) -> None:
        try:
            self.call("POST", f"/api/desk/conversations/{customer.conversation}/hand-back", {})
        except Refused as error:
            # Done before, and only the answer was lost: nobody else could have passed it on.
            if error.status != http.client.CONFLICT:
                raise

    def say(self, customer: Customer, text: str) -> int:
        path = f"/api/desk/conversations/{customer.conversation}/messages"
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        return int(self.call("POST", path, body)["message"]["seq"])


def agents(settings: Settings, count: int, *, capacity: int, patience: float = 0.0) -> list[Agent]:
    """Add `count` agents to the desk's staff and sign them in."""
    added = _add_staff(settings, count, capacity)
    return [Agent(settings.port, email, patience=patience) for email in added]


def _add_staff(settings: Settings, count: int, capacity: int) -> Iterator[str]:
    at, now = bootstrap_staff.reception(settings), SystemClock().now()
    for number in range(count):
        person = Person(
            id=at.secrets.person(),
            email=f"agent{number}@larder.example",
            name=f"Agent {number}",
            roles=frozenset({Role.AGENT}),
            created_at=now,
            level=Level.SENIOR,
            skills=SKILLS,
            capacity=capacity,
        )
        invitation = add_person(person, by=None, at=at)
        accept_invitation(invitation.secret, PASSWORD, at=at)
        yield person.email


def _sign_in(port: int, origin: str, email: str) -> str:
    """Return the cookies of a new session; forms are no JSON, so `Caller` does not send them."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=REQUEST_SECONDS)
    form = urlencode({"email": email, "password": PASSWORD, "csrf_token": ""})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.SEE_OTHER:
        raise Refused(f"{email} could not sign in", answer.status)
    given = [SimpleCookie(line) for line in answer.headers.get_all("Set-Cookie", [])]
    return "; ".join(f"{one.key}={one.value}" for jar in given for one in jar.values())
