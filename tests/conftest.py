"""Fixtures every test may use: fresh databases, and a desk on one of them."""

pytest_plugins = ["tests.core_coverage", "tests.databases", "tests.needs", "tests.switchboards"]
