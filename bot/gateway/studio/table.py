"""Every route of the trainers' studio."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from bot.gateway.studio import inbox

STUDIO_ROUTES: list[BaseRoute] = [
    Route("/studio", inbox.inbox_page),
    Route("/studio/inbox", inbox.take_decision, methods=["POST"]),
    Route("/studio/inbox/undo", inbox.take_it_back, methods=["POST"]),
]
