"""Show an account's save attempts."""

from __future__ import annotations

from typing import Any

from bot.use_cases.ports import Views


def show_attempts(
    account: str, *, everything: bool = False, views: Views
) -> tuple[dict[str, Any], ...]:
    """Return the account's save attempts, oldest first, in the shape of the JSON contract.

    Attempts from before the demo data was last reset are left out unless `everything`.
    """
    return views.attempts(account, since_reset=not everything)
