"""Everybody's own account: where they are signed in, password, second factor, signing out."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.conversations.agent import Status
from bot.errors import PasswordRefused, SignInRefused, TooManyTries
from bot.gateway.desk.at_the_desk import on_duty
from bot.gateway.parts import Parts
from bot.gateway.staff.access import require
from bot.gateway.staff.browsers import in_words
from bot.gateway.staff.cookies import token_of
from bot.gateway.staff.forms import sent_by
from bot.gateway.staff.paper import StaffPaper, go_to, way_on
from bot.gateway.staff.sign_in import recovery_codes_page, sealed_of, second_factor_form
from bot.people.passwords import LONGEST, SHORTEST
from bot.people.permissions import Permission, may, permissions_of
from bot.people.person import StaffMember
from bot.people.role import Role
from bot.retention.calendar import write_instant
from bot.use_cases.beat import beat
from bot.use_cases.keep_account import change_password, confirm, end_session
from bot.use_cases.set_up_second_factor import offer_second_factor, replace_second_factor
from bot.use_cases.show_own_account import show_own_account
from bot.use_cases.staff_session import is_at_work, sign_out, sign_out_elsewhere

NO_STORE = {"cache-control": "no-store"}
TOLD = {
    "password": "Your password is changed, and every other browser signed out.",
    "ended": "That browser is signed out.",
    "others": "Every other browser is signed out.",
}


async def me(request: Request) -> Response:
    """Tell a page who is signed in, and the token its writing requests must carry."""
    parts: Parts = request.app.state.parts
    staff = await require(request, Permission.OWN_ACCOUNT, touch=False)
    told = {
        "person_id": staff.person_id,
        "name": staff.name,
        "roles": sorted(role.value for role in staff.roles),
        "level": staff.level.value,
        "skills": sorted(staff.skills),
        "team": staff.team,
        "capacity": staff.capacity,
        "permissions": sorted(one.value for one in permissions_of(staff.roles)),
        "csrf_token": token_of(parts.staff_cookies.secret(request)),
    }
    return JSONResponse(told, headers=NO_STORE)


async def home(request: Request) -> Response:
    """Lead somebody who has just signed in to the page they wanted, or to their first room."""
    staff = await require(request, Permission.OWN_ACCOUNT)
    return go_to(way_on(request.query_params.get("next", ""), staff))


async def account_page(request: Request) -> Response:
    staff = await require(request, Permission.OWN_ACCOUNT)
    return await _account(request, staff)


async def confirm_page(request: Request) -> Response:
    staff = await require(request, Permission.OWN_ACCOUNT)
    return _confirm_form(request, staff, request.query_params.get("next", ""))


async def take_confirmation(request: Request) -> Response:
    parts, staff, form = await _sent(request)
    secret, asked = parts.staff_cookies.secret(request), form.get("next", "")
    try:
        await run_in_threadpool(
            confirm, staff, secret, form.get("password", ""), at=parts.reception
        )
    except SignInRefused as error:
        return _confirm_form(request, staff, asked, problem=str(error), status=403)
    except TooManyTries as error:
        response = _confirm_form(request, staff, asked, problem=str(error), status=429)
        response.headers["retry-after"] = str(error.retry_after_seconds)
        return response
    return go_to(way_on(asked))


async def take_new_password(request: Request) -> Response:
    parts, staff, form = await _sent(request, fresh=True)
    password = form.get("password", "")
    if password != form.get("again"):
        return await _account(request, staff, problem="The two are not the same.", status=422)
    secret = parts.staff_cookies.secret(request)
    try:
        await run_in_threadpool(change_password, staff, secret, password, at=parts.reception)
    except PasswordRefused as error:
        return await _account(request, staff, problem=str(error), status=422)
    return go_to("/account?told=password")


async def second_factor_page(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    staff = await require(request, Permission.OWN_ACCOUNT, fresh=True)
    offer = await run_in_threadpool(offer_second_factor, staff.person_id, at=parts.reception)
    return second_factor_form(
        request, offer, action="/account/second-factor", next="/account", staff=staff
    )


async def take_new_second_factor(request: Request) -> Response:
    parts, staff, form = await _sent(request, fresh=True)
    secret = parts.staff_cookies.secret(request)
    try:
        taken = await run_in_threadpool(
            replace_second_factor,
            staff,
            secret,
            sealed_of(form),
            form.get("code", ""),
            at=parts.reception,
        )
    except SignInRefused as error:
        sealed = sealed_of(form)
        again = await run_in_threadpool(
            offer_second_factor, staff.person_id, at=parts.reception, sealed=sealed
        )
        return second_factor_form(
            request,
            again,
            action="/account/second-factor",
            next="/account",
            staff=staff,
            problem=str(error),
        )
    return recovery_codes_page(request, taken.recovery_codes, next="/account", staff=staff)


async def end_a_session(request: Request) -> Response:
    parts, staff, form = await _sent(request)
    await run_in_threadpool(end_session, staff, form.get("session", ""), at=parts.reception)
    return go_to("/account?told=ended")


async def end_other_sessions(request: Request) -> Response:
    parts, staff, _form = await _sent(request)
    secret = parts.staff_cookies.secret(request)
    await run_in_threadpool(sign_out_elsewhere, staff, secret, at=parts.reception)
    return go_to("/account?told=others")


async def leave(request: Request) -> Response:
    parts, staff, _form = await _sent(request)
    secret = parts.staff_cookies.secret(request)
    await run_in_threadpool(sign_out, secret, at=parts.reception)
    await run_in_threadpool(_leave_the_desk, staff, parts)
    response = go_to("/sign-in?told=out")
    parts.staff_cookies.drop(response)
    # What was kept of our pages goes too; the storage holds a customer's chat, not the staff's.
    response.headers["clear-site-data"] = '"cache"'
    return response


def _leave_the_desk(staff: StaffMember, parts: Parts) -> None:
    """Who signs out where they work leaves nobody waiting for them until they are missed."""
    answers = may(staff.roles, Permission.TAKE_CONVERSATION)
    if answers and not is_at_work(staff.person_id, at=parts.reception):
        beat(agent=on_duty(staff), status=Status.OFF, desk=parts.agent_desk)


async def _sent(
    request: Request, *, fresh: bool = False
) -> tuple[Parts, StaffMember, dict[str, str]]:
    staff, form = await sent_by(request, Permission.OWN_ACCOUNT, fresh=fresh)
    return request.app.state.parts, staff, form


async def _account(
    request: Request, staff: StaffMember, *, problem: str = "", status: int = 200
) -> Response:
    parts: Parts = request.app.state.parts
    paper: StaffPaper = request.app.state.staff_paper
    secret = parts.staff_cookies.secret(request)
    shown = await run_in_threadpool(show_own_account, staff, secret, at=parts.reception)
    sessions = [
        {
            "name": session.digest,
            "client": in_words(session.client),
            "address": session.address,
            "seen": write_instant(session.last_seen_at),
            "here": session.digest == shown.here,
        }
        for session in shown.sessions
    ]
    return paper.page(
        request,
        "account.html",
        staff.name,
        staff=staff,
        problem=problem,
        status=status,
        told=TOLD.get(request.query_params.get("told", ""), ""),
        roles=", ".join(sorted(role.value for role in staff.roles)),
        agent=Role.AGENT in staff.roles,
        skills=", ".join(sorted(staff.skills)),
        sessions=sessions,
        second_factor=shown.has_second_factor,
        email=shown.email,
        shortest=SHORTEST,
        longest=LONGEST,
    )


def _confirm_form(
    request: Request, staff: StaffMember, asked: str, *, problem: str = "", status: int = 200
) -> Response:
    paper: StaffPaper = request.app.state.staff_paper
    return paper.page(
        request,
        "confirm.html",
        "Is it you?",
        staff=staff,
        problem=problem,
        status=status,
        next=asked,
    )
