"""The desk's interface with everything behind it made up by a test, for the agents' page alone.

It answers in the shapes of `bot/docs/desk-api.md`. Journeys use the real gateway; here the page is
brought into states that a healthy one hardly shows.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.pages.fake_gateway import CSP

Json = dict[str, Any]
ME: Json = {
    "id": "p-1", "name": "Kim", "team": "retention", "skills": ["billing"], "status": "here",
    "holding": 1, "capacity": 3, "leads": False,
}  # fmt: skip
SETTINGS: Json = {
    "assignment": "manual", "beat_seconds": 1, "away_seconds": 60, "first_reply_seconds": 60,
    "reply_seconds": 180,
}  # fmt: skip
HELD_BACK: Json = {
    "code": "held_back",
    "message": "This was not sent: it hurries the customer.",
    "breaches": [
        {
            "rule": "pressure", "what": "urgency", "passage": "only today",
            "advice": "Say it without hurrying the customer.",
        }
    ],
}  # fmt: skip


def instant(seconds_ago: float = 0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - seconds_ago))


def a_case(conversation: str, **more: Any) -> Json:
    return {
        "conversation": conversation, "holder": "queue", "version": 2, "agent": None,
        "account": "A-1001", "customer_name": "Maya", "reason": "requested",
        "cancellation_reason": "too_expensive", "wants": "cancel", "skill": "retention",
        "value_minor": 124600, "currency": "USD", "team": None, "for_agent": None,
        "came_back": False, "waiting_since": instant(95), "held_since": None,
        "last_message": {"seq": 2, "from": "customer", "text": "Anybody there?", "at": instant(5)},
        "unread": 2, "unanswered_since": instant(95), "due_at": instant(35), "customer_left": False,
        "call_back": None, "viewers": [], **more,
    }  # fmt: skip


def a_message(seq: int, sender: str, text: str, **more: Any) -> Json:
    return {
        "seq": seq, "from": sender, "text": text, "buttons": [], "offer": None, "at": instant(60),
        "client_message_id": None, "sender_name": None, "receipt": None, **more,
    }  # fmt: skip


ACCOUNT: Json = {
    "account": "A-1001",
    "customer": {"name": "Maya", "email": "maya@example.com", "jurisdiction": "US-CO"},
    "currency": "USD", "credit_minor": 500, "lifetime_value_minor": 284800, "households": 1,
    "subscriptions": [
        {
            "id": "S-1", "plan": "family", "plan_name": "Family", "nickname": None,
            "status": "active", "price_minor": 8900, "currency": "USD", "interval": "month",
            "started_on": "2024-04-20", "renews_on": "2026-12-05", "trial_ends_on": None,
            "discount": {"percent": 20, "ends_on": "2027-01-05"}, "pause": None,
            "pending_change": None, "cancels_on": None, "skipped": ["2026-11-15"],
            "next_dispatch_on": "2026-12-06",
        }
    ],
    "orders": [
        {
            "id": "O-1", "item": "Pan", "status": "return_requested", "price_minor": 7900,
            "refund_minor": 0, "refund_due_minor": 7900, "ordered_on": "2026-11-01",
            "dispatched_on": "2026-11-02", "delivered_on": "2026-11-04",
        }
    ],
    "invoices": [
        {
            "id": "I-2", "amount_minor": 8900, "status": "overdue", "due_on": "2026-11-19",
            "refunded_minor": 0,
        },
        {
            "id": "I-1", "amount_minor": 8900, "status": "paid", "due_on": "2026-10-05",
            "refunded_minor": 1500,
        },
    ],
    "concessions": [
        {
            "kind": "discount", "name": "Discount", "policy": "price_relief@1", "value_minor": 5340,
            "granted_at": "2026-10-05T09:00:00+00:00", "revoked_at": None,
        }
    ],
    "boxes": [
        {
            "subscription": "S-1", "due_on": "2026-11-22", "status": "delivered", "late": True,
            "cooked": True,
        },
        {
            "subscription": "S-1", "due_on": "2026-11-15", "status": "skipped", "late": False,
            "cooked": False,
        },
    ],
    "incidents": [
        {
            "title": "Delays at the carrier", "status": "open", "opened_on": "2026-11-10",
            "expected_fix_on": "2026-12-04",
        }
    ],
    "tickets": [{"subject": "A broken lid", "status": "closed", "opened_on": "2026-08-01"}],
    "plan_changes": [
        {"from_plan_name": "Duo", "to_plan_name": "Family", "changed_on": "2025-02-05"}
    ],
}  # fmt: skip
ATTEMPT: Json = {
    "id": "sa-1", "about": "S-1", "reason": "too_expensive", "comment": "It got dear.",
    "opened_at": "2026-10-05T09:00:00+00:00", "closed_at": None, "outcome": "escalated",
    "offers": [
        {
            "kind": "downgrade", "name": "Smaller plan", "policy": "right_size@1",
            "shown_at": "2026-10-05T09:00:00+00:00", "answer": "declined",
        }
    ],
    "verdicts": [
        {
            "policy": "price_relief@1", "name": "Discount", "granted": False,
            "why": "Not entitled: a discount runs already.", "conditions": [],
        }
    ],
}  # fmt: skip
RECEIPT: Json = {
    "id": "r-1", "kind": "offer_downgrade", "at": "2026-10-05T09:00:00.000Z", "url": "/receipts/r-1"
}  # fmt: skip
SUMMARY: Json = {
    "escalation": "requested", "wants": "cancel", "value": {"minor": 284800, "currency": "USD"},
    "who": {
        "account": "A-1001", "name": "Maya", "email": "maya@example.com", "identified_by": "website"
    },
    "about": {"id": "S-1", "title": "Family plan"},
    "reason": "too_expensive", "reasons": ["too_expensive", "unused"], "words": ["It got dear."],
    "offers": {
        "offered": [{"kind": "pause", "title": "A pause of 2 months", "answer": "declined"}],
        "accepted": [], "declined": ["A pause of 2 months"], "because": "It comes first.",
    },
    "done": ["O-1: canceled"], "still_open": ["S-1: waits for billing"], "transcript": [],
}  # fmt: skip
OFFERS: Json = {
    "about": {"id": "S-1", "title": "Family plan"},
    "authority": {
        "level": "agent", "limit_minor": 5000, "month_minor": 60000, "left_minor": 54100,
        "currency": "USD",
    },
    "may_offer": True, "why_not": None,
    "offers": [
        {
            "policy": "right_size@1", "kind": "downgrade", "name": "Smaller plan",
            "granted": True, "why": "Entitled.", "others": [],
            "text": "A smaller plan may fit better.",
            "title": "Duo plan", "terms": "From 5 December 2026.", "price_minor": 8900,
            "price_after_minor": 5900, "value_minor": 3000, "currency": "USD", "until": None,
        },
        {
            "policy": "price_relief@1", "kind": "discount", "name": "Discount", "granted": False,
            "why": "Not entitled: it costs 5340, and 5000 may be granted alone.",
            "others": ["senior", "lead"], "title": None, "terms": None,
            "price_minor": None, "price_after_minor": None, "value_minor": None, "currency": None,
            "until": None,
        },
    ],
}  # fmt: skip


class FakeDesk:
    """Serves the agents' page on a free port of this machine; tests change what it holds."""

    def __init__(self, dist: Path) -> None:
        self.me = dict(ME)
        self.cases = {"c-1": a_case("c-1")}
        self.messages: list[Json] = [
            a_message(1, "assistant", "Hi Maya. I'm Larder's automated assistant."),
            a_message(2, "customer", "Is anybody there?"),
        ]
        self.notes: list[Json] = []
        self.commands: list[tuple[str, Json]] = []
        self.account = ACCOUNT
        self.is_unclear = False
        self.is_new_here = False
        self.refusal: tuple[int, Json] | None = None
        self._dist = dist
        self._sockets: set[WebSocket] = set()
        config = uvicorn.Config(self._app(), port=0, log_level="error", ws="wsproto")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the fake desk did not start"
            time.sleep(0.01)
        self._loop = self._server.servers[0].get_loop()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.cut(1001)
        self._server.should_exit = True
        self._thread.join(10)

    def cut(self, code: int = 1012) -> None:
        for socket in list(self._sockets):
            # A page that went away this very moment has closed it already.
            with suppress(RuntimeError, WebSocketDisconnect):
                asyncio.run_coroutine_threadsafe(socket.close(code), self._loop).result(10)

    def tell(self, frame: Json) -> None:
        """Send one frame to every page."""
        for socket in list(self._sockets):
            asyncio.run_coroutine_threadsafe(socket.send_json(frame), self._loop).result(10)

    def change(self, conversation: str, **changes: Any) -> None:
        case = {**self.cases[conversation], **changes}
        self.cases[conversation] = {**case, "version": case["version"] + 1}
        self.tell({"type": "case", "case": self.cases[conversation]})

    def say(self, sender: str, text: str, **more: Any) -> Json:
        message = a_message(len(self.messages) + 1, sender, text, **more)
        self.messages.append(message)
        self.tell({"type": "message", "conversation": "c-1", "message": message})
        return message

    def _app(self) -> Starlette:
        case = "/api/desk/conversations/{id}"
        return Starlette(
            routes=[
                Route("/desk", lambda _: self._file("desk.html")),
                Route("/api/staff/me", self._who),
                WebSocketRoute("/api/desk/live", self._live),
                Route(case, self._detail),
                Route(case + "/offers", self._offers),
                Route(case + "/canned", lambda _: JSONResponse({"replies": CANNED})),
                Route("/api/desk/search", self._search),
                Route("/api/desk/{rest:path}", self._command, methods=["POST"]),
                Mount("/assets", StaticFiles(directory=self._dist / "assets", check_dir=False)),
            ]
        )

    def _file(self, name: str) -> Response:
        return FileResponse(self._dist / name, headers={"Content-Security-Policy": CSP})

    def _who(self, _request: Request) -> Response:
        allowed = ["see_desk", "pass_on"]
        if self.me["capacity"]:
            allowed.append("take_conversation")
        return JSONResponse({"name": "Kim", "permissions": allowed, "csrf_token": "t"})

    def _state(self) -> Json:
        cases = list(self.cases.values())
        me = {**self.me, "status": "off"} if self.is_new_here else self.me
        return {"me": me, "cases": cases, "agents": [self.me], "settings": SETTINGS}

    def _detail(self, request: Request) -> Response:
        return JSONResponse(
            {
                "case": self.cases[request.path_params["id"]], "messages": self.messages,
                "notes": self.notes, "last_seq": len(self.messages),
                "account": self.account,
                "account_problem": None, "attempts": [ATTEMPT], "receipts": [RECEIPT],
                "dropped": [], "survey": None, "holds": [],
                "summary": SUMMARY,
            }
        )  # fmt: skip

    def _offers(self, request: Request) -> Response:
        if self.is_unclear and "about" not in request.query_params:
            why = "Say which one is meant: S-1, S-2."
            unclear = {"about": None, "may_offer": False, "why_not": why, "offers": []}
            return JSONResponse({**OFFERS, **unclear})
        return JSONResponse(OFFERS)

    def _search(self, request: Request) -> Response:
        hit = {"seq": 2, "from": "customer", "text": "Is anybody there?", "at": instant()}
        found = {
            "conversation": "c-1", "account": "A-1001", "customer_name": "Maya", "holder": "queue",
            "opened_at": instant(), "closed_at": None, "outcome": None, "hits": [hit],
        }  # fmt: skip
        return JSONResponse({"found": [found] if request.query_params["q"] == "anybody" else []})

    async def _command(self, request: Request) -> Response:
        body, rest = await request.json(), request.path_params["rest"]
        assert request.headers["x-csrf-token"] == "t"
        if rest == "beat":
            self.me["status"] = body.get("status", self.me["status"])
            return JSONResponse({"me": self.me})
        self.commands.append((rest, body))
        if self.refusal is not None:
            status, error = self.refusal
            return JSONResponse({"error": error}, status)
        return await self._done(rest.split("/")[-1], body)

    async def _done(self, act: str, body: Json) -> Response:
        case = self.cases["c-1"]
        if act in {"claim", "next"}:
            case = {**case, "holder": "agent", "agent": {"id": "p-1", "name": "Kim"}, "version": 3}
        if act in {"close", "hand-back"}:
            case = {**case, "holder": "closed" if act == "close" else "assistant", "version": 9}
        self.cases["c-1"] = case
        if act in {"messages", "offers"}:
            text = body.get("text", "You could go on with the Duo plan.")
            message = a_message(len(self.messages) + 1, "agent", text, sender_name="Kim")
            self.messages.append(message)
            return JSONResponse({"message": message, "last_seq": len(self.messages)})
        if act == "notes":
            author = {"id": "p-1", "name": "Kim"}
            number = len(self.notes) + 1
            note = {"number": number, "author": author, "text": body["text"], "at": instant()}
            self.notes.append(note)
            return JSONResponse({"note": note})
        return JSONResponse({"case": case, "unread": 0})

    async def _live(self, socket: WebSocket) -> None:
        await socket.accept()
        self._sockets.add(socket)
        try:
            await socket.receive_json()
            await socket.send_json({"type": "state", "state": self._state()})
            while True:
                await socket.receive_json()
        except WebSocketDisconnect:
            pass
        finally:
            self._sockets.discard(socket)


CANNED = [
    {"id": "looking", "title": "Looking it up", "text": "I look this up.", "keys": "look"},
    {"id": "bye", "title": "Goodbye", "text": "Goodbye. It was nice. Hi to all!", "keys": "bye"},
    {"id": "hello", "title": "Hello", "text": "Hello Maya, I am Kim.", "keys": "hi"},
]
