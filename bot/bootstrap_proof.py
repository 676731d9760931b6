"""The part of the composition root that puts together what the exit is proved with."""

from __future__ import annotations

from datetime import date, datetime, time, timezone

from bot.bootstrap import wording
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.retention.desk_hours import DeskHours
from bot.retention.proof.place import Beginning, Rules
from bot.retention.waiting import Staffing
from bot.settings import Settings
from bot.storage.demo_books import PLANS
from bot.storage.ledger_in_memory import LedgerInMemory
from bot.storage.proof_accounts import proof_accounts

# Any hour of the day will do; a fixed one makes the proof of a day the same whenever it runs.
PROOF_BEGINS_AT = time(9, 30)
# Nobody is there then, and people come back in the afternoon: every way to them can be chosen.
NOBODY_HERE = Staffing(
    DeskHours(timezone.utc, "London time", (((13 * 60, 17 * 60),),) * 7), anybody_here=False
)


def proof_beginnings(settings: Settings, *, on: date) -> tuple[Beginning, ...]:
    """Return every account the exit is proved for, under the policies and profiles in force.

    Raises:
        FileInvalid: a policy, profile or the company file is not fully understood.
    """
    folder, words = settings.policy_folder, wording()
    laid_down = Rules(
        policies=load_policies(folder / "policies"),
        profiles=load_profiles(folder / "profiles"),
        terms=load_terms(folder / "company.yml"),
        catalogue=PLANS,
        word=lambda say: words.render(say).text,
    )
    now = datetime.combine(on, PROOF_BEGINS_AT, timezone.utc)
    return tuple(
        Beginning(
            one.title,
            LedgerInMemory(one.books),
            now,
            laid_down,
            one.visitor,
            one.business,
            staffing=NOBODY_HERE if one.alone else None,
        )
        for one in proof_accounts(on)
    )
