"""Signing in: password, then code, or setting up a second factor; taking an invitation."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import InvitationNotFound, PasswordRefused, SignInRefused, TooManyTries
from bot.gateway.parts import Parts
from bot.gateway.staff.access import check_token, visitor_of
from bot.gateway.staff.forms import read_form
from bot.gateway.staff.paper import StaffPaper, go_to, qr_picture
from bot.people.passwords import LONGEST, SHORTEST
from bot.people.person import StaffMember
from bot.people.session import Stage
from bot.use_cases.accept_invitation import accept_invitation, who_is_invited
from bot.use_cases.set_up_second_factor import (
    SecondFactorOffer,
    offer_second_factor,
    take_first_second_factor,
    who_sets_up,
)
from bot.use_cases.sign_in import SignedIn, confirm_code, sign_in

TOLD = {"password": "Your password is set. Sign in with it.", "out": "You are signed out."}


async def sign_in_page(request: Request) -> Response:
    query = request.query_params
    return _sign_in_form(
        request, next=query.get("next", ""), told=TOLD.get(query.get("told", ""), "")
    )


async def take_password(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    form = await read_form(request)
    email, asked = form.get("email", ""), form.get("next", "")
    try:
        signed_in = await run_in_threadpool(
            sign_in, email, form.get("password", ""), visitor_of(request), at=parts.reception
        )
    except SignInRefused as error:
        return _sign_in_form(request, next=asked, email=email, problem=str(error), status=403)
    except TooManyTries as error:
        response = _sign_in_form(request, next=asked, email=email, problem=str(error), status=429)
        response.headers["retry-after"] = str(error.retry_after_seconds)
        return response
    then = {
        Stage.CODE: f"/sign-in/code{_with_next(asked)}",
        Stage.SET_UP: f"/sign-in/second-factor{_with_next(asked)}",
        Stage.FULL: f"/account/home{_with_next(asked)}",
    }
    return keeping(request, go_to(then[signed_in.stage]), signed_in)


async def code_page(request: Request) -> Response:
    return _code_form(request, next=request.query_params.get("next", ""))


async def take_code(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    form = await read_form(request)
    secret, asked = parts.staff_cookies.secret(request), form.get("next", "")
    check_token(request, secret, form.get("csrf_token", ""))
    try:
        signed_in = await run_in_threadpool(
            confirm_code, secret, form.get("code", ""), visitor_of(request), at=parts.reception
        )
    except SignInRefused as error:
        return _code_form(request, next=asked, problem=str(error), status=403)
    except TooManyTries as error:
        response = _code_form(request, next=asked, problem=str(error), status=429)
        response.headers["retry-after"] = str(error.retry_after_seconds)
        return response
    return keeping(request, go_to(f"/account/home{_with_next(asked)}"), signed_in)


async def first_second_factor_page(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    person = await run_in_threadpool(
        who_sets_up, parts.staff_cookies.secret(request), at=parts.reception
    )
    offer = await run_in_threadpool(offer_second_factor, person, at=parts.reception)
    asked = request.query_params.get("next", "")
    return second_factor_form(request, offer, action="/sign-in/second-factor", next=asked)


async def take_first_second_factor_code(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    form = await read_form(request)
    secret = parts.staff_cookies.secret(request)
    check_token(request, secret, form.get("csrf_token", ""))
    try:
        taken = await run_in_threadpool(
            take_first_second_factor,
            secret,
            sealed_of(form),
            form.get("code", ""),
            visitor_of(request),
            at=parts.reception,
        )
    except SignInRefused as error:
        person = await run_in_threadpool(who_sets_up, secret, at=parts.reception)
        sealed = sealed_of(form)
        again = await run_in_threadpool(
            offer_second_factor, person, at=parts.reception, sealed=sealed
        )
        return second_factor_form(
            request,
            again,
            action="/sign-in/second-factor",
            next=form.get("next", ""),
            problem=str(error),
        )
    assert taken.signed_in is not None
    page = recovery_codes_page(request, taken.recovery_codes, next=form.get("next", ""))
    return keeping(request, page, taken.signed_in)


async def invitation_page(request: Request) -> Response:
    return await _invitation_form(request)


async def take_invitation(request: Request) -> Response:
    parts: Parts = request.app.state.parts
    form = await read_form(request)
    password = form.get("password", "")
    if password != form.get("again"):
        return await _invitation_form(request, problem="The two are not the same.", status=422)
    try:
        await run_in_threadpool(
            accept_invitation, request.path_params["invitation"], password, at=parts.reception
        )
    except PasswordRefused as error:
        return await _invitation_form(request, problem=str(error), status=422)
    except InvitationNotFound:
        return await _invitation_form(request)
    return go_to("/sign-in?told=password")


def keeping(request: Request, response: Response, signed_in: SignedIn) -> Response:
    parts: Parts = request.app.state.parts
    parts.staff_cookies.keep(response, signed_in.secret, known_as=signed_in.known_as)
    return response


def second_factor_form(
    request: Request,
    offer: SecondFactorOffer,
    *,
    action: str,
    next: str,
    staff: StaffMember | None = None,
    problem: str = "",
) -> Response:
    paper: StaffPaper = request.app.state.staff_paper
    return paper.page(
        request,
        "second_factor.html",
        "Set up a second factor",
        staff=staff,
        problem=problem,
        status=403 if problem else 200,
        picture=qr_picture(offer.address),
        secret=" ".join(offer.secret[at : at + 4] for at in range(0, len(offer.secret), 4)),
        sealed=urlsafe_b64encode(offer.sealed).decode(),
        action=action,
        next=next,
    )


def sealed_of(form: Mapping[str, str]) -> bytes:
    """Return the sealed secret that came back; nothing for what our pages did not write."""
    try:
        return urlsafe_b64decode(form.get("sealed", "").encode("ascii"))
    except ValueError:
        return b""


def recovery_codes_page(
    request: Request,
    codes: tuple[str, ...],
    *,
    next: str,
    staff: StaffMember | None = None,
) -> Response:
    paper: StaffPaper = request.app.state.staff_paper
    shown = [f"{code[:5]}-{code[5:]}" for code in codes]
    return paper.page(
        request,
        "recovery_codes.html",
        "Your recovery codes",
        staff=staff,
        codes=shown,
        next=f"/account/home{_with_next(next)}",
    )


def _sign_in_form(
    request: Request,
    *,
    next: str,
    email: str = "",
    told: str = "",
    problem: str = "",
    status: int = 200,
) -> Response:
    paper: StaffPaper = request.app.state.staff_paper
    return paper.page(
        request,
        "sign_in.html",
        "Sign in",
        problem=problem,
        status=status,
        next=next,
        email=email,
        told=told,
    )


def _code_form(
    request: Request,
    *,
    next: str,
    problem: str = "",
    status: int = 200,
) -> Response:
    paper: StaffPaper = request.app.state.staff_paper
    return paper.page(
        request, "code.html", "Your second factor", problem=problem, status=status, next=next
    )


async def _invitation_form(request: Request, *, problem: str = "", status: int = 200) -> Response:
    parts: Parts = request.app.state.parts
    paper: StaffPaper = request.app.state.staff_paper
    try:
        person = await run_in_threadpool(
            who_is_invited, request.path_params["invitation"], at=parts.reception
        )
    except InvitationNotFound as error:
        return paper.page(
            request,
            "refused.html",
            "This invitation is over",
            status=404,
            why=str(error),
            next="/sign-in",
            way="Sign in",
        )
    return paper.page(
        request,
        "invitation.html",
        "Join the staff",
        problem=problem,
        status=status,
        person=person,
        shortest=SHORTEST,
        longest=LONGEST,
    )


def _with_next(asked: str) -> str:
    return f"?next={quote(asked)}" if asked else ""
