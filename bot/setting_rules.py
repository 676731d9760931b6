"""What settings mean together: defaults that follow others, and what production refuses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import SetupError
from bot.secret_files import SECRET_BYTES
from bot.setting_values import variable

if TYPE_CHECKING:
    from bot.settings import Settings

LOOPBACK = "127.0.0.1"
EVERYWHERE = frozenset({"", "0.0.0.0", "::"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def with_dependent_defaults(settings: Settings, root: Path) -> Settings:
    """Return `settings` with folders under `root` and every address that was left to follow.

    Raises:
        SetupError: the log level is none, or the billing system or the helpdesk cannot be reached
            safely as it is set.
    """
    _check_billing(settings)
    if settings.helpdesk_url:
        _check_private(variable("helpdesk_url"), settings.helpdesk_url, what="password")
    state = root / settings.state_folder
    derived = _derived(settings)
    return replace(
        settings,
        state_folder=state,
        model_folder=root / settings.model_folder,
        policy_folder=root / settings.policy_folder,
        canned_replies=root / settings.canned_replies,
        test_messages=root / settings.test_messages,
        database_url=settings.database_url or f"sqlite:///{state / 'desk.db'}",
        public_url=settings.public_url or derived["public_url"],
        assistant_url=settings.assistant_url or derived["assistant_url"],
        actions_url=settings.actions_url or derived["actions_url"],
        log_level=_log_level(settings.log_level),
    )


def with_ports(
    settings: Settings, *, port: int, assistant_port: int, actions_port: int
) -> Settings:
    """Return `settings` at these ports; addresses that were derived from the old ones follow."""
    moved = replace(settings, port=port, assistant_port=assistant_port, actions_port=actions_port)
    old, new = _derived(settings), _derived(moved)
    follow: dict[str, Any] = {n: new[n] for n in new if getattr(settings, n) == old[n]}
    return replace(moved, **follow)


def refuse_development_defaults(settings: Settings) -> None:
    """Return for settings that are safe to meet real customers with.

    Raises:
        SetupError: they are not; the sentence names every variable that must be set.
    """
    problems = []
    if len(settings.identity_key) < SECRET_BYTES:
        problems.append(
            f"{variable('identity_key')} must be the website's signing key, "
            f"at least {SECRET_BYTES} characters long"
        )
    if settings.identity_key_before and len(settings.identity_key_before) < SECRET_BYTES:
        problems.append(
            f"{variable('identity_key_before')} must be at least {SECRET_BYTES} characters long, "
            "or empty"
        )
    if settings.staff_key and len(settings.staff_key) < SECRET_BYTES:
        problems.append(
            f"{variable('staff_key')} must be at least {SECRET_BYTES} characters long, or empty"
        )
    if not settings.smtp_host:
        problems.append(
            f"{variable('smtp_host')} must name a mail server, or codes would be printed"
        )
    if settings.smtp_password and not settings.smtp_starttls and not _is_here(settings.smtp_host):
        problems.append(
            f"{variable('smtp_starttls')} must be true, or the mail server's password and every "
            "code would be readable on the way"
        )
    if not settings.public_url.startswith("https://"):
        problems.append(f"{variable('public_url')} must begin with https://")
    if problems:
        listed = "; ".join(problems)
        raise SetupError(f"Production mode refuses development defaults: {listed}.")


def reachable_host(host: str) -> str:
    """Return where a server that listens on `host` is reached from this machine."""
    return LOOPBACK if host in EVERYWHERE else host


def _derived(settings: Settings) -> dict[str, str]:
    return {
        "public_url": f"http://{reachable_host(settings.host)}:{settings.port}",
        "assistant_url": f"http://{LOOPBACK}:{settings.assistant_port}",
        "actions_url": f"http://{LOOPBACK}:{settings.actions_port}/webhook",
    }


def _check_billing(settings: Settings) -> None:
    if settings.billing.value == "stripe":
        if not settings.stripe_key:
            raise SetupError(
                f"{variable('billing')} is stripe, which needs {variable('stripe_key')}: a secret "
                "key of Stripe (sk_…), or a restricted one (rk_…)."
            )
        _check_private(variable("stripe_url"), settings.stripe_url, what="key")
    if settings.billing.value == "http":
        if not settings.billing_url or not settings.billing_token:
            raise SetupError(
                f"{variable('billing')} is http, which needs {variable('billing_url')}, where your "
                f"billing system answers, and {variable('billing_token')}, which it knows us by."
            )
        _check_private(variable("billing_url"), settings.billing_url, what="token")


def _check_private(name: str, url: str, *, what: str) -> None:
    address = urlsplit(url)
    if address.scheme != "https" and not _is_here(address.hostname or ""):
        raise SetupError(
            f"{name} must begin with https://, or name this machine; the {what} would be readable "
            "on the way."
        )


def _is_here(host: str) -> bool:
    return host in {LOOPBACK, "localhost"}


def _log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        valid = ", ".join(LOG_LEVELS)
        raise SetupError(f"{variable('log_level')} is {text!r}, but must be one of {valid}.")
    return text.upper()
