"""Play a real conversation's customer again, with a demo account, where nothing is kept."""

from __future__ import annotations

from collections.abc import Collection

from bot.annotation.rehearsed import Played
from bot.use_cases.review_conversation import Review
from bot.use_cases.review_ports import Stage


def rehearse_conversation(
    review: Review, account: str | None, *, accounts: Collection[str], stage: Stage
) -> Played:
    """Return what the assistant answers to the same words now; a visitor stays nobody.

    Without an account it is the customer's own where that is a demo account, else the first: what
    is said there is true of the account it is played with, and of no customer.

    Raises:
        InvalidInput: there is no such demo account.
        Unavailable: the rehearsal desk does not start, or does not answer.
    """
    own = review.account
    if account is None and own is not None:
        account = own if own in accounts else next(iter(accounts))
    return stage.play(account, review.steps)
