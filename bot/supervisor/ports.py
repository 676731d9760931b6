"""Find out before anything starts whether its port is free, and say so in words if not."""

from __future__ import annotations

import errno
import socket
from contextlib import ExitStack

from bot.errors import SetupError


def require_free(host: str, port: int, *, variable: str) -> None:
    """Return when a server could listen on `host`:`port` now.

    Raises:
        SetupError: it could not; the sentence names the port and the setting that changes it.
    """
    with _socket(host) as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(_told(error, host, port, variable)) from error


def pick_free(count: int) -> list[int]:
    """Return `count` different ports that are free on loopback now."""
    with ExitStack() as held:
        probes = [held.enter_context(_socket("127.0.0.1")) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _socket(host: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    probe = socket.socket(family, socket.SOCK_STREAM)
    # As servers do: a port whose last connections are still fading away counts as free.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe


def _told(error: OSError, host: str, port: int, variable: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program (perhaps another `make run`). Stop it, or "
            f"choose another port: {variable}={port + 10} make run"
        )
    if error.errno == errno.EACCES:
        return (
            f"Port {port} needs more rights than this user has. Choose one from 1024 on: "
            f"{variable}=8080 make run"
        )
    return f"Nothing can listen on {host}:{port}: {error.strerror}. Check DESK_HOST and {variable}."
