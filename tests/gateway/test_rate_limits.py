"""Token buckets, and who a request is counted against."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SetupError, TooManyMessages
from bot.gateway import rate_limits
from bot.gateway.rate_limits import Callers, Networks, TokenBuckets


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def granted(buckets: TokenBuckets, key: str) -> bool:
    try:
        buckets.take(key)
    except TooManyMessages:
        return False
    return True


def test_a_full_bucket_gives_its_size_at_once_and_then_refills() -> None:
    seconds = Seconds()
    buckets = TokenBuckets(6, seconds=seconds)

    assert [granted(buckets, "a") for _ in range(8)] == [True] * 6 + [False] * 2
    seconds.now = 9.9
    assert not granted(buckets, "a")
    seconds.now = 10.1
    assert granted(buckets, "a")
    assert not granted(buckets, "a")


def test_an_empty_bucket_says_when_to_come_back() -> None:
    seconds = Seconds()
    buckets = TokenBuckets(2, seconds=seconds)
    buckets.take("a")
    buckets.take("a")

    with pytest.raises(TooManyMessages) as refused:
        buckets.take("a")

    assert refused.value.retry_after_seconds == 30
    seconds.now = 30
    buckets.take("a")


def test_one_flood_leaves_others_alone() -> None:
    buckets = TokenBuckets(1, seconds=Seconds())
    while granted(buckets, "a"):
        pass

    assert granted(buckets, "b")


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST_KEYS", 10)
    buckets = TokenBuckets(1, seconds=Seconds())
    for number in range(100):
        buckets.take(str(number))

    assert len(buckets._buckets) == 10


@given(
    size=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=80),
)
def test_never_more_is_granted_than_size_and_time_allow(size: int, pauses: list[float]) -> None:
    seconds = Seconds()
    buckets = TokenBuckets(size, seconds=seconds)
    count = 0
    for pause in pauses:
        seconds.now += pause
        count += granted(buckets, "a")

    assert count <= size + seconds.now * size / 60 + 1e-6


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "counted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "", "2001:db8:1:2::/64"),
        ("testclient", "", "testclient"),
    ],
)
def test_14_only_a_trusted_proxy_is_believed(peer: str, forwarded_for: str, counted: str) -> None:
    callers = Callers(proxies=Networks.parse("10.0.0.0/8"), monitors=Networks.parse(""))

    assert callers.address(peer, forwarded_for) == counted


def test_networks_that_are_none_are_refused() -> None:
    with pytest.raises(SetupError, match=r"10\.0\.0\.1/99"):
        Networks.parse("127.0.0.1, 10.0.0.1/99")
