"""Show a receipt to whoever knows its unguessable id."""

from __future__ import annotations

from typing import Any

from bot.errors import NotFound
from bot.use_cases.ports import Views


def show_receipt(receipt_id: str, *, views: Views) -> dict[str, Any]:
    """Return {"id","account","conversation","kind","at","lines": [[label, value], …]}.

    Raises:
        NotFound: there is no such receipt.
    """
    receipt = views.receipt(receipt_id)
    if receipt is None:
        raise NotFound("There is no such receipt. Check the address.")
    return receipt
