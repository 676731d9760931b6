"""Acts as they are recorded before they are carried out, so that a crash between loses nothing."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from bot.money import Money
from bot.retention.account import ConcessionKind
from bot.retention.commands import Command, ConcessionNote
from bot.retention.dialogue import Act, Conclusion
from bot.retention.records import Entry

_COMMANDS = {command.__name__: command for command in get_args(Command)}


def write_act(act: Act) -> dict[str, Any]:
    """Write an act as JSON."""
    return {
        "commands": [write_command(command) for command in act.commands],
        "then": act.then.value,
        "detail": act.detail,
    }


def read_act(document: dict[str, Any]) -> Act:
    """Read what `write_act` wrote."""
    commands = tuple(read_command(command) for command in document["commands"])
    return Act(commands, Conclusion(document["then"]), document["detail"])


def write_command(command: Command) -> dict[str, Any]:
    """Write a command as JSON, with its name under `command`."""
    written = {field.name: _write(getattr(command, field.name)) for field in fields(command)}
    return {"command": type(command).__name__, **written}


def act_entry(account: str, key: str, command: Command, result: str) -> Entry:
    """Return the record of a command: `result` is done, queued or not_possible."""
    written = {"account": account, "key": key, "command": write_command(command)}
    return Entry("billing_act", {**written, "result": result})


def read_command(document: dict[str, Any]) -> Command:
    """Read what `write_command` wrote."""
    kind = _COMMANDS[document["command"]]
    hints = get_type_hints(kind)
    values = {name: _read(document[name], hint) for name, hint in hints.items()}
    command: Command = kind(**values)
    return command


def _write(value: Any) -> Any:
    if isinstance(value, ConcessionNote):
        return {"kind": value.kind.value, "policy": value.policy, "value": _write(value.value)}
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, date):  # an instant is a date too
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _read(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is Money:
        return Money(**value)
    if ConcessionNote in get_args(hint):
        return ConcessionNote(
            ConcessionKind(value["kind"]), value["policy"], Money(**value["value"])
        )
    return tuple(value) if isinstance(value, list) else value
