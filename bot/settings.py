"""Every setting of the desk: its type, its default and one sentence about it.

A setting `port` is read from the environment variable `DESK_PORT`. This is the only module that
reads the environment; everything else is handed a `Settings`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from bot.conversations.agent import Assignment
from bot.secret_files import read_or_create
from bot.setting_rules import refuse_development_defaults, with_dependent_defaults
from bot.setting_values import (
    count_setting,
    describe_values,
    port_setting,
    read_values,
    refuse_unknown,
    secret_setting,
    setting,
    write_values,
)

ROOT = Path(__file__).resolve().parent.parent
DOMAIN_FILE = ROOT / "domain.yml"
FOR_CHILDREN = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow would greet at every start
    "PYTHONUNBUFFERED": "1",
}
# Read by set_up.py before this module can be imported.
SET_UP_VARIABLES = frozenset({"DESK_INSTALL_BROWSER"})
# Made once where they are not given, each in a file of its name.
OWN_SECRETS = ("identity_key", "token_key", "receipt_key", "staff_key", "shared_secret")


class Mode(str, Enum):
    """Development trades safety for convenience; production refuses to."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class BillingSystem(str, Enum):
    """Where accounts live and money moves."""

    EMBEDDED = "embedded"
    STRIPE = "stripe"
    HTTP = "http"


@dataclass(frozen=True)
class Settings:
    """What one installation is set to; relative folders are resolved against the project."""

    mode: Mode = setting(
        Mode.DEVELOPMENT, "`development`, or `production`, which refuses development defaults."
    )
    company: str = setting("Larder", "The company's name as customers read it.")
    host: str = setting("127.0.0.1", "The address the gateway listens on.")
    port: int = port_setting(8080, "The port the gateway listens on; 0 picks a free one.")
    public_url: str = setting(
        "", "Where customers reach the gateway; empty means `http://<host>:<port>`."
    )
    allowed_origins: str = setting(
        "", "Origins, separated by commas, that may embed the widget beside `public_url`."
    )
    assistant_port: int = port_setting(5005, "The assistant's loopback port; 0 picks a free one.")
    actions_port: int = port_setting(5055, "The action server's loopback port; 0 picks a free one.")
    assistant_url: str = setting(
        "", "Where the gateway reaches the assistant; empty means loopback at `assistant_port`."
    )
    actions_url: str = setting(
        "", "Where the assistant reaches its actions; empty means loopback at `actions_port`."
    )
    database_url: str = setting(
        "", "An SQLAlchemy address; empty means an SQLite file in `state_folder`."
    )
    state_folder: Path = setting(Path("var"), "Database file, secrets and logs; never in git.")
    model_folder: Path = setting(Path("models"), "Trained models, named by what they learned from.")
    policy_folder: Path = setting(
        Path("data/retention"), "Retention policies and jurisdiction profiles."
    )
    canned_replies: Path = setting(
        Path("data/desk/canned-replies.yml"), "The texts agents start from, a YAML file."
    )
    test_messages: Path = setting(
        Path("tests/understanding/looked_at.jsonl"),
        "The messages a new version is held against before it is published, JSON lines.",
    )
    identity_key: str = secret_setting(
        "The key the website signs customers' identities with; empty means a file, made once."
    )
    identity_key_before: str = secret_setting(
        "The key before it, accepted as well while a website changes over; empty for none."
    )
    identity_audience: str = setting("save-desk", "What a website's identities name as `aud`.")
    identity_issuer: str = setting("website", "What a website's identities name as `iss`.")
    token_key: str = secret_setting(
        "The key conversation tokens are signed with; empty means a file, made once."
    )
    receipt_key: str = secret_setting(
        "The key receipt files are sealed with; empty means a file, made once."
    )
    staff_key: str = secret_setting(
        "The key staff's second factors are sealed and their sessions kept under; empty means a "
        "file, made once."
    )
    shared_secret: str = secret_setting(
        "What gateway, assistant and actions prove themselves with; empty means a file."
    )
    smtp_host: str = setting(
        "", "The mail server that sends e-mail codes; empty prints codes to the console."
    )
    smtp_port: int = port_setting(25, "The mail server's port.")
    smtp_from: str = setting("help@larder.example", "The sender of the desk's mails.")
    smtp_user: str = setting("", "The mail server's user name; empty means no log-in.")
    smtp_password: str = secret_setting("The mail server's password.")
    smtp_starttls: bool = setting(False, "Whether mail goes out only over STARTTLS.")
    billing: BillingSystem = setting(
        BillingSystem.EMBEDDED,
        "The billing system: `embedded` in the desk's own database, `stripe`, or your own, `http`.",
    )
    billing_url: str = setting(
        "", "Where your own billing system answers the desk's contract; needed with `http`."
    )
    billing_token: str = secret_setting(
        "The bearer token your own billing system knows the desk by; needed with `http`."
    )
    billing_timeout_seconds: int = count_setting(
        5, "Seconds one request to your own billing system may take; it is tried three times."
    )
    stripe_key: str = secret_setting("Stripe's secret or restricted key; needed with `stripe`.")
    stripe_url: str = setting("https://api.stripe.com", "Where Stripe's interface is reached.")
    stripe_timeout_seconds: int = count_setting(
        5, "Seconds one request to Stripe may take; it is tried three times at most."
    )
    stripe_webhook_secret: str = secret_setting(
        "The signing secret of Stripe's webhook to the desk; empty refuses every event."
    )
    ticket_mail_to: str = setting(
        "", "The mailbox that tickets are sent to, by the mail server above; empty sends none."
    )
    ticket_webhook_url: str = setting(
        "", "Where tickets are posted, signed, and whence replies may come; empty posts none."
    )
    ticket_webhook_secret: str = secret_setting(
        "What webhooks about tickets are signed with, ours and those to us; 32 characters or more."
    )
    helpdesk_url: str = setting(
        "", "Where django-helpdesk is mounted, for tickets and their answers; empty uses none."
    )
    helpdesk_user: str = setting("", "The desk's own user among the staff of the helpdesk.")
    helpdesk_password: str = secret_setting("The password of the desk's user there.")
    helpdesk_queue: int = count_setting(1, "The number of the helpdesk's queue for tickets.")
    helpdesk_names: str = setting(
        "", "How customers read who answers there: `3=Kim, 4=Ada`, by the number of the user."
    )
    helpdesk_poll_seconds: int = count_setting(
        30, "Seconds after which an open ticket of the helpdesk is looked at again."
    )
    check_in_minutes: int = setting(
        0, "Minutes between two rounds of check-ins; 0 leaves them to `check-ins`.", at_least=0
    )
    check_in_mail: bool = setting(False, "Whether check-ins may go out by e-mail.")
    session_minutes: int = count_setting(
        30, "Minutes of silence after which a chat counts as abandoned."
    )
    token_hours: int = count_setting(
        24 * 30, "Hours for which a conversation token lets a visitor back in."
    )
    code_minutes: int = count_setting(10, "Minutes for which an e-mailed code is valid.")
    turn_timeout_seconds: int = count_setting(
        20, "Seconds the gateway waits for one assistant answer."
    )
    assistant_patience_seconds: int = count_setting(
        20, "Seconds without an answer after which the customer is told and offered a person."
    )
    messages_per_minute: int = count_setting(300, "Messages one conversation may send in a minute.")
    address_messages_per_minute: int = count_setting(
        6000, "Messages one network address may send in a minute, in all its conversations."
    )
    conversations_per_minute: int = count_setting(
        600, "Conversations one network address may open in a minute."
    )
    sockets_per_address: int = count_setting(
        500, "Live connections one network address may hold open."
    )
    trusted_proxies: str = setting(
        "", "Networks, separated by commas, whose X-Forwarded-For header is believed."
    )
    monitor_networks: str = setting(
        "127.0.0.0/8,::1", "Networks that may read metrics and the state of each part."
    )
    staff_second_factor: bool = setting(
        False, "Whether staff need a second factor in development too; production always asks."
    )
    staff_idle_minutes: int = count_setting(
        60, "Minutes without an act after which a member of staff is signed out."
    )
    staff_session_hours: int = count_setting(
        12, "Hours after which a member of staff signs in again, whatever they do."
    )
    invitation_hours: int = count_setting(
        72, "Hours for which an invitation to the staff can be taken."
    )
    desk_assignment: Assignment = setting(
        Assignment.MANUAL,
        "Whether waiting conversations are given to agents, `automatic`, or taken, `manual`.",
    )
    agent_away_seconds: int = count_setting(
        60, "Seconds without a sign of life after which an agent counts as away."
    )
    agent_gone_seconds: int = count_setting(
        120, "Seconds after which conversations that an agent never answered go back to the queue."
    )
    agent_gone_answering_seconds: int = count_setting(
        600, "Seconds after which conversations an agent has answered go back to the queue."
    )
    first_reply_seconds: int = count_setting(
        60, "Seconds within which a waiting customer is to hear from a person."
    )
    reply_seconds: int = count_setting(
        180, "Seconds within which an agent is to answer a customer they hold."
    )
    turn_workers: int = count_setting(16, "Turns one gateway works on side by side.")
    tracker_conversations: int = count_setting(
        2000, "Conversations whose working memory the assistant keeps; the oldest goes first."
    )
    log_level: str = setting("INFO", "DEBUG, INFO, WARNING or ERROR.")

    @property
    def in_production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    @property
    def log_folder(self) -> Path:
        return self.state_folder / "log"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin that may open a live connection, `public_url` first."""
        listed = (origin.strip().rstrip("/") for origin in self.allowed_origins.split(","))
        return (self.public_url.rstrip("/"), *(origin for origin in listed if origin))


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Return the settings that `environment` asks for, with dependent defaults filled in.

    Raises:
        SetupError: a variable is unknown, has a value of the wrong kind, or keeps a development
            default in production mode. The message names the variable and what is valid.
    """
    refuse_unknown(Settings, environment, also=SET_UP_VARIABLES)
    given: dict[str, Any] = read_values(Settings, environment)
    settings = with_dependent_defaults(Settings(**given), ROOT)
    if settings.in_production:
        refuse_development_defaults(settings)
    return settings


def load() -> Settings:
    """Return this process's settings; secrets that are not set are read from files, made once.

    Raises:
        SetupError: a variable is not usable, or a secret cannot be written.
    """
    return with_secrets(from_environment(os.environ))


def with_secrets(settings: Settings) -> Settings:
    """Fill the secrets that are empty from files in `state_folder`, readable by the owner only."""
    folder = settings.state_folder
    made: dict[str, Any] = {
        name: getattr(settings, name) or read_or_create(folder / name) for name in OWN_SECRETS
    }
    return replace(settings, **made)


def as_environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with `settings` in it, for a child process."""
    return {**os.environ, **FOR_CHILDREN, **write_values(settings)}


def export(settings: Settings) -> None:
    """Put `settings` into this process's environment, where Rasa's YAML reader looks for them."""
    os.environ.update(as_environment(settings))


def describe() -> str:
    """Return all settings as a Markdown table, for the documentation."""
    return describe_values(Settings)
