"""Print the identity a website would sign for an account; refused in production mode."""

from __future__ import annotations

import argparse
from secrets import token_urlsafe

from bot import settings
from bot.errors import Refused
from bot.integrations.clock import SystemClock
from bot.integrations.tokens import IdentityTokens


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", help="an account number, such as A-1001")


def run(arguments: argparse.Namespace) -> int:
    print(development_identity(arguments.account, settings.load()))
    return 0


def development_identity(account: str, using: settings.Settings) -> str:
    """Return a JWT for `account`, signed with this installation's own identity key.

    Raises:
        Refused: in production mode, where only the website may say who its customers are.
    """
    if using.in_production:
        raise Refused(
            "In production mode only the website signs identities. "
            "Sign one there, or set DESK_MODE=development on a test installation."
        )
    tokens = IdentityTokens(using.identity_key, using.identity_audience, using.identity_issuer)
    return tokens.sign(account, jti=token_urlsafe(16), now=SystemClock().now())
