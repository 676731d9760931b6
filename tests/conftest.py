"""Fixtures every test may use: fresh databases, a desk on one of them, a browser; and the logs."""

import pytest

from bot.logs import configure_logs

pytest_plugins = [
    "tests.browser",
    "tests.core_coverage",
    "tests.databases",
    "tests.needs",
    "tests.switchboards",
]


def pytest_configure(config: pytest.Config) -> None:
    # As in every process of the product; otherwise the order of tests would decide where lines go.
    configure_logs("INFO")
