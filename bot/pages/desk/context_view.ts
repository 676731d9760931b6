/** What one must know at the right: summary, what may be offered, account, earlier attempts. */

import { html, nothing, type TemplateResult } from "lit";
import { day } from "../widget/figures.ts";
import { amount, LANGUAGE, plain } from "./figures.ts";
import type { DeskPage } from "./page.ts";
import type { Account, Attempt, Detail, Offers, PossibleOffer, Subscription, Summary } from "./shapes.ts";

/** The closed list of reasons, as it is stored. */
const REASONS = [
  "too_expensive", "unused", "switched_service", "missing_features", "too_complex", "low_quality", "customer_service",
  "delivery_problem", "technical_problem", "temporary_break", "life_event", "ordered_by_mistake", "other",
] as const;

export function contextView(page: DeskPage): TemplateResult {
  const { open } = page.desk;
  if (open?.detail == null) return html`<p class="empty">The customer's account appears here.</p>`;
  const { detail, offers } = open;
  return html`
    ${detail.summary ? summaryView(detail.summary) : nothing}
    ${offers ? offersView(offers, page) : nothing}
    ${accountView(detail)}
    ${attemptsView(detail.attempts)}
    ${receiptsView(detail)}
    ${droppedView(detail)}`;
}

function row(term: string, value: unknown): TemplateResult | typeof nothing {
  return value === null || value === undefined || value === "" ? nothing
    : html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

function section(title: string, content: unknown): TemplateResult {
  return html`<section class="about"><h2 class="about__title">${title}</h2>${content}</section>`;
}

function summaryView(summary: Summary): TemplateResult {
  const { who, about, offers } = summary;
  const reasons = [...(summary.reasons ?? [])].map(plain).join(", ");
  return section("In short", html`
    <dl class="facts">
      ${row("Wants", summary.wants ? plain(summary.wants) : null)}
      ${row("About", about?.title)}
      ${row("Reason", reasons || (summary.reason ? plain(summary.reason) : null))}
      ${row("Account", who?.account)}
    </dl>
    ${(summary.words ?? []).map((words) => html`<blockquote class="words" dir="auto">${words}</blockquote>`)}
    ${offers && offers.offered.length > 0 ? html`<p class="about__line">Offered: ${offers.offered.map(({ kind, title, answer }) =>
      `${title ?? plain(kind)} (${plain(answer)})`).join(", ")}.</p>` : nothing}
    ${offers?.because ? html`<p class="about__line">${offers.because}</p>` : nothing}`);
}

function offersView(offers: Offers, page: DeskPage): TemplateResult {
  const { authority } = offers;
  const limit = authority.limit_minor === null ? "no limit" : `up to ${amount(authority.limit_minor, authority.currency)}`;
  const granted = offers.offers.filter((one) => one.granted);
  const others = offers.offers.filter((one) => !one.granted);
  const canOffer = offers.may_offer && page.desk.isMine;
  return section("What you may offer", html`
    <p class="about__line">Your authority as ${authority.level}: ${limit}.</p>
    ${page.desk.isMine ? askingView(offers, page) : nothing}
    ${offers.why_not ? html`<p class="about__line about__line--no">${offers.why_not}</p>` : nothing}
    ${granted.map((one) => possibleView(one, canOffer, page))}
    ${offers.why_not === null && granted.length === 0 ? html`<p class="about__line">No policy grants an offer here.</p>` : nothing}
    ${others.length > 0 ? html`<details><summary>Not entitled (${others.length})</summary>
      <ul class="plain why">${others.map(({ kind, why }) => html`<li><strong>${plain(kind)}</strong> ${why}</li>`)}</ul></details>` : nothing}`);
}

/** What the record does not say and the agent has heard: it decides what may be offered. */
function askingView(offers: Offers, page: DeskPage): TemplateResult {
  const { asking } = page.desk.open!;
  const isKnown = offers.reason != null && asking.reason === null;
  return html`<div class="asking">
    ${isKnown ? nothing : html`<label class="field"><span>Why they want to leave</span>
      <select id="reason" @change=${(event: Event) => page.desk.askOffers({ ...asking, reason: (event.target as HTMLSelectElement).value || null })}>
        <option value="">Not said</option>
        ${REASONS.map((reason) => html`<option value=${reason} ?selected=${reason === asking.reason}>${plain(reason)}</option>`)}
      </select></label>`}
    <label class="pick"><input type="checkbox" id="customer-asked" .checked=${asking.customerAsked}
      @change=${(event: Event) => page.desk.askOffers({ ...asking, customerAsked: (event.target as HTMLInputElement).checked })}>
      They asked what else there is</label>
  </div>`;
}

function possibleView(one: PossibleOffer, canOffer: boolean, page: DeskPage): TemplateResult {
  return html`<div class="possible">
    <p class="possible__title">${one.title ?? plain(one.kind)}</p>
    ${one.price_after_minor === null ? nothing : html`<p class="possible__price">${amount(one.price_minor, one.currency)} → <strong>${amount(one.price_after_minor, one.currency)}</strong>
      ${one.until ? html` until ${day(one.until, LANGUAGE)}` : nothing}</p>`}
    ${one.terms ? html`<p class="possible__terms">${one.terms}</p>` : nothing}
    ${canOffer ? html`<button type="button" class="button" data-offer=${one.policy} @click=${() => page.askOffer(one)}>Offer this</button>` : nothing}
  </div>`;
}

function accountView({ account, account_problem }: Detail): TemplateResult {
  if (account === null) return section("Account", html`<p class="about__line">${account_problem ?? "Who this is is not known."}</p>`);
  const { customer } = account;
  return section(`Account ${account.account}`, html`
    <dl class="facts">
      ${row("Name", customer.name)}${row("E-mail", customer.email)}${row("Lives in", customer.jurisdiction)}
      ${account.credit_minor ? row("Credit", amount(account.credit_minor, account.subscriptions[0]?.currency)) : nothing}
    </dl>
    ${account.subscriptions.map(subscriptionView)}
    ${listOf("Orders", account.orders.map((one) => `${one.id} ${one.item}: ${plain(one.status)}, ${amount(one.price_minor, currencyOf(account))}`))}
    ${listOf("Invoices", account.invoices.map((one) => `${one.due_on}: ${amount(one.amount_minor, currencyOf(account))}, ${plain(one.status)}`))}
    ${listOf("Concessions", account.concessions.map((one) => `${one.granted_at.slice(0, 10)}: ${plain(one.kind)}, ${amount(one.value_minor, currencyOf(account))}`))}`);
}

function currencyOf(account: Account): string | undefined {
  return account.subscriptions[0]?.currency;
}

function subscriptionView(one: Subscription): TemplateResult {
  return html`<div class="possible">
    <p class="possible__title">${one.id} · ${one.plan} · ${plain(one.status)}</p>
    <p class="possible__price">${amount(one.price_minor, one.currency)} per ${one.interval}</p>
    <dl class="facts">
      ${row("Renews", one.renews_on && day(one.renews_on, LANGUAGE))}
      ${row("Trial ends", one.trial_ends_on && day(one.trial_ends_on, LANGUAGE))}
      ${row("Ends", one.cancels_on && day(one.cancels_on, LANGUAGE))}
      ${row("Discount", one.discount && `${one.discount.percent} %`)}
      ${row("Paused until", one.pause && day(one.pause.resumes_on, LANGUAGE))}
      ${row("Changes to", one.pending_change && `${one.pending_change.plan} on ${day(one.pending_change.starts_on, LANGUAGE)}`)}
    </dl></div>`;
}

function listOf(title: string, lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<details><summary>${title} (${lines.length})</summary><ul class="plain why">${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}

function attemptsView(attempts: readonly Attempt[]): TemplateResult | typeof nothing {
  if (attempts.length === 0) return nothing;
  return section("Save attempts", attempts.map((one) => html`<details class="attempt">
    <summary>${one.opened_at.slice(0, 10)} · ${one.reason ? plain(one.reason) : "no reason given"} · ${one.outcome ? plain(one.outcome) : "open"}</summary>
    ${one.comment ? html`<blockquote class="words" dir="auto">${one.comment}</blockquote>` : nothing}
    <ul class="plain why">
      ${one.offers.map(({ kind, policy, answer }) => html`<li><strong>${plain(kind)}</strong> ${answer === "none" ? "offered, not answered" : `offered, ${plain(answer)}`} (${policy})</li>`)}
      ${one.verdicts.filter(({ granted }) => !granted).map(({ policy, why }) => html`<li><strong>${policy}</strong> ${why ?? "Not entitled."}</li>`)}
    </ul></details>`));
}

function receiptsView({ receipts }: Detail): TemplateResult | typeof nothing {
  if (receipts.length === 0) return nothing;
  return section("Carried out", html`<ul class="plain why">${receipts.map(({ kind, at, url }) =>
    html`<li><a href=${url} target="_blank" rel="noopener">${plain(kind)}, ${at.slice(0, 10)}</a></li>`)}</ul>`);
}

function droppedView({ dropped }: Detail): TemplateResult | typeof nothing {
  if (dropped.length === 0) return nothing;
  return section("Not sent by the assistant", html`<p class="about__line">These came after a person had taken over.</p>
    <ul class="plain why">${dropped.map(({ text }) => html`<li dir="auto">${text}</li>`)}</ul>`);
}
