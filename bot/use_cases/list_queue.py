"""List who waits for a person."""

from __future__ import annotations

from typing import Any

from bot.use_cases.ports import Views


def list_queue(*, views: Views) -> tuple[dict[str, Any], ...]:
    """Return the conversations held by `queue` or `ticket`, longest waiting first.

    Each is {"conversation","account","reason","waiting_since","holder","summary","customer_left"}.
    """
    return views.queue()
