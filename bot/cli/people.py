"""Look after the staff: who works here, as what, and how they get in."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from typing import Any

from bot import bootstrap, bootstrap_staff, settings
from bot.errors import SetupError
from bot.integrations.clock import SystemClock
from bot.people.person import (
    DEFAULT_CAPACITY,
    Person,
    capacity_of,
    email_of,
    name_of,
    roles_of,
    skills_of,
    word_of,
)
from bot.people.role import Level, Role
from bot.retention.calendar import write_instant
from bot.use_cases.change_person import change_person, disable_person, enable_person
from bot.use_cases.erase_staff import erase_staff
from bot.use_cases.invite_person import Invitation, add_person, invite_person
from bot.use_cases.people_ports import StaffRow
from bot.use_cases.reception import Reception

ROLES = ", ".join(role.value for role in Role)
LEVELS = [level.value for level in Level]
MAIL = """Hello {name},

you are invited to {company}'s desk. Choose a password here:

{link}

The link works once, until {until}. If you did not expect it, leave it alone and tell an
administrator.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    add = commands.add_parser("add", help="add somebody and print their invitation")
    _who(add)
    add.add_argument("--name", required=True, help="as customers and colleagues read it")
    add.add_argument("--roles", required=True, help=f"separated by commas, of: {ROLES}")
    _work(add)
    _mail(add)
    shown = commands.add_parser("list", help="everybody, with roles and how they get in")
    shown.add_argument("--json", action="store_true", help="as JSON")
    invite = commands.add_parser("invite", help="print a new invitation, to set a new password")
    _who(invite)
    invite.add_argument(
        "--new-second-factor",
        action="store_true",
        help="the phone is lost: password and second factor stop working now",
    )
    _mail(invite)
    roles = commands.add_parser("roles", help="say what somebody works as")
    _who(roles)
    roles.add_argument("roles", help=f"separated by commas, of: {ROLES}")
    change = commands.add_parser("change", help="change name, level, skills, team or capacity")
    _who(change)
    change.add_argument("--name", help="as customers and colleagues read it")
    _work(change)
    for word, what in (("disable", "let somebody in no more"), ("enable", "let them in again")):
        _who(commands.add_parser(word, help=what))
    erase = commands.add_parser("erase", help="forget name and address; the audit stays as it is")
    _who(erase)
    erase.add_argument("--yes", action="store_true", help="there is no way back, and that is meant")


def _who(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="the person's e-mail address, which they sign in with")


def _work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--level", choices=LEVELS, help="an agent's authority")
    parser.add_argument("--skills", help="words separated by commas, such as billing,retention")
    parser.add_argument("--team", help="one word; empty for none")
    parser.add_argument("--capacity", type=int, help="conversations at the same time")


def _mail(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mail", action="store_true", help="send the link instead of printing it")


def run(arguments: argparse.Namespace) -> int:
    using = settings.load()
    if getattr(arguments, "mail", False) and not using.smtp_host:
        raise SetupError("No mail server is set. Set DESK_SMTP_HOST, or leave out --mail.")
    bootstrap.prepare(using)
    at = bootstrap_staff.reception(using)
    commands: dict[str, Callable[[], None]] = {
        "add": lambda: _add(arguments, using, at),
        "list": lambda: _list(arguments, at),
        "invite": lambda: _invite(arguments, using, at),
        "roles": lambda: _roles(arguments, at),
        "change": lambda: _change(arguments, at),
        "disable": lambda: _disable(arguments, at),
        "enable": lambda: _enable(arguments, at),
        "erase": lambda: _erase(arguments, at),
    }
    commands[arguments.what]()
    return 0


def _add(arguments: argparse.Namespace, using: settings.Settings, at: Reception) -> None:
    given = _given(arguments)
    person = Person(
        id=at.secrets.person(),
        email=email_of(arguments.email),
        name=given.pop("name"),
        roles=roles_of(arguments.roles.split(",")),
        created_at=SystemClock().now(),
        **{"capacity": DEFAULT_CAPACITY, **given},
    )
    _tell(add_person(person, by=None, at=at), using, arguments)


def _invite(arguments: argparse.Namespace, using: settings.Settings, at: Reception) -> None:
    email, anew = email_of(arguments.email), arguments.new_second_factor
    _tell(invite_person(email, by=None, at=at, new_second_factor=anew), using, arguments)


def _roles(arguments: argparse.Namespace, at: Reception) -> None:
    roles = roles_of(arguments.roles.split(","))
    person = change_person(email_of(arguments.email), by=None, at=at, roles=roles)
    print(f"{person.name} works as {_words(person.roles)} from now on.")


def _change(arguments: argparse.Namespace, at: Reception) -> None:
    person = change_person(email_of(arguments.email), by=None, at=at, **_given(arguments))
    print(f"{person.name}: {_work_of(person)}")


def _disable(arguments: argparse.Namespace, at: Reception) -> None:
    person = disable_person(email_of(arguments.email), by=None, at=at)
    print(f"{person.name} is signed out everywhere and cannot sign in any more.")


def _enable(arguments: argparse.Namespace, at: Reception) -> None:
    person = enable_person(email_of(arguments.email), by=None, at=at)
    print(f"{person.name} can sign in again.")


def _erase(arguments: argparse.Namespace, at: Reception) -> None:
    if not arguments.yes:
        raise SetupError("Nothing was erased: there is no way back. Say --yes to erase.")
    person = erase_staff(email_of(arguments.email), by=None, at=at)
    print(f"{person.id} is all that is left of them; `audit verify` holds as before.")


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what was asked to be kept, checked, and nothing that was left out."""
    read: dict[str, Callable[[Any], Any]] = {
        "name": name_of,
        "level": Level,
        "skills": lambda text: skills_of(text.split(",")),
        "team": lambda text: word_of(text, "team") if text else "",
        "capacity": capacity_of,
    }
    asked = {key: getattr(arguments, key, None) for key in read}
    return {key: read[key](value) for key, value in asked.items() if value is not None}


def _tell(invitation: Invitation, using: settings.Settings, arguments: argparse.Namespace) -> None:
    person = invitation.person
    link = f"{using.public_url}/invitations/{invitation.secret}"
    until = write_instant(invitation.expires_at)
    if not arguments.mail:
        print(f"Give {person.name} <{person.email}> this link. It works once, until {until}:")
        print(link)
        return
    text = MAIL.format(name=person.name, company=using.company, link=link, until=until)
    bootstrap.mail(using).send(to=person.email, subject=f"Join {using.company}", text=text)
    print(f"The invitation was sent to {person.email}. It works once, until {until}.")


def _list(arguments: argparse.Namespace, at: Reception) -> None:
    rows = at.views.everybody()
    if arguments.json:
        print(json.dumps([_document(row) for row in rows], indent=2))
        return
    print("\n".join(line for row in rows for line in _lines(row)) or "Nobody works here yet.")


def _lines(row: StaffRow) -> Iterator[str]:
    person = row.person
    yield f"{person.name} <{person.email}>  {_words(person.roles)}"
    yield (
        f"    {_work_of(person)}; {_way_in(row)}"
        if Role.AGENT in person.roles
        else (f"    {_way_in(row)}")
    )


def _work_of(person: Person) -> str:
    skills = f"skills {', '.join(sorted(person.skills))}" if person.skills else "no skills"
    team = f"team {person.team}" if person.team else "no team"
    return f"level {person.level.value}, {skills}, {team}, at most {person.capacity} at a time"


def _way_in(row: StaffRow) -> str:
    if row.person.disabled_at:
        return f"disabled since {row.person.disabled_at:%Y-%m-%d}"
    if not row.has_password:
        until = write_instant(row.invited_until) if row.invited_until else None
        return f"invited until {until}" if until else "not invited"
    return "signs in with a second factor" if row.has_second_factor else "has no second factor"


def _words(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(role.value for role in roles))


def _document(row: StaffRow) -> dict[str, Any]:
    person = row.person
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "roles": sorted(role.value for role in person.roles),
        "level": person.level.value,
        "skills": sorted(person.skills),
        "team": person.team,
        "capacity": person.capacity,
        "disabled_at": person.disabled_at.isoformat() if person.disabled_at else None,
        "has_password": row.has_password,
        "has_second_factor": row.has_second_factor,
        "recovery_codes_left": row.recovery_codes_left,
        "invited_until": row.invited_until.isoformat() if row.invited_until else None,
    }
