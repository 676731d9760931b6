"""Reads what Stripe tells by itself, once its signature shows that it was Stripe, and lately."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from bot.errors import IdentityRefused, InvalidInput
from bot.use_cases.outside_billing import BillingEvent

# Stripe's own libraries allow as much; an older event may be one that somebody recorded.
TOLERANCE = timedelta(minutes=5)
_SCHEME = "v1"


class StripeWebhooks:
    """`secret` is the signing secret of the one endpoint that leads here (`whsec_…`)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def read(self, body: bytes, signature: str, *, now: datetime) -> BillingEvent:
        """Return the event in `body`, which must be the bytes as they came.

        Raises:
            IdentityRefused: `signature` (the header Stripe-Signature) does not show that Stripe
                sent these bytes within the last five minutes.
            InvalidInput: it is signed, and no event.
        """
        sent_at, signatures = _parts(signature)
        if abs(now.timestamp() - sent_at) > TOLERANCE.total_seconds():
            raise IdentityRefused("The event was signed at another time. Check the clock.")
        signed = hmac.new(self._secret, b"%d.%s" % (sent_at, body), hashlib.sha256).hexdigest()
        # While a secret is rolled there are two signatures; every one is compared, in full.
        if not any([hmac.compare_digest(signed, given) for given in signatures]):
            raise IdentityRefused("The event is not signed with DESK_STRIPE_WEBHOOK_SECRET.")
        return _event(body)


def _parts(header: str) -> tuple[int, list[str]]:
    named = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in named if name == "t"]
    signatures = [value for name, _, value in named if name == _SCHEME and value.isascii()]
    if len(times) != 1 or not times[0].isdecimal() or not times[0].isascii() or len(times[0]) > 12:
        raise IdentityRefused("The event has no Stripe-Signature with one time.")
    return int(times[0]), signatures


def _event(body: bytes) -> BillingEvent:
    try:
        told: Any = json.loads(body)
        about = told["data"]["object"]
        account = about["id"] if about.get("object") == "customer" else about.get("customer")
        return BillingEvent(str(told["id"]), str(told["type"]), str(account) if account else None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput("This is no event of Stripe's. Send its webhooks only.") from error
