"""Serve the actions: `python -m actions` answers the assistant, and nobody else, on loopback."""

from __future__ import annotations

import hmac
import logging
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import settings

LOOPBACK = "127.0.0.1"
SECRET_HEADER = "X-Desk-Secret"
# A call carries one session's events; the assistant keeps sessions far below this.
LARGEST_REQUEST_BYTES = 4 * 1024 * 1024

logger = logging.getLogger(__name__)


def build_app(executor: ActionExecutor, *, secret: str) -> Sanic:
    """Return the application that runs the actions of `executor` for whoever knows `secret`.

    The SDK's own server is not used: it asks for no secret, allows every origin, unpacks requests
    of any size and sends the conversation back in its error messages.
    """
    app = Sanic("actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json({"status": "ok", "actions": len(executor.actions)})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return json({"error": "wrong or missing secret"}, status=403)
        return await _answer(executor, request.json)

    return app


async def _answer(executor: ActionExecutor, call: Any) -> HTTPResponse:
    name = call.get("next_action") if isinstance(call, dict) else None
    if not name:
        return json({"error": "not an action call"}, status=400)
    try:
        return json(await executor.run(call))
    except ActionExecutionRejection as rejection:
        return json({"error": rejection.message, "action_name": name}, status=400)
    except ActionNotFoundException as missing:
        return json({"error": missing.message, "action_name": name}, status=404)
    except Exception:
        # Told to the assistant as a failed action; the gateway keeps the message and tries again.
        logger.exception("action_failed action=%s", name)
        return json({"error": "the action failed", "action_name": name}, status=500)


def main() -> None:
    ours = settings.load()
    logging.basicConfig(level=ours.log_level, format="%(asctime)s %(levelname)s %(message)s")
    for chatty in ("sanic.root", "rasa_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    executor = ActionExecutor()
    executor.register_package("actions")
    app = build_app(executor, secret=ours.shared_secret)
    app.run(host=LOOPBACK, port=ours.actions_port, access_log=False)


# The SDK imports every module of this package, this one included.
if __name__ == "__main__":
    main()
