"""Every route of the agents' desk."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.gateway.desk import live, routes

_HERE = "/api/desk/conversations/{conversation}"

DESK_ROUTES: list[BaseRoute] = [
    Route("/api/desk/state", routes.state),
    Route("/api/desk/beat", routes.send_beat, methods=["POST"]),
    WebSocketRoute("/api/desk/live", live.live),
    Route("/api/desk/next", routes.take_next, methods=["POST"]),
    Route("/api/desk/search", routes.search),
    Route(_HERE, routes.context),
    Route(f"{_HERE}/offers", routes.offers, methods=["GET"]),
    Route(f"{_HERE}/offers", routes.offer, methods=["POST"]),
    Route(f"{_HERE}/canned", routes.canned),
    Route(f"{_HERE}/claim", routes.claim, methods=["POST"]),
    Route(f"{_HERE}/transfer", routes.transfer, methods=["POST"]),
    Route(f"{_HERE}/hand-back", routes.give_back, methods=["POST"]),
    Route(f"{_HERE}/close", routes.close, methods=["POST"]),
    Route(f"{_HERE}/read", routes.read_up_to, methods=["POST"]),
    Route(f"{_HERE}/messages", routes.say, methods=["POST"]),
    Route(f"{_HERE}/notes", routes.note, methods=["POST"]),
]
