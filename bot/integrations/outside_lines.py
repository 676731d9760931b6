"""Lines to addresses of the company's choice, which must not lead to the desk's own machine.

An address may name the machine itself, or the place where a cloud keeps its secrets, and what a
name means is only certain once connected. So the other end of every connection is looked at before
anything is sent; networks of the company (10.0.0.0/8 and the like) stay reachable.
"""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

# Where clouds answer questions of their machines, besides the link-local 169.254.169.254.
_OF_CLOUDS = frozenset({"fd00:ec2::254", "100.100.100.200", "168.63.129.16"})


def is_of_this_machine(address: str) -> bool:
    """Whether a network address means this machine or its cloud, rather than some other one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    if mapped is not None:
        return is_of_this_machine(str(mapped))
    return (
        found.is_loopback
        or found.is_link_local
        or found.is_unspecified
        or found.is_multicast
        or str(found) in _OF_CLOUDS
    )


def names_this_machine(url: str) -> bool:
    """Whether an address says so by itself, before anybody looks a name up."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return is_of_this_machine(host)
    except ValueError:
        return False


def outside_session() -> requests.Session:
    """Return a session that speaks TLS alone, and with no machine like this one.

    A connection that leads inside raises `requests.ConnectionError`, and nothing was sent over it.
    """
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _OutsideAdapter())
    session.adapters.pop("http://")
    return session


class _OutsideConnection(HTTPSConnection):
    def _new_conn(self) -> Any:
        connected = super()._new_conn()
        if is_of_this_machine(str(connected.getpeername()[0])):
            connected.close()
            raise NewConnectionError(self, "The address leads to this machine.")
        return connected


class _OutsidePool(HTTPSConnectionPool):
    ConnectionCls = _OutsideConnection


class _OutsideAdapter(HTTPAdapter):
    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, **more)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"https": _OutsidePool}
