"""Reads JSON from outside into the core's shapes, and refuses what does not fit, saying where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from functools import lru_cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.money import Money

_Shape = TypeVar("_Shape")
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):([0-5]\d))"
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class DoesNotFit(ValueError):
    """`where` is the place in the document, as `subscriptions[0].price.minor`."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where or 'the document'}: {problem}")
        self.where = where


def read_as(shape: type[_Shape], document: Any) -> _Shape:
    """Return the dataclass `shape` as the document tells it; fields of no meaning are left out.

    A field with a default may be missing, but an amount always has its currency. Raises DoesNotFit.
    """
    return _dataclass(shape, document, "")  # type: ignore[no-any-return]


def _read(hint: Any, value: Any, where: str) -> Any:
    arguments = get_args(hint)
    if NoneType in arguments:
        [some] = [one for one in arguments if one is not NoneType]
        return None if value is None else _read(some, value, where)
    if get_origin(hint) is tuple:
        listed = _of(list, "a list", value, where)
        return tuple(_read(arguments[0], one, f"{where}[{n}]") for n, one in enumerate(listed))
    if is_dataclass(hint):
        return _dataclass(hint, value, where)
    if issubclass(hint, Enum):
        return _word(hint, value, where)
    return _PLAIN[hint](value, where)


def _dataclass(shape: Any, value: Any, where: str) -> Any:
    told = _of(dict, "an object", value, where)
    read = {}
    for name, hint, is_needed in _parts(shape):
        place = f"{where}.{name}" if where else name
        if name in told:
            read[name] = _read(hint, told[name], place)
        elif is_needed:
            raise DoesNotFit(place, "is missing")
    return shape(**read)


@lru_cache(maxsize=64)
def _parts(shape: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Return name and type of every field, and whether it has to be there."""
    hints = get_type_hints(shape)
    return tuple(
        (
            field.name,
            hints[field.name],
            shape is Money or (field.default is MISSING and field.default_factory is MISSING),
        )
        for field in fields(shape)
    )


def _word(words: type[Enum], value: Any, where: str) -> Enum:
    try:
        return words(_of(str, "a word", value, where))
    except ValueError as error:
        known = ", ".join(word.value for word in words)
        raise DoesNotFit(where, f"is {value!r}, which is none of {known}") from error


def _of(kind: type[_Shape], named: str, value: Any, where: str) -> _Shape:
    if type(value) is not kind:  # in Python a truth value is a number too
        raise DoesNotFit(where, f"is {str(value)[:60]!r}, which is not {named}")
    return value


def _whole(value: Any, where: str) -> int:
    """Read a whole number, also as some systems write it: 8900.0."""
    is_whole = type(value) is float and value.is_integer()
    return _of(int, "a whole number", int(value) if is_whole else value, where)


def _day(value: Any, where: str) -> date:
    text = _of(str, "a day", value, where)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise DoesNotFit(where, f"is {text[:60]!r}, which is no day such as 2026-03-01")


def _instant(value: Any, where: str) -> datetime:
    """Read an instant of RFC 3339, however finely it is told, into UTC."""
    text = _of(str, "an instant", value, where)
    found = _INSTANT.fullmatch(text)
    try:
        if found:
            day, clock, fraction, sign, hours, minutes = found.groups()
            told = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6]:0<6}")
            ahead = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
            return (told + ahead if sign == "-" else told - ahead).replace(tzinfo=timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise DoesNotFit(where, f"is {text[:60]!r}, which is no instant such as 2026-03-01T09:00:00Z")


_PLAIN: dict[Any, Callable[[Any, str], Any]] = {
    str: lambda value, where: _of(str, "text", value, where),
    int: _whole,
    bool: lambda value, where: _of(bool, "true or false", value, where),
    date: _day,
    datetime: _instant,
}
