"""People to try the desk with, in development only: one of each kind, with a known password."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import structlog

from bot.people.person import Person
from bot.people.role import Level, Role
from bot.use_cases.reception import Reception

log = structlog.get_logger()

# Known to everybody who reads this, so that no installation that meets customers takes it.
DEMO_PASSWORD = "paper lanterns at noon"


@dataclass(frozen=True)
class DemoPerson:
    email: str
    name: str
    roles: frozenset[Role]
    level: Level = Level.AGENT
    skills: frozenset[str] = frozenset()
    team: str = ""

    @property
    def id(self) -> str:
        return "p" + sha256(f"demo {self.email}".encode()).hexdigest()[:32]


DEMO_STAFF = (
    DemoPerson(
        "kim@larder.example",
        "Kim",
        frozenset({Role.AGENT}),
        skills=frozenset({"general", "retention"}),
        team="care",
    ),
    DemoPerson(
        "ada@larder.example",
        "Ada",
        frozenset({Role.AGENT}),
        Level.SENIOR,
        frozenset({"general", "retention", "billing", "trust"}),
        "care",
    ),
    DemoPerson("theo@larder.example", "Theo", frozenset({Role.TRAINER})),
    DemoPerson("mona@larder.example", "Mona", frozenset({Role.MANAGER, Role.AGENT}), Level.LEAD),
    DemoPerson("ida@larder.example", "Ida", frozenset({Role.ADMINISTRATOR})),
)
DEMO_IDS = frozenset(demo.id for demo in DEMO_STAFF)


def load_demo_staff(*, at: Reception) -> None:
    """Add those who are missing; who is there stays as they are, with the password they chose."""
    now, loaded = at.clock.now(), 0
    there = {row.person.email for row in at.views.everybody()}
    for demo in DEMO_STAFF:
        if demo.email in there:
            continue
        hashed = at.passwords.hash(DEMO_PASSWORD)
        person = Person(
            demo.id, demo.email, demo.name, demo.roles, now, demo.level, demo.skills, demo.team
        )
        with at.unit_of_work() as uow:
            if uow.people.add(person):
                uow.people.set_password(person.id, hashed)
                loaded += 1
            uow.commit()
    if loaded:
        log.info("demo_staff_loaded", count=loaded)
