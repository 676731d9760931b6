/** What one must know at the right: summary, what may be offered, account, earlier attempts. */

import { html, nothing, type TemplateResult } from "lit";
import { day } from "../widget/figures.ts";
import { accountView, named } from "./account_view.ts";
import { amount, LANGUAGE, plain, receiptName, whyPerson } from "./figures.ts";
import type { DeskPage } from "./page.ts";
import { row, section } from "./parts_view.ts";
import type { Attempt, Authority, CallBack, Detail, Offers, PossibleOffer, Summary } from "./shapes.ts";

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
    ${detail.summary ? summaryView(detail.summary, page.desk.openCase?.call_back ?? null) : nothing}
    ${offers ? offersView(offers, page) : nothing}
    ${accountView(detail)}
    ${attemptsView(detail.attempts)}
    ${receiptsView(detail)}
    ${droppedView(detail)}`;
}

/** How a customer showed who they are. */
const SHOWN_BY: Readonly<Record<string, string>> = { website: "the website", email_code: "a code by e-mail" };

function summaryView(summary: Summary, call: CallBack | null): TemplateResult {
  const { who, about, offers } = summary;
  const reasons = summary.reasons.length > 0 ? summary.reasons : [summary.reason ?? ""];
  return section("In short", html`
    <dl class="facts">
      ${row("Why you", whyPerson(summary.escalation))}
      ${row("Wants", plain(summary.wants))}
      ${row("Call", call && html`<a href="tel:${call.phone}">${call.phone}</a>, ${call.window}`)}
      ${row("About", about.title)}
      ${row("Reason", reasons.map(plain).join(", "))}
      ${row("Who", who.account ?? who.name ?? who.email ?? "a visitor")}
      ${row("Shown by", who.identified_by === null ? "nothing yet" : SHOWN_BY[who.identified_by] ?? plain(who.identified_by))}
      ${row("Done", summary.done.map(plain).join("; "))}
      ${row("Still open", summary.still_open.map(plain).join("; "))}
    </dl>
    ${summary.words.map((words) => html`<blockquote class="words" dir="auto">${words}</blockquote>`)}
    ${offers.offered.length > 0 ? html`<p class="about__line">Offered: ${offers.offered.map(({ title, answer }) =>
      `${title} (${answer === "none" ? "not answered" : answer})`).join(", ")}.</p>` : nothing}
    ${offers.because ? html`<p class="about__line">${offers.because}</p>` : nothing}`);
}

function offersView(offers: Offers, page: DeskPage): TemplateResult {
  const granted = offers.offers.filter((one) => one.granted);
  const others = offers.offers.filter((one) => !one.granted);
  const canOffer = offers.may_offer && page.desk.isMine;
  return section("What you may offer", html`
    <p class="about__line">${authorityOf(offers.authority)}</p>
    ${page.desk.isMine ? askingView(offers, page) : nothing}
    ${offers.why_not ? html`<p class="about__line about__line--no">${offers.why_not}</p>` : nothing}
    ${granted.map((one) => possibleView(one, canOffer, page))}
    ${offers.why_not === null && granted.length === 0 ? html`<p class="about__line">No policy grants an offer here.</p>` : nothing}
    ${others.length > 0 ? html`<details><summary>Not entitled (${others.length})</summary>
      <ul class="plain why">${others.map((one) => html`<li><strong>${one.name}</strong> ${one.why} ${citedView(one.policy)}
        ${one.others.length > 0 ? html`<br>${one.others.join(" or ")} could grant it.` : nothing}</li>`)}</ul></details>` : nothing}`);
}

/** What one may grant alone, and what is left of it this month. */
function authorityOf({ level, limit_minor, month_minor, left_minor, currency }: Authority): string {
  const once = limit_minor === null ? "no limit for one offer" : `up to ${amount(limit_minor, currency)} for one offer`;
  const left = left_minor === null ? "" : `, ${amount(left_minor, currency)} of ${amount(month_minor, currency)} left this month`;
  return `Your authority as ${level}: ${once}${left}.`;
}

/** What the record does not say and the agent has heard: it decides what may be offered. */
function askingView(offers: Offers, page: DeskPage): TemplateResult {
  const { asking } = page.desk.open!;
  const isKnown = offers.reason != null && asking.reason === null;
  const subjects = (page.desk.open?.detail?.account?.subscriptions ?? []).filter(({ status }) => status !== "canceled");
  const isOpen = subjects.length > 1 && (offers.about === null || asking.about !== null);
  return html`<div class="asking">
    ${isOpen ? html`<label class="field"><span>Which one it is about</span>
      <select id="about" @change=${(event: Event) => page.desk.askOffers({ ...asking, about: (event.target as HTMLSelectElement).value || null })}>
        <option value="">Not said</option>
        ${subjects.map((one) => html`<option value=${one.id} ?selected=${one.id === asking.about}>${named(one)}</option>`)}
      </select></label>` : nothing}
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
    <p class="possible__title">${one.title ?? one.name}</p>
    ${one.price_after_minor === null ? nothing : html`<p class="possible__price">${amount(one.price_minor, one.currency)} → <strong>${amount(one.price_after_minor, one.currency)}</strong>
      ${one.until ? html` until ${day(one.until, LANGUAGE)}` : nothing}</p>`}
    ${one.terms ? html`<p class="possible__terms">${one.terms}</p>` : nothing}
    ${one.text ? html`<details><summary>What the customer reads</summary><p class="possible__terms">${one.text}</p></details>` : nothing}
    ${canOffer ? html`<button type="button" class="button" data-offer=${one.policy} aria-label="Offer this: ${one.title ?? one.name}"
      ?disabled=${page.desk.isOffering} @click=${() => page.desk.offer(one.policy)}>Offer this</button>` : nothing}
  </div>`;
}

function attemptsView(attempts: readonly Attempt[]): TemplateResult | typeof nothing {
  if (attempts.length === 0) return nothing;
  return section("Save attempts", attempts.map((one) => html`<details class="attempt">
    <summary>${day(one.opened_at, LANGUAGE)} · ${one.reason ? plain(one.reason) : "no reason given"} · ${one.outcome ? plain(one.outcome) : "open"}</summary>
    ${one.comment ? html`<blockquote class="words" dir="auto">${one.comment}</blockquote>` : nothing}
    <ul class="plain why">
      ${one.offers.map(({ name, policy, answer }) => html`<li><strong>${name}</strong> ${answer === "none" ? "offered, not answered" : `offered, ${plain(answer)}`} ${citedView(policy)}</li>`)}
      ${one.verdicts.filter(({ granted }) => !granted).map(({ policy, name, why }) => html`<li><strong>${name}</strong> ${why ?? "Not entitled."} ${citedView(policy)}</li>`)}
    </ul></details>`));
}

/** By which rule it was decided, for whoever looks it up: a small thing beside what it is called. */
function citedView(policy: string): TemplateResult {
  return html`<small class="cited">${policy}</small>`;
}

function receiptsView({ receipts }: Detail): TemplateResult | typeof nothing {
  if (receipts.length === 0) return nothing;
  return section("Carried out", html`<ul class="plain why">${receipts.map(({ kind, at, url }) =>
    html`<li><a href=${url} target="_blank" rel="noopener">${receiptName(kind)}, ${day(at, LANGUAGE)}</a></li>`)}</ul>`);
}

function droppedView({ dropped }: Detail): TemplateResult | typeof nothing {
  if (dropped.length === 0) return nothing;
  return section("Not sent by the assistant", html`<p class="about__line">These came after a person had taken over.</p>
    <ul class="plain why">${dropped.map(({ text }) => html`<li dir="auto">${text}</li>`)}</ul>`);
}
