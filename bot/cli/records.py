"""Look into the chain of records: check it, show an account's part of it, erase a person."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

from bot import bootstrap, bootstrap_base, settings
from bot.errors import InvalidInput
from bot.integrations.clock import SystemClock
from bot.retention.records import Link
from bot.use_cases.check_records import check_records
from bot.use_cases.erase_person import erase_person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    commands.add_parser("verify", help="say whether any entry was changed or taken out")
    show = commands.add_parser("show", help="what was recorded about an account, oldest first")
    show.add_argument("account", help="an account number, such as A-1001")
    show.add_argument("--json", action="store_true", help="the whole entries as JSON")
    erase = commands.add_parser("erase", help="erase what a person said and what was recorded")
    erase.add_argument("account", help="an account number, such as A-1001")
    erase.add_argument("--yes", action="store_true", help="do it; it cannot be undone")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    bootstrap.prepare(using)
    return {"verify": _verify, "show": _show, "erase": _erase}[arguments.what](arguments, using)


def _verify(arguments: argparse.Namespace, using: settings.Settings) -> int:
    checked = check_records(records=bootstrap.record_book(using))
    if checked.broken:
        print(f"The records were tampered with. {checked.broken}", file=sys.stderr)
        return 1
    erased = f", {checked.erased} of them erased" if checked.erased else ""
    print(f"{checked.entries} entries are whole and in order{erased}. The newest link:")
    print(checked.newest)
    return 0


def _show(arguments: argparse.Namespace, using: settings.Settings) -> int:
    found = list(bootstrap.record_book(using).links(arguments.account))
    if arguments.json:
        print(json.dumps([_document(link) for link in found], indent=2))
    else:
        print("\n".join(_lines(found)) or "Nothing is recorded about this account.")
    return 0


def _erase(arguments: argparse.Namespace, using: settings.Settings) -> int:
    if not arguments.yes:
        raise InvalidInput(
            f"Erasing {arguments.account} cannot be undone. Add --yes when you are sure."
        )
    erased = erase_person(
        arguments.account,
        people=bootstrap.people_erasure(using),
        unit_of_work=bootstrap_base.unit_of_work(using),
        clock=SystemClock(),
    )
    told = ", ".join(f"{count} {what}" for what, count in erased.items() if count)
    print(f"Erased: {told or 'nothing was kept about this account'}.")
    return 0


def _lines(links: list[Link]) -> Iterator[str]:
    for link in links:
        payload = link.payload or {}
        told = _told(payload)
        act = payload.get("command", {}).get("command", "") if "command" in payload else ""
        yield f"{link.number:>6}  {link.at:%Y-%m-%d %H:%M:%S}  {link.kind:<12} {act or told}"


def _told(payload: dict[str, Any]) -> str:
    rules = ", ".join(payload.get("rules", ()))
    told = payload.get("outcome") or payload.get("reason") or payload.get("policy")
    return str(told or rules)


def _document(link: Link) -> dict[str, Any]:
    return {
        "number": link.number,
        "kind": link.kind,
        "at": link.at.isoformat(),
        "payload": link.payload,
        "digest": link.digest,
        "link": link.link,
    }
