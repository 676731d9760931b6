"""The server around the application: its limits, and going down without losing anybody."""

from __future__ import annotations

import socket
import sys
import warnings

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.errors import SetupError
from bot.gateway.live import LARGEST_FRAME
from bot.gateway.wakeups import Wakeups

log = structlog.get_logger()

BACKLOG = 1024
# Longer than a browser's pause between two requests, shorter than proxies keep idle connections.
KEEP_ALIVE_SECONDS = 75
# Less than supervisors wait before they end a process for good.
GRACE_SECONDS = 2
PING_SECONDS = 20.0
# Turns are worked on in threads; the loop must not wait 5 ms, Python's own pace, for each of them
# to pause before it may send an answer out.
SWITCH_SECONDS = 0.0005


class GatewayServer(uvicorn.Server):
    """Wakes whoever waits before it goes down; uvicorn alone would wait for each long poll."""

    def __init__(self, app: ASGIApp, wakeups: Wakeups) -> None:
        with warnings.catch_warnings():
            # The newer implementation needs a newer `websockets` than Rasa allows.
            warnings.simplefilter("ignore")
            config = uvicorn.Config(
                app,
                ws="websockets",
                ws_max_size=LARGEST_FRAME,
                # Frames are short and many: to pack each of them costs more than it saves.
                ws_per_message_deflate=False,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PING_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                # Callers are told apart in `rate_limits`, by proxies we were told to trust.
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                lifespan="on",
            )
            config.load()
        super().__init__(config)
        self._wakeups = wakeups

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._wakeups.stop()
        await super().shutdown(sockets)


def serve(app: ASGIApp, wakeups: Wakeups, *, host: str, port: int) -> None:
    """Serve until told to stop (SIGINT or SIGTERM).

    Raises:
        SetupError: the address cannot be listened on, for example because another process does.
    """
    listening = listen(host, port)
    sys.setswitchinterval(SWITCH_SECONDS)
    log.info("listening", host=host, port=listening.getsockname()[1])
    try:
        GatewayServer(app, wakeups).run(sockets=[listening])
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free one. Raises SetupError like `serve`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    # A restarted gateway must not wait for the old one's last connections to be forgotten.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise SetupError(
            f"The gateway cannot listen on {host}:{port}: {error.strerror}. "
            "Stop what listens there, or set DESK_PORT to another port."
        ) from error
    listening.set_inheritable(True)
    return listening
