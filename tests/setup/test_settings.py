"""Settings: read from the environment, refused in words, secrets kept in files."""

from __future__ import annotations

import re
import stat
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot import settings
from bot.errors import SetupError
from bot.setting_rules import with_ports
from bot.setting_values import read_values, write_values
from bot.settings import BillingSystem, Mode, Settings, from_environment

PRODUCTION = {
    "DESK_MODE": "production",
    "DESK_IDENTITY_KEY": "k" * 32,
    "DESK_SMTP_HOST": "mail.example",
    "DESK_PUBLIC_URL": "https://help.larder.example",
}


def test_without_any_variable_everything_is_loopback_and_inside_the_project():
    ours = from_environment({})
    assert (ours.host, ours.port, ours.mode) == ("127.0.0.1", 8080, Mode.DEVELOPMENT)
    assert ours.database_url == f"sqlite:///{settings.ROOT / 'var' / 'desk.db'}"
    assert ours.public_url == "http://127.0.0.1:8080"
    assert ours.actions_url == "http://127.0.0.1:5055/webhook"


STRIPE = {"DESK_BILLING": "stripe", "DESK_STRIPE_KEY": "sk_test_larder"}


def test_stripe_is_the_billing_system_where_it_is_set_with_its_key():
    assert from_environment({}).billing is BillingSystem.EMBEDDED
    ours = from_environment(STRIPE)
    assert (ours.billing, ours.stripe_url) == (BillingSystem.STRIPE, "https://api.stripe.com")
    assert "sk_test_larder" not in repr(ours)
    assert from_environment({**STRIPE, "DESK_STRIPE_URL": "http://127.0.0.1:8420"})


OWN = {
    "DESK_BILLING": "http",
    "DESK_BILLING_URL": "https://billing.larder.example/desk",
    "DESK_BILLING_TOKEN": "the token of larder",
}


def test_a_billing_system_of_the_companys_own_is_set_with_its_address_and_token():
    ours = from_environment(OWN)
    assert (ours.billing, ours.billing_url) == (BillingSystem.HTTP, OWN["DESK_BILLING_URL"])
    assert "token of larder" not in repr(ours)
    assert from_environment({**OWN, "DESK_BILLING_URL": "http://localhost:8000"})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DESK_BILLING": "stripe"}, "needs DESK_STRIPE_KEY"),
        ({"DESK_BILLING": "paddle"}, "must be embedded or stripe or http"),
        ({**OWN, "DESK_BILLING_TOKEN": ""}, "DESK_BILLING_TOKEN, which it knows us by"),
        ({**OWN, "DESK_BILLING_URL": ""}, "needs DESK_BILLING_URL"),
        ({**OWN, "DESK_BILLING_URL": "http://billing.example"}, "the token would be readable"),
        ({**STRIPE, "DESK_STRIPE_URL": "http://127.0.0.1.example"}, "must begin with https"),
        ({**STRIPE, "DESK_STRIPE_URL": "http://stripe.example"}, "must begin with https"),
    ],
)
def test_a_billing_system_that_cannot_be_reached_safely_is_refused(given, told):
    with pytest.raises(SetupError, match=told):
        from_environment(given)


def test_a_moved_port_moves_the_addresses_that_follow_from_it():
    assert from_environment({"DESK_PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    assert from_environment({"DESK_HOST": "0.0.0.0"}).public_url == "http://127.0.0.1:8080"


def test_picked_ports_move_derived_addresses_and_leave_given_ones_alone():
    ours = from_environment({"DESK_PORT": "0", "DESK_ASSISTANT_URL": "http://10.0.0.7:5005"})
    moved = with_ports(ours, port=4000, assistant_port=4001, actions_port=4002)
    assert moved.public_url == "http://127.0.0.1:4000"
    assert moved.assistant_url == "http://10.0.0.7:5005"
    assert moved.actions_url == "http://127.0.0.1:4002/webhook"


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("DESK_PORT", "eighty", r"DESK_PORT is 'eighty', but must be a whole number from 0 to"),
        ("DESK_PORT", "65536", "from 0 to 65535"),
        ("DESK_PORT", "-1", "from 0 to 65535"),
        ("DESK_PORT", "²", "from 0 to 65535"),
        ("DESK_SESSION_MINUTES", "0", "a whole number from 1 to"),
        ("DESK_MODE", "prod", "must be development or production"),
        ("DESK_SMTP_STARTTLS", "yes", "must be true or false"),
        ("DESK_LOG_LEVEL", "loud", "must be one of DEBUG, INFO, WARNING, ERROR"),
        ("DESK_PROT", "8080", "There is no setting DESK_PROT. Did you mean DESK_PORT?"),
        ("DESK_XYZZY", "1", r"`python -m bot settings` lists them"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_in_words(variable, value, told):
    with pytest.raises(SetupError, match=re.escape(told) if "?" in told else told):
        from_environment({variable: value})


def test_variables_of_other_programs_are_left_alone():
    assert from_environment({"HOME": "/", "DESKTOP_SESSION": "x"}) == from_environment({})


def test_every_setting_survives_the_way_to_a_child_process():
    ours = replace(from_environment(PRODUCTION), smtp_starttls=True, port=1234)
    assert Settings(**read_values(Settings, write_values(ours))) == ours


def test_production_starts_when_everything_it_asks_for_is_set():
    assert from_environment(PRODUCTION).in_production


@pytest.mark.parametrize("missing", ["DESK_IDENTITY_KEY", "DESK_SMTP_HOST", "DESK_PUBLIC_URL"])
def test_40_production_refuses_each_development_default_by_name(missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(SetupError, match=f"refuses development defaults: {missing} must"):
        from_environment(environment)


@pytest.mark.parametrize("name", ["DESK_STAFF_KEY", "DESK_IDENTITY_KEY_BEFORE"])
def test_40_production_refuses_a_short_key_where_one_is_given(name):
    with pytest.raises(SetupError, match=f"{name} must be at least 32 characters"):
        from_environment({**PRODUCTION, name: "short"})
    assert from_environment(PRODUCTION).staff_key == "", "made once, in a file"


def test_40_no_password_travels_in_the_clear():
    helpdesk = {"DESK_HELPDESK_URL": "http://support.example/helpdesk"}
    with pytest.raises(SetupError, match="DESK_HELPDESK_URL must begin with https://"):
        from_environment(helpdesk)
    assert from_environment({"DESK_HELPDESK_URL": "http://127.0.0.1:8000/helpdesk"}).helpdesk_url
    mail = {**PRODUCTION, "DESK_SMTP_USER": "desk", "DESK_SMTP_PASSWORD": "p" * 12}
    with pytest.raises(SetupError, match="DESK_SMTP_STARTTLS must be true"):
        from_environment(mail)
    assert from_environment({**mail, "DESK_SMTP_STARTTLS": "true"}).smtp_starttls
    assert from_environment({**mail, "DESK_SMTP_HOST": "127.0.0.1"}).in_production


def test_40_secrets_are_made_once_and_readable_by_their_owner_alone(tmp_path):
    bare = from_environment({"DESK_STATE_FOLDER": str(tmp_path)})
    first = settings.with_secrets(bare)
    again = settings.with_secrets(bare)
    assert first == again
    made = {first.identity_key, first.receipt_key, first.shared_secret, first.token_key}
    assert len(made | {first.staff_key}) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "identity_key",
        "receipt_key",
        "shared_secret",
        "staff_key",
        "token_key",
    ]
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(path.read_text()) == 64


def test_a_secret_that_is_set_wins_over_the_file(tmp_path):
    environment = {"DESK_STATE_FOLDER": str(tmp_path), "DESK_TOKEN_KEY": "from the vault"}
    assert settings.with_secrets(from_environment(environment)).token_key == "from the vault"
    assert not (tmp_path / "token_key").exists()


def test_a_folder_that_cannot_hold_secrets_is_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(SetupError, match="Make its folder writable"):
        settings.with_secrets(from_environment({"DESK_STATE_FOLDER": str(tmp_path / "var")}))


def test_40_secrets_never_show_when_settings_are_printed(tmp_path):
    ours = settings.with_secrets(from_environment({"DESK_STATE_FOLDER": str(tmp_path)}))
    shown = repr(ours)
    assert "smtp_host" in shown  # others do show
    for secret in (ours.identity_key, ours.token_key, ours.shared_secret):
        assert secret not in shown


@pytest.mark.parametrize("declared", fields(Settings), ids=lambda declared: declared.name)
def test_every_setting_is_described_in_one_sentence(declared):
    sentence = declared.metadata["sentence"]
    assert re.fullmatch(r"[A-Z`].{10,}[.]", sentence)
    assert f"| {sentence} |" in settings.describe()


def test_the_documented_settings_are_the_ones_there_are():
    documented = (settings.ROOT / "bot" / "docs" / "settings.md").read_text()
    assert settings.describe() in documented, "run `make docs`"


def test_only_the_settings_module_reads_the_environment():
    readers = [
        path.relative_to(settings.ROOT).as_posix()
        for folder in ("bot", "actions")
        for path in (settings.ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
        and re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    ]
    assert readers == ["bot/settings.py"]


def test_paths_are_kept_as_given_when_absolute(tmp_path):
    ours = from_environment({"DESK_STATE_FOLDER": str(tmp_path), "DESK_MODEL_FOLDER": "m"})
    assert (ours.state_folder, ours.model_folder) == (tmp_path, settings.ROOT / Path("m"))
