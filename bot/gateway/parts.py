"""Everything the routes need, wired once where the gateway is composed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from bot.errors import NotFound, TooManyMessages, TooManyRequests
from bot.gateway.access import Sessions
from bot.gateway.desk.board import SharedBoard
from bot.gateway.headers import Origins
from bot.gateway.metrics import Metrics
from bot.gateway.rate_limits import Callers, TokenBuckets
from bot.gateway.staff.cookies import StaffCookies
from bot.gateway.turns import TurnEngine
from bot.gateway.wakeups import Wakeups
from bot.settings import Settings
from bot.use_cases.agent_desk import AgentDesk
from bot.use_cases.ports import Clock
from bot.use_cases.publishing_desk import PublishingDesk
from bot.use_cases.reception import Reception
from bot.use_cases.review_room import ReviewRoom
from bot.use_cases.show_demo_customers import DemoCustomer
from bot.use_cases.studio_desk import StudioDesk
from bot.use_cases.switchboard import Switchboard
from bot.use_cases.take_identity import IdentityReader, UsedIdentities

# A check answers what is wrong in one sentence, or None when all is well.
Check = Callable[[], str | None]
FRAMES_PER_MINUTE = 120
# A page of the desk asks for a few dozen things in a busy minute; all of a company's staff may
# come from one address.
STAFF_REQUESTS_PER_MINUTE = 1200
STAFF_ADDRESS_REQUESTS_PER_MINUTE = 12_000
SOCKET_RETRY_SECONDS = 30


class Identities(IdentityReader, Protocol):
    """Reads the website's identities; in development it signs them as well."""

    def sign(self, account: str, *, jti: str, now: datetime) -> str: ...


class Seal(Protocol):
    """Seals receipts, so that a saved one can be checked offline."""

    def sealed(self, receipt: Mapping[str, Any]) -> dict[str, Any]: ...


@dataclass(frozen=True)
class RateLimits:
    """Buckets by network address; what one conversation may send is limited where it is stored.

    `staff` is by session: what one browser of the staff may ask; `doors` by address again, for all
    that is asked of the staff's routes, signed in or not.
    """

    messages: TokenBuckets
    conversations: TokenBuckets
    frames: TokenBuckets
    staff: TokenBuckets
    doors: TokenBuckets

    @classmethod
    def of(cls, settings: Settings) -> RateLimits:
        buckets = partial(TokenBuckets, seconds=time.monotonic)
        asked = partial(buckets, refusal=TooManyRequests)
        return cls(
            messages=buckets(settings.address_messages_per_minute),
            conversations=buckets(settings.conversations_per_minute),
            frames=buckets(FRAMES_PER_MINUTE),
            staff=asked(STAFF_REQUESTS_PER_MINUTE),
            doors=asked(STAFF_ADDRESS_REQUESTS_PER_MINUTE),
        )


class OpenSockets:
    """How many sockets each network address holds open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    @contextmanager
    def one_more(self, address: str) -> Iterator[None]:
        """Count one more while the block runs.

        Raises:
            TooManyMessages: the address has as many as it may.
        """
        if self._open[address] >= self._most:
            raise TooManyMessages(SOCKET_RETRY_SECONDS)
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


def no_link(token: str) -> None:
    """Raises NotFound: no link that is told here was ever made."""
    raise NotFound("This link is not valid.")


@dataclass(frozen=True)
class Parts:
    """`checks` are by the name of the part they look at; production has no `demo_customers`.

    `take_stripe_event` takes a webhook's body and signature; None where Stripe is not in use.
    `take_ticket_reply` does so for replies to tickets; None where no webhook is set.
    """

    settings: Settings
    switchboard: Switchboard
    sessions: Sessions
    identities: Identities
    used_identities: UsedIdentities
    reception: Reception
    agent_desk: AgentDesk
    board: SharedBoard
    studio: StudioDesk
    publishing: PublishingDesk
    review: ReviewRoom
    wakeups: Wakeups
    turns: TurnEngine
    origins: Origins
    callers: Callers
    limits: RateLimits
    sockets: OpenSockets
    metrics: Metrics
    seal: Seal
    checks: Mapping[str, Check] = field(default_factory=dict)
    demo_customers: Callable[[], tuple[DemoCustomer, ...]] = tuple
    take_stripe_event: Callable[[bytes, str], bool] | None = None
    take_ticket_reply: Callable[[bytes, str], bool] | None = None
    switch_check_ins_off: Callable[[str], None] = no_link

    @property
    def staff_cookies(self) -> StaffCookies:
        return StaffCookies(secure=self.settings.public_url.startswith("https://"))

    @property
    def own_origin(self) -> Origins:
        """Our own pages alone, without the websites that may embed the widget."""
        return replace(self.origins, listed=self.origins.listed[:1])

    @property
    def clock(self) -> Clock:
        return self.switchboard.clock
