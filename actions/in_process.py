"""The registered actions, run in the caller's own process instead of behind the action server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk.executor import ActionExecutor

Call = dict[str, Any]


def actions_here() -> Callable[[Call], Awaitable[Any]]:
    """Return what runs one call as Rasa posts it, and gives the action server's answer."""
    executor = ActionExecutor()
    executor.register_package("actions")

    async def run(call: Call) -> Any:
        return await executor.run(call)

    return run
