"""Serve the assistant: one trained model behind our own channel, on loopback only.

Rasa's own server is not used: it would also answer its status, model and conversation routes.
"""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import register
from rasa.core.run import create_http_input_channels
from rasa.core.utils import AvailableEndpoints
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import settings
from bot.channels.action_answers import check_answers_with_one_validator
from bot.model_files import model_name, model_path

LOOPBACK = "127.0.0.1"
# A turn carries one message of at most 2,000 characters and the buttons now open.
LARGEST_REQUEST_BYTES = 256 * 1024
# A model that cannot read one of these does not get as far as its first customer.
WARMING = (
    "I want to cancel my subscription",
    "it's too expensive, and the last box came on 3 May",
    "where is my order?",
    "??",
)


def build_app(model: Path) -> Sanic:
    """Return the application that serves `model`; it listens once the model is loaded and warm."""
    app = Sanic("assistant", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST_BYTES
    register(create_http_input_channels(None, "credentials.yml"), app, route="/webhooks/")

    @app.listener("before_server_start")
    async def load(app: Sanic, loop: Any) -> None:
        app.ctx.agent = await _warm_agent(model)

    app.ctx.busy = 0

    @app.middleware("request")
    async def begin(request: Request) -> None:
        app.ctx.busy += request.method == "POST"

    @app.middleware("response")
    async def end(request: Request, _: HTTPResponse) -> None:
        app.ctx.busy -= request.method == "POST"

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        """Say which model answers, and to how many turns at this moment."""
        return json({"status": "ok", "model": model_name(model), "busy": app.ctx.busy})

    return app


async def _warm_agent(model: Path) -> Agent:
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    agent = await load_agent(model_path=str(model), endpoints=endpoints)
    if not agent.is_ready():
        raise RuntimeError(f"the model {model} could not be loaded")
    # The first parses build what later ones reuse; no customer should wait for that.
    for sentence in WARMING:
        await agent.parse_message(sentence)
    return agent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.channels.serve", description=__doc__)
    parser.add_argument("--model", type=Path, help="default: the model of the current data")
    parser.add_argument("--port", type=int, help="listen here instead of at DESK_ASSISTANT_PORT")
    asked = parser.parse_args()
    ours = settings.load()
    # Rasa fills ${...} in endpoints.yml and credentials.yml from the environment.
    settings.export(ours)
    configure_logging_and_warnings(logging.WARNING)
    configure_structlog(logging.WARNING)
    # Rasa has just switched on the deprecation warnings of every package it pins.
    warnings.simplefilter("ignore")
    check_answers_with_one_validator()
    app = build_app(asked.model or model_path(ours))
    app.run(host=LOOPBACK, port=asked.port or ours.assistant_port, access_log=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
