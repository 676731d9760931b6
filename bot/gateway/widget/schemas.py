"""What the widget sends: closed shapes, so that a misspelt key is told instead of ignored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import (
    BaseModel,
    ConstrainedInt,
    Extra,
    StrictBool,
    StrictStr,
    root_validator,
    validator,
)

# More than any conversation has; a larger number would not fit the databases' integers.
LARGEST_SEQ = 2**31 - 1


class Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class Seq(ConstrainedInt):
    strict = True
    ge = 0
    le = LARGEST_SEQ


class OpenConversation(Strict):
    identity: StrictStr | None = None
    resume: StrictBool = True


class PostMessage(Strict):
    """Either typed words or the id of a button, under an id the sender makes up once."""

    client_message_id: StrictStr
    text: StrictStr | None = None
    button_id: StrictStr | None = None

    @validator("client_message_id")
    def _is_a_uuid(cls, given: str) -> str:
        try:
            return str(UUID(given))
        except ValueError:
            raise ValueError("must be a UUID, new for every message") from None

    @validator("text", "button_id")
    def _can_be_stored(cls, given: str | None) -> str | None:
        """JSON can escape half a surrogate pair, which no encoding can write down again."""
        return None if given is None else given.encode("utf-8", "replace").decode()

    @root_validator(skip_on_failure=True)
    def _is_one_of_both(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["text"] is None) == (values["button_id"] is None):
            raise ValueError("Send either `text` or `button_id`")
        return values


class Hello(Strict):
    """The first frame of a live feed: the token never stands in an address."""

    token: StrictStr
    after: Seq = Seq(0)


class Nothing(Strict):
    """An empty object."""


class WhichAccount(Strict):
    account: StrictStr
