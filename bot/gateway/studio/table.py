"""Every route of the trainers' studio."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from bot.gateway.studio import inbox, publish

STUDIO_ROUTES: list[BaseRoute] = [
    Route("/studio", inbox.inbox_page),
    Route("/studio/inbox", inbox.take_decision, methods=["POST"]),
    Route("/studio/inbox/undo", inbox.take_it_back, methods=["POST"]),
    Route("/studio/publish", publish.publish_page),
    Route("/studio/publish", publish.publish, methods=["POST"]),
    Route("/studio/publish/compare", publish.compare, methods=["POST"]),
    Route("/studio/publish/return", publish.return_to, methods=["POST"]),
    Route("/studio/publish/cancel", publish.cancel, methods=["POST"]),
]
