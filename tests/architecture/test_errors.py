"""Errors are one small tree, each has a way out, and nothing swallows them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bot import errors
from bot.errors import HelpdeskError
from bot.gateway.app import STATUS
from tests.architecture.sources import files, name

TOLD = {"exception", "warning", "record_failure", "set_exception"}
BROAD = {"Exception", "BaseException"}


def _tree(root: type[HelpdeskError]) -> Iterator[type[HelpdeskError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


ALL = [error for error in _tree(HelpdeskError) if error.__module__ == errors.__name__]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_code_has_a_status(error):
    assert error.code in STATUS


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_every_error_is_drawn_in_the_tree(error):
    assert error.__name__ in (errors.__doc__ or "")


def test_error_codes_are_different_from_each_other():
    assert len({error.code for error in ALL}) == len(ALL)


def _swallowing(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _is_told(node):
            yield node.lineno


def _is_broad(handler: ast.ExceptHandler) -> bool:
    named = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else BROAD
    )
    return bool(named & BROAD)


def _is_told(handler: ast.ExceptHandler) -> bool:
    """Return whether the error goes on, into the log, or to whoever waits for the result."""
    for node in ast.walk(handler):
        word = getattr(node, "attr", None) or getattr(node, "id", None)
        if isinstance(node, ast.Raise) or word in TOLD:
            return True
    return False


@pytest.mark.parametrize("path", [*files("bot", ".py"), *files("actions", ".py")], ids=name)
def test_no_broad_except_swallows(path):
    assert list(_swallowing(ast.parse(path.read_text()))) == []


@pytest.mark.parametrize(
    ("code", "swallows"),
    [
        ("try: x()\nexcept Exception: pass", True),
        ("try: x()\nexcept: y = 1", True),
        ("try: x()\nexcept (ValueError, BaseException): y = 1", True),
        ("try: x()\nexcept Exception: raise", False),
        ("try: x()\nexcept Exception as e: log.exception('it_failed')", False),
        ("try: x()\nexcept ValueError: pass", False),
    ],
)
def test_the_check_above_can_tell(code, swallows):
    assert bool(list(_swallowing(ast.parse(code)))) == swallows
