"""The composition root: the only place where concrete parts are chosen and put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.bootstrap_base import agents_patience, database, unit_of_work
from bot.bootstrap_staff import reception
from bot.bootstrap_tickets import ticket_places
from bot.integrations.assistant_client import HttpAssistant
from bot.integrations.assistant_note import AssistantNote
from bot.integrations.clock import SystemClock
from bot.integrations.desk_hours_file import load_desk_hours
from bot.integrations.health_checks import Check, answers, has_model, has_space
from bot.integrations.http_billing import HttpBilling
from bot.integrations.http_billing_client import HttpBillingClient
from bot.integrations.ids import RandomIds
from bot.integrations.mail import ConsoleMail, SmtpMail
from bot.integrations.policy_files import load_policies, load_profiles, load_terms
from bot.integrations.receipt_seal import ReceiptSeal
from bot.integrations.stripe_billing import StripeBilling
from bot.integrations.stripe_client import StripeClient
from bot.integrations.stripe_webhooks import StripeWebhooks
from bot.integrations.tokens import IdentityTokens, SessionTokens
from bot.integrations.wording import DomainWording
from bot.retention.budget import Spent
from bot.retention.jurisdiction import Profiles
from bot.retention.policy import RetentionPolicy
from bot.retention.say import Reply
from bot.retention.terms import Terms
from bot.settings import DOMAIN_FILE, BillingSystem, Settings
from bot.storage.billing_journal import SqlBillingEvents, SqlBillingJournal
from bot.storage.demo_company import demo_accounts as demo_books
from bot.storage.demo_store import SqlDemoAccounts
from bot.storage.embedded_billing import EmbeddedBilling
from bot.storage.outcomes import SqlOutcomes
from bot.storage.past_cases import SqlPastCases
from bot.storage.people_erasure import SqlPeopleErasure
from bot.storage.read_models import SqlViews
from bot.storage.record_repository import SqlPolicyRevisions, SqlRecordBook
from bot.storage.used_identities import SqlUsedIdentities
from bot.storage.waiting_room import SqlWaitingRoom
from bot.use_cases.guard_answers import ExitRules
from bot.use_cases.load_demo_accounts import load_demo_accounts
from bot.use_cases.load_demo_staff import load_demo_staff
from bot.use_cases.make_move import Desk, Said, make_move
from bot.use_cases.ports import Billing, Mail, Mover, Outcomes
from bot.use_cases.show_demo_customers import DemoCustomer, show_demo_customers
from bot.use_cases.staffing import People
from bot.use_cases.switchboard import Limits, Switchboard
from bot.use_cases.take_billing_event import EventDesk, take_billing_event


def prepare(settings: Settings) -> None:
    """Bring the database up to date; in development the demo accounts are loaded once.

    Raises:
        SetupError: the database cannot be reached or used.
        FileInvalid: a policy is not fully understood.
        PolicyChanged: a policy was changed and its revision was not raised.
    """
    from bot.storage import migrate  # Alembic takes a second, which only the start can spare

    migrate.upgrade(settings.database_url)
    policies = load_policies(settings.policy_folder / "policies")
    SqlPolicyRevisions(database(settings.database_url)).keep(
        [policy.to_document() for policy in policies], now=SystemClock().now()
    )
    if not settings.in_production:
        load_demo_staff(at=reception(settings))
    if not settings.in_production and settings.billing is BillingSystem.EMBEDDED:
        load_demo_accounts(demo=demo_accounts(settings), clock=SystemClock())


def desk(settings: Settings) -> Desk:
    """Return what moves are made with; retention policies are read here, and refused if wrong.

    Raises:
        FileInvalid: a policy, profile or the company file is not fully understood.
    """
    return Desk(
        unit_of_work=unit_of_work(settings),
        billing=billing(settings),
        clock=SystemClock(),
        policies=load_policies(settings.policy_folder / "policies"),
        profiles=load_profiles(settings.policy_folder / "profiles"),
        terms=load_terms(settings.policy_folder / "company.yml"),
        outcomes=SqlOutcomes(database(settings.database_url)),
        id_key=settings.token_key.encode(),
        people=people(settings),
    )


def people(settings: Settings) -> People:
    """Return what is asked about people at the desk; their hours are read here.

    Raises:
        FileInvalid: the file of desk hours is not fully understood.
    """
    room = SqlWaitingRoom(database(settings.database_url), agents_patience(settings))
    return People(
        load_desk_hours(settings.policy_folder),
        presence=room,
        waiting_room=room,
        ticket_places=ticket_places(settings),
    )


@dataclass(frozen=True)
class RulesInForce:
    """What decisions are explained with: no conversation takes part."""

    billing: Billing
    policies: tuple[RetentionPolicy, ...]
    profiles: Profiles
    terms: Terms
    outcomes: Outcomes


def rules(settings: Settings, *, policy_folder: Path | None = None) -> RulesInForce:
    """Return the rules of the folder, which need not be the one in force.

    Raises:
        FileInvalid: a policy, profile or the company file is not fully understood.
    """
    folder = policy_folder or settings.policy_folder
    return RulesInForce(
        billing=billing(settings),
        policies=load_policies(folder / "policies"),
        profiles=load_profiles(folder / "profiles"),
        terms=load_terms(folder / "company.yml"),
        outcomes=SqlOutcomes(database(settings.database_url)),
    )


def earlier_attempts(settings: Settings, account: str) -> tuple[dict[str, Any], ...]:
    """Return the account's recorded save attempts, oldest first."""
    with unit_of_work(settings)() as uow:
        return uow.save_attempts.of_account(account)


def past_cases(settings: Settings) -> SqlPastCases:
    return SqlPastCases(database(settings.database_url))


def spent(settings: Settings) -> Spent:
    """Return what this month's concessions have cost so far."""
    with unit_of_work(settings)() as uow:
        return uow.budgets.spent(now=SystemClock().now())


def mover(at: Desk) -> Mover:
    """Return `make_move` with its desk, as the conversation use cases call it."""

    def move(
        *,
        conversation: str,
        message_id: str,
        text: str,
        intent: str,
        entities: tuple[tuple[str, str], ...] = (),
    ) -> Reply:
        return make_move(Said(conversation, message_id, text, intent, entities), desk=at)

    return move


def switchboard(
    settings: Settings, *, wake: Callable[[str], None], note: AssistantNote | None = None
) -> Switchboard:
    """Return what the conversation use cases need; `wake` tells this process's readers.

    `note` names the assistant that answers now, where one may take another's place.
    """
    from bot.integrations.model_files import ModelInUse, NewestModel  # spaCy takes seconds

    at = desk(settings)
    engine = database(settings.database_url)
    return Switchboard(
        unit_of_work=unit_of_work(settings),
        views=SqlViews(engine),
        clock=at.clock,
        ids=RandomIds(),
        billing=at.billing,
        move=mover(at),
        assistant=assistant(settings, note),
        wording=wording(),
        understanding=ModelInUse(note.model) if note else NewestModel(settings.model_folder),
        guard=exit_rules(at, SqlViews(engine)),
        limits=Limits(
            patience=timedelta(seconds=settings.assistant_patience_seconds),
            silence=timedelta(minutes=settings.session_minutes),
            messages_per_minute=settings.messages_per_minute,
        ),
        wake=wake,
    )


def exit_rules(at: Desk, views: SqlViews) -> ExitRules:
    """Return the guard on everything that is sent to a customer."""
    return ExitRules(views, at.billing, at.profiles, at.terms, at.people)


def assistant(settings: Settings, note: AssistantNote | None = None) -> HttpAssistant:
    return HttpAssistant(
        note.url if note else settings.assistant_url,
        secret=settings.shared_secret,
        timeout_seconds=settings.turn_timeout_seconds,
    )


def wording() -> DomainWording:
    """Return the words of the domain file as it is now."""
    return _wording(DOMAIN_FILE.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _wording(_written: int) -> DomainWording:
    return DomainWording.from_file(DOMAIN_FILE)


def mail(settings: Settings) -> Mail:
    """Return the way out for mails: the mail server that is set, else the console."""
    if not settings.smtp_host:
        return ConsoleMail(settings.smtp_from)
    return SmtpMail(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        starttls=settings.smtp_starttls,
    )


def identity_tokens(settings: Settings) -> IdentityTokens:
    return IdentityTokens(
        settings.identity_key,
        settings.identity_audience,
        settings.identity_issuer,
        settings.identity_key_before,
    )


def used_identities(settings: Settings) -> SqlUsedIdentities:
    return SqlUsedIdentities(database(settings.database_url))


def views(settings: Settings) -> SqlViews:
    return SqlViews(database(settings.database_url))


def receipt_seal(settings: Settings) -> ReceiptSeal:
    return ReceiptSeal(settings.receipt_key)


def people_erasure(settings: Settings) -> SqlPeopleErasure:
    return SqlPeopleErasure(database(settings.database_url))


def record_book(settings: Settings) -> SqlRecordBook:
    return SqlRecordBook(database(settings.database_url))


def billing(settings: Settings) -> Billing:
    """Return the billing system that is set, the same one to everybody in this process."""
    if settings.billing is BillingSystem.STRIPE:
        return _stripe(settings)
    if settings.billing is BillingSystem.HTTP:
        return _http_billing(settings)
    return EmbeddedBilling(database(settings.database_url))


def take_stripe_event(settings: Settings) -> Callable[[bytes, str], bool] | None:
    """Return what takes a webhook's body and signature; None where no secret is set for them."""
    if settings.billing is not BillingSystem.STRIPE or not settings.stripe_webhook_secret:
        return None
    webhooks, clock = StripeWebhooks(settings.stripe_webhook_secret), SystemClock()
    at = EventDesk(
        events=SqlBillingEvents(database(settings.database_url)),
        unit_of_work=unit_of_work(settings),
        billing=billing(settings),
        clock=clock,
    )

    def take(body: bytes, signature: str) -> bool:
        event = webhooks.read(body, signature, now=clock.now())
        return take_billing_event(event, desk=at)

    return take


@lru_cache(maxsize=4)
def _stripe(settings: Settings) -> StripeBilling:
    client = StripeClient(
        settings.stripe_url,
        key=settings.stripe_key,
        timeout_seconds=settings.stripe_timeout_seconds,
    )
    return StripeBilling(client, SqlBillingJournal(database(settings.database_url)))


@lru_cache(maxsize=4)
def _http_billing(settings: Settings) -> HttpBilling:
    client = HttpBillingClient(
        settings.billing_url,
        token=settings.billing_token,
        timeout_seconds=settings.billing_timeout_seconds,
    )
    return HttpBilling(client, SqlBillingJournal(database(settings.database_url)))


def demo_accounts(settings: Settings) -> SqlDemoAccounts:
    return SqlDemoAccounts(database(settings.database_url))


def session_tokens(settings: Settings) -> SessionTokens:
    return SessionTokens(settings.token_key, life=timedelta(hours=settings.token_hours))


# --- What the gateway shows ---------------------------------------------------------------------


def health_checks(settings: Settings, note: AssistantNote | None = None) -> dict[str, Check]:
    """Return a check for every part; each says in one sentence what is wrong, or None."""
    at = views(settings)

    def database_answers() -> None:
        at.due_turns(now=SystemClock().now())

    again = "`python -m bot run` starts it."
    return {
        "database": database_answers,
        "assistant": answers(
            lambda: f"{note.url() if note else settings.assistant_url}/webhooks/desk/health",
            remedy=again,
        ),
        "actions": answers(
            lambda: f"{settings.actions_url.removesuffix('/webhook')}/health", remedy=again
        ),
        "model": has_model(settings.model_folder, *([note.model().parent] if note else [])),
        "disk": has_space(settings.state_folder),
    }


def demo_customers(settings: Settings) -> tuple[DemoCustomer, ...]:
    """Return the demo company's customers as the embedded billing system has them now."""
    if settings.billing is not BillingSystem.EMBEDDED:
        return ()
    clock = SystemClock()
    accounts = [books.account.number for books in demo_books(clock.now().date())]
    return show_demo_customers(accounts, billing=billing(settings), clock=clock)
