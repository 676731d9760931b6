"""Reading the forms of the staff's pages."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.errors import ForgedRequest
from bot.gateway.bodies import read_bytes
from bot.gateway.refusals import BadRequest
from bot.gateway.staff.access import is_ours, require
from bot.people.permissions import Permission
from bot.people.person import StaffMember

MOST_FIELDS = 30
LONGEST_VALUE = 2000


async def read_form(request: Request, *, longest: int = LONGEST_VALUE) -> dict[str, str]:
    """Return the fields of a form that a page of ours sent, none longer than `longest`.

    Raises:
        ForgedRequest: another website's page sent it.
        BadRequest: it is no form, too large, or not as our pages make them.
    """
    if not is_ours(request):
        raise ForgedRequest
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/x-www-form-urlencoded":
        raise BadRequest(415, "not_a_form", "Send the form as its page does.")
    try:
        text = (await read_bytes(request)).decode("ascii")
        fields = dict(
            parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
        )
    except ValueError:
        raise BadRequest(400, "malformed_form", "The form cannot be read.") from None
    if any(len(value) > longest or "\0" in value for value in fields.values()):
        raise BadRequest(422, "invalid_input", "Something in the form is too long.")
    return fields


async def sent_by(
    request: Request,
    permission: Permission,
    *,
    fresh: bool = False,
    longest: int = LONGEST_VALUE,
) -> tuple[StaffMember, dict[str, str]]:
    """Return who sent a form of the staff's pages, and its fields; raises as `require` does."""
    form = await read_form(request, longest=longest)
    staff = await require(request, permission, fresh=fresh, form_token=form.get("csrf_token", ""))
    return staff, form
