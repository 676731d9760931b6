"""List the tickets left for agents."""

from __future__ import annotations

from typing import Any

from bot.use_cases.ports import Views


def list_tickets(*, views: Views) -> tuple[dict[str, Any], ...]:
    """Return all tickets, oldest first.

    Each is {"id","conversation","account","reason","contact","created_at","status","summary"}.
    """
    return views.tickets()
