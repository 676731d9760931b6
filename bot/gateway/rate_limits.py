"""Token buckets, so that nobody's flood takes the desk away from others."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import SetupError, TooManyMessages

MOST_KEYS = 20_000
# One household or phone is handed a whole /64; counting its addresses singly would be no limit.
IPV6_PREFIX = 64


class TokenBuckets:
    """One bucket a key: `per_minute` at once, refilled at `per_minute` a minute.

    Used from the event loop only. Keeps at most `MOST_KEYS` buckets: the one unused for longest
    goes first, which by then is full again unless the gateway is being flooded.
    """

    def __init__(
        self,
        per_minute: int,
        *,
        seconds: Callable[[], float],
        refusal: Callable[[int], Exception] = TooManyMessages,
    ) -> None:
        """`refusal` makes what is raised of the seconds after which to try again."""
        self._refusal = refusal
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one token from the bucket of `key`.

        Raises:
            TooManyMessages: or what `refusal` makes: it is empty; says when there will be one.
        """
        now = self._seconds()
        left, seen = self._buckets.pop(key, (self._size, now))
        left = min(self._size, left + (now - seen) * self._per_second)
        granted = left >= 1
        self._buckets[key] = (left - 1 if granted else left, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if not granted:
            raise self._refusal(max(1, math.ceil((1 - left) / self._per_second)))


@dataclass(frozen=True)
class Networks:
    """A list of networks, such as those of our proxies."""

    listed: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    @classmethod
    def parse(cls, text: str) -> Networks:
        """Read addresses and networks separated by commas.

        Raises:
            SetupError: one of them is neither.
        """
        names = (name.strip() for name in text.split(","))
        try:
            return cls(tuple(ipaddress.ip_network(name) for name in names if name))
        except ValueError as error:
            raise SetupError(f"{error}. Write addresses or networks separated by commas.") from None

    def __contains__(self, address: object) -> bool:
        try:
            parsed = ipaddress.ip_address(str(address))
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.listed)


@dataclass(frozen=True)
class Callers:
    """Tells where a request comes from: `proxies` are the networks whose word on that is taken."""

    proxies: Networks
    monitors: Networks

    def address(self, peer: str, forwarded_for: str) -> str:
        """Return the address to count a request against.

        `X-Forwarded-For` is written by whoever likes to; only what a trusted proxy appended is
        believed, read from the right until the first address that is not one of them.
        """
        return _counted(self._origin(peer, forwarded_for))

    def may_monitor(self, peer: str, forwarded_for: str) -> bool:
        """Whether metrics and the state of each part may be shown to the caller.

        Behind a proxy nobody told us about everybody seems to come from there; that is not taken
        for somebody inside.
        """
        address = self._origin(peer, forwarded_for)
        known = not forwarded_for or address != peer
        return known and address in self.monitors

    def _origin(self, peer: str, forwarded_for: str) -> str:
        address = peer
        hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
        while hops and address in self.proxies:
            address = hops.pop()
        return address


def _counted(address: str) -> str:
    """Return `address` in one spelling, an IPv6 one cut to its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)
