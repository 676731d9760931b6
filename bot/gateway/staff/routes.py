"""Every route of signing in and of one's own account."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from bot.gateway import pages
from bot.gateway.staff import account, audit, sign_in
from bot.gateway.staff.access import counted

ROUTES: list[BaseRoute] = [
    Route("/sign-in", counted(sign_in.sign_in_page)),
    Route("/sign-in", counted(sign_in.take_password), methods=["POST"]),
    Route("/sign-in/code", counted(sign_in.code_page)),
    Route("/sign-in/code", counted(sign_in.take_code), methods=["POST"]),
    Route("/sign-in/second-factor", counted(sign_in.first_second_factor_page)),
    Route(
        "/sign-in/second-factor", counted(sign_in.take_first_second_factor_code), methods=["POST"]
    ),
    Route("/invitations/{invitation}", counted(sign_in.invitation_page)),
    Route("/invitations/{invitation}", counted(sign_in.take_invitation), methods=["POST"]),
    Route("/account", account.account_page),
    Route("/account/home", account.home),
    Route("/account/confirm", account.confirm_page),
    Route("/account/confirm", account.take_confirmation, methods=["POST"]),
    Route("/account/password", account.take_new_password, methods=["POST"]),
    Route("/account/second-factor", account.second_factor_page),
    Route("/account/second-factor", account.take_new_second_factor, methods=["POST"]),
    Route("/account/sessions/end", account.end_a_session, methods=["POST"]),
    Route("/account/sessions/end-others", account.end_other_sessions, methods=["POST"]),
    Route("/sign-out", account.leave, methods=["POST"]),
    Route("/api/staff/me", account.me),
    Route("/audit", audit.audit_page),
    *(Route(path, pages.staff_page) for path in pages.STAFF_PAGES),
]
