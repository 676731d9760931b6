"""A person who works here: who they are, what they work as, and what may be written about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.errors import PersonInvalid
from bot.people.role import Level, Role

LONGEST_NAME = 80
LONGEST_EMAIL = 254
LONGEST_WORD = 40
MOST_SKILLS = 30
MOST_CAPACITY = 50
DEFAULT_CAPACITY = 3
FORMER_NAME = "A former colleague"
# No mail can ever go there: the domain is kept for what does not exist.
ERASED_DOMAIN = "erased.invalid"
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class StaffMember:
    """Who acts in one request, as they are now; made only by signing in.

    `team` is empty for nobody's. `level` and `capacity` matter for agents only.
    """

    person_id: str
    name: str
    roles: frozenset[Role]
    level: Level = Level.AGENT
    skills: frozenset[str] = frozenset()
    team: str = ""
    capacity: int = DEFAULT_CAPACITY


@dataclass(frozen=True)
class Person:
    """Somebody of the staff; `email` is lower case and names one person only."""

    id: str
    email: str
    name: str
    roles: frozenset[Role]
    created_at: datetime
    level: Level = Level.AGENT
    skills: frozenset[str] = frozenset()
    team: str = ""
    capacity: int = DEFAULT_CAPACITY
    disabled_at: datetime | None = None

    def as_staff(self) -> StaffMember:
        return StaffMember(
            self.id, self.name, self.roles, self.level, self.skills, self.team, self.capacity
        )

    def disabled(self, *, now: datetime) -> Person:
        """The first instant stays when it is said again."""
        return replace(self, disabled_at=self.disabled_at or now)

    def forgotten(self, *, now: datetime) -> Person:
        """Return who is left when nothing may be known of them but their number and roles."""
        nobody = f"{self.id}@{ERASED_DOMAIN}"
        bare = replace(self, email=nobody, name=FORMER_NAME, skills=frozenset(), team="")
        return bare.disabled(now=now)


@dataclass(frozen=True)
class Credentials:
    """What a person proves themselves with, kept apart from who they are.

    `password_hash` is None until an invitation was taken. `sealed_secret` is the second factor's,
    None without one; `last_step` is the newest thirty seconds a code was taken for.
    """

    person: str
    password_hash: str | None = field(default=None, repr=False)
    sealed_secret: bytes | None = field(default=None, repr=False)
    last_step: int = 0

    @property
    def has_second_factor(self) -> bool:
        return self.sealed_secret is not None


def email_of(text: str) -> str:
    """Return an address in the one spelling it is kept in.

    Raises:
        PersonInvalid: it is no address.
    """
    email = unicodedata.normalize("NFC", text.strip()).lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise PersonInvalid(f"{text[:LONGEST_EMAIL]!r} is no e-mail address. Write name@host.")
    return email


def name_of(text: str) -> str:
    """Return a name as customers and colleagues read it.

    Raises:
        PersonInvalid: it is empty, too long, or holds what cannot be printed on one line.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise PersonInvalid(f"A name has 1 to {LONGEST_NAME} printable characters.")
    return name


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """Return the roles of these words; at least one.

    Raises:
        PersonInvalid: there is none, or a word is no role.
    """
    given = [word.strip().lower() for word in words if word.strip()]
    known = {role.value for role in Role}
    unknown = sorted(set(given) - known)
    if unknown or not given:
        what = f"{unknown[0]!r} is no role" if unknown else "A person needs a role"
        raise PersonInvalid(f"{what}. Choose from {', '.join(role.value for role in Role)}.")
    return frozenset(Role(word) for word in given)


def skills_of(words: Iterable[str]) -> frozenset[str]:
    """Return skills as plain words.

    Raises:
        PersonInvalid: one is no plain word, or there are too many.
    """
    skills = frozenset(word_of(word, "skill") for word in words if word.strip())
    if len(skills) > MOST_SKILLS:
        raise PersonInvalid(f"A person has at most {MOST_SKILLS} skills.")
    return skills


def word_of(text: str, what: str) -> str:
    """Return one plain word, such as a team or a skill.

    Raises:
        PersonInvalid: it is none.
    """
    word = text.strip().lower()
    if len(word) > LONGEST_WORD or not _WORD.fullmatch(word):
        raise PersonInvalid(
            f"{text[:LONGEST_WORD]!r} is no {what}. Write one word of letters, digits, - and _."
        )
    return word


def capacity_of(number: int) -> int:
    """Return how many conversations an agent holds at most.

    Raises:
        PersonInvalid: it is out of bounds.
    """
    if not 1 <= number <= MOST_CAPACITY:
        raise PersonInvalid(f"A capacity is a number from 1 to {MOST_CAPACITY}.")
    return number
