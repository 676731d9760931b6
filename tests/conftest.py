"""Fixtures every test may use: fresh databases, a desk on one of them, a browser; and the logs."""

import pytest

from bot.logs import configure_logs

pytest_plugins = [
    "tests.browser",
    "tests.core_coverage",
    "tests.databases",
    "tests.needs",
    "tests.switchboards",
    # After those it builds on.
    "tests.agent_desks",
]


@pytest.fixture(autouse=True)
def logs_as_in_the_product() -> None:
    """Every test finds the logs set up alike; commands that run in the same process change them."""
    configure_logs("INFO")
