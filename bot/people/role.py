"""What somebody works as: their roles, and as an agent their level."""

from __future__ import annotations

from enum import Enum


class Role(str, Enum):
    """A person may have several; what each may do stands in `permissions`."""

    AGENT = "agent"
    TRAINER = "trainer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"


class Level(str, Enum):
    """How much an agent may give on their own; policies say what each level may give."""

    AGENT = "agent"
    SENIOR = "senior"
    LEAD = "lead"
