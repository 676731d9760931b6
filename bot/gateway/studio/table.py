"""Every route of the trainers' studio."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from bot.gateway.studio import coverage, dialogue, inbox, publish, talks, trying

STUDIO_ROUTES: list[BaseRoute] = [
    Route("/studio", inbox.inbox_page),
    Route("/studio/inbox", inbox.take_decision, methods=["POST"]),
    Route("/studio/inbox/undo", inbox.take_it_back, methods=["POST"]),
    Route("/studio/publish", publish.publish_page),
    Route("/studio/publish", publish.publish, methods=["POST"]),
    Route("/studio/publish/compare", publish.compare, methods=["POST"]),
    Route("/studio/publish/return", publish.return_to, methods=["POST"]),
    Route("/studio/publish/cancel", publish.cancel, methods=["POST"]),
    Route("/studio/conversations", talks.talks_page),
    Route("/studio/conversations/{conversation}", talks.talk_page),
    Route("/studio/try", trying.try_page),
    Route("/studio/try", trying.try_message, methods=["POST"]),
    Route("/studio/try/answer", trying.try_answer, methods=["POST"]),
    Route("/studio/try/dialogue", dialogue.dialogue_page),
    Route("/studio/try/dialogue", dialogue.play, methods=["POST"]),
    Route("/studio/try/dialogue/write", dialogue.write, methods=["POST"]),
    Route("/studio/try/dialogue/undo", dialogue.undo, methods=["POST"]),
    Route("/studio/coverage", coverage.coverage_page),
]
