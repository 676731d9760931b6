"""A fresh desk for every test."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.gateway.fake_assistant import FakeAssistant
from tests.gateway.stack import Customer, Stack, a_customer, in_process, served


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def assistant() -> Iterator[FakeAssistant]:
    fake = FakeAssistant()
    yield fake
    fake.stop()


@pytest.fixture
def stack(tmp_path: Path, assistant: FakeAssistant) -> Iterator[Stack]:
    stack = Stack(tmp_path, assistant)
    yield stack
    stack.dispose()


@pytest.fixture
def web(stack: Stack) -> Iterator[TestClient]:
    with in_process(stack) as web:
        yield web


@pytest.fixture
def maya(web: TestClient, stack: Stack) -> Customer:
    return a_customer(web, stack, "A-1001")


@pytest.fixture
def url(stack: Stack) -> Iterator[str]:
    with served(stack) as url:
        yield url
