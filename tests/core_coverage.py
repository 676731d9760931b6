"""After a run with coverage: the pure core must be covered more strictly than the rest."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from coverage.exceptions import NoDataError

CORE = ("retention", "conversations", "understanding", "annotation", "insights")
CORE_PERCENT = 96.0


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    controller = getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if controller is None or config.option.collectonly or _judged_later():
        return
    table = io.StringIO()
    include = [f"bot/{package}/*" for package in CORE]
    try:
        percent = controller.cov.report(include=include, file=table, show_missing=True)
    except NoDataError:
        return  # this run measured something else
    terminalreporter.section(f"coverage of the core: {percent:.1f} %")
    if percent < CORE_PERCENT:
        terminalreporter.write(table.getvalue())
        terminalreporter.write_line(
            f"FAIL The core must be covered to {CORE_PERCENT:.0f} %.", red=True, bold=True
        )
        # pytest reads it once more after all summaries are written.
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _judged_later() -> bool:
    """Whether a second run follows, whose coverage is added to this one's."""
    return os.environ.get("CORE_COVERAGE") == "later"
