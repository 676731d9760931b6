"""What the desk's page sends: closed shapes, so that a misspelt key is told instead of ignored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field, StrictBool, StrictStr, root_validator, validator

from bot.conversations.agent import Status
from bot.conversations.case import CaseOutcome
from bot.gateway.widget.schemas import Seq, Strict
from bot.retention.cancellation import CancellationReason

MOST_FOLLOWED = 50
MOST_NAME = 64
CLOSABLE = tuple(outcome for outcome in CaseOutcome if outcome is not CaseOutcome.HANDED_BACK)


class Written(Strict):
    """Words under an id that the sender makes up once."""

    client_message_id: StrictStr
    text: StrictStr

    @validator("client_message_id")
    def _is_a_uuid(cls, given: str) -> str:
        return uuid_of(given)

    @validator("text")
    def _can_be_stored(cls, given: str) -> str:
        return storable(given)


class Beat(Strict):
    status: Status | None = None
    viewing: StrictStr | None = Field(None, max_length=MOST_NAME)
    replying: StrictBool = False


class Noted(Strict):
    note: StrictStr | None = None

    @validator("note")
    def _can_be_stored(cls, given: str | None) -> str | None:
        return None if given is None else storable(given)


class Whom(Strict):
    agent: StrictStr | None = Field(None, max_length=MOST_NAME)
    team: StrictStr | None = Field(None, max_length=MOST_NAME)
    queue: StrictBool = False

    @root_validator(skip_on_failure=True)
    def _is_one(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(bool(values[name]) for name in ("agent", "team", "queue")) != 1:
            raise ValueError("Name either an `agent`, a `team`, or the `queue`")
        return values


class PassOn(Noted):
    to: Whom


class Close(Strict):
    outcome: CaseOutcome
    survey: StrictBool = True

    @validator("outcome")
    def _closes(cls, given: CaseOutcome) -> CaseOutcome:
        if given not in CLOSABLE:
            raise ValueError(f"must be one of {', '.join(one.value for one in CLOSABLE)}")
        return given


class Read(Strict):
    seq: Seq


class MakeOffer(Strict):
    client_message_id: StrictStr
    policy: StrictStr = Field(..., max_length=128)
    about: StrictStr | None = Field(None, max_length=MOST_NAME)
    reason: CancellationReason | None = None
    customer_asked: StrictBool = False

    @validator("client_message_id")
    def _is_a_uuid(cls, given: str) -> str:
        return uuid_of(given)


class Followed(Strict):
    conversation: StrictStr = Field(..., max_length=MOST_NAME)
    after: Seq = Seq(0)
    after_note: Seq = Seq(0)


class Follow(Strict):
    """A frame of the live feed: everything that is open on the screen now."""

    follow: list[Followed] = Field([], max_items=MOST_FOLLOWED)


def uuid_of(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        raise ValueError("must be a UUID, new for every message") from None


def storable(given: str) -> str:
    """JSON can escape half a surrogate pair, which no encoding can write down again."""
    return given.encode("utf-8", "replace").decode()
