"""Show what staff did and saw, newest last, or check that nothing of it was changed."""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from typing import Any

from bot import bootstrap, bootstrap_staff, settings
from bot.errors import PersonNotFound
from bot.people.person import email_of
from bot.retention.records import Link
from bot.use_cases.check_audit import check_audit

DEFAULT_LINES = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", metavar="WHAT")
    show = commands.add_parser("show", help="what was noted, newest last")
    for one in (parser, show):
        one.add_argument("--person", help="only what this e-mail address did")
        one.add_argument("--conversation", help="only what was done with this conversation")
        one.add_argument("--last", type=int, default=DEFAULT_LINES, help="how many, 0 for all")
        one.add_argument("--json", action="store_true", help="the whole entries as JSON")
    commands.add_parser("verify", help="say whether any entry was changed or taken out")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    bootstrap.prepare(using)
    return _verify(using) if arguments.what == "verify" else _show(arguments, using)


def _verify(using: settings.Settings) -> int:
    checked = check_audit(audit=bootstrap_staff.audit_book(using))
    if checked.broken:
        print(f"The audit was tampered with. {checked.broken}", file=sys.stderr)
        return 1
    print(f"{checked.entries} entries are whole and in order. The newest link:")
    print(checked.newest)
    return 0


def _show(arguments: argparse.Namespace, using: settings.Settings) -> int:
    names = {
        row.person.id: row.person.email
        for row in bootstrap_staff.reception(using).views.everybody()
    }
    person = _id_of(arguments.person, names) if arguments.person else None
    links = (
        link
        for link in bootstrap_staff.audit_book(using).links(person=person)
        if arguments.conversation in {None, (link.payload or {}).get("conversation")}
    )
    found = list(deque(links, maxlen=arguments.last or None))
    if arguments.json:
        print(json.dumps([_document(link) for link in found], indent=2))
    else:
        print("\n".join(_line(link, names) for link in found) or "Nothing is noted.")
    return 0


def _id_of(email: str, names: dict[str, str]) -> str:
    """Raises PersonNotFound."""
    wanted = email_of(email)
    for person, known in names.items():
        if known == wanted:
            return person
    raise PersonNotFound(wanted)


def _line(link: Link, names: dict[str, str]) -> str:
    payload = dict(link.payload or {})
    who = payload.pop("person", None)
    told = ", ".join(
        f"{key} {names.get(value, value) if isinstance(value, str) else json.dumps(value)}"
        for key, value in payload.items()
        if value is not None
    )
    by = names.get(who, who) if who else "-"
    return f"{link.number:>6}  {link.at:%Y-%m-%d %H:%M:%S}  {by}  {link.kind}  {told}".rstrip()


def _document(link: Link) -> dict[str, Any]:
    return {
        "number": link.number,
        "kind": link.kind,
        "at": link.at.isoformat(),
        "payload": link.payload,
        "digest": link.digest,
        "link": link.link,
    }
