/** The list at the left: one's own conversations, who waits, colleagues', tickets; and what was searched. */

import { html, nothing, type TemplateResult } from "lit";
import type { DeskPage } from "./page.ts";
import { day } from "../widget/figures.ts";
import { amount, due, LANGUAGE, nameOf, plain, span, whyPerson } from "./figures.ts";
import type { Case, Found } from "./shapes.ts";
import { listsOf } from "./state.ts";

export function listView(page: DeskPage): TemplateResult {
  const { desk } = page;
  if (desk.found !== null) return foundView(desk.found, page);
  if (desk.state === null) return html`<p class="empty" role="status">Fetching the conversations…</p>`;
  const { mine, waiting, others, tickets } = listsOf(desk.state);
  return html`
    ${part("Yours", mine, "You have taken no conversation.", page)}
    ${part("Waiting", waiting, "Nobody is waiting.", page)}
    ${others.length > 0 ? part("With colleagues", others, "", page) : nothing}
    ${tickets.length > 0 ? part("Tickets", tickets, "", page) : nothing}`;
}

function part(title: string, cases: readonly Case[], empty: string, page: DeskPage): TemplateResult {
  const id = `list-${title.replaceAll(" ", "-").toLowerCase()}`;
  return html`<section class="list" aria-labelledby=${id}>
    <h2 class="list__title" id=${id}>${title} <span class="count">${cases.length}</span></h2>
    ${cases.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<ul class="plain">${cases.map((one) => html`<li>${rowView(one, page)}</li>`)}</ul>`}
  </section>`;
}

function rowView(one: Case, page: DeskPage): TemplateResult {
  const isOpen = page.desk.open?.conversation === one.conversation;
  return html`<button type="button" class="row" data-conversation=${one.conversation}
      aria-current=${isOpen ? "true" : nothing} @click=${() => page.choose(one.conversation)}>
    <span class="row__top">
      <strong class="row__name">${nameOf(one)}</strong>
      ${one.unread > 0 ? html`<span class="badge">${one.unread}<span class="unseen"> unread</span></span>` : nothing}
      <span class="row__time">${timeOf(one, page)}</span>
    </span>
    <span class="row__why">${whyOf(one)}</span>
    ${one.last_message ? html`<span class="row__last">${one.last_message.from === "customer" ? "" : "→ "}${one.last_message.text}</span>` : nothing}
    <span class="row__tags">
      ${one.came_back ? html`<span class="tag tag--warn">came back</span>` : nothing}
      ${one.skill !== "general" ? html`<span class="tag">${one.skill}</span>` : nothing}
      ${one.team ? html`<span class="tag">for ${one.team}</span>` : nothing}
      ${one.value_minor === null ? nothing : html`<span class="tag">worth ${amount(one.value_minor, one.currency)}</span>`}
      ${one.customer_left ? html`<span class="tag">left the chat</span>` : nothing}
      ${dueView(one, page.now)}${callView(one, page.now)}
      ${one.viewers.map(({ name, replying }) => html`<span class="tag tag--who">${name} ${replying ? "is replying" : "is looking"}</span>`)}
    </span>
  </button>`;
}

function timeOf(one: Case, { now, desk }: DeskPage): string {
  if (one.holder === "agent" && one.agent) {
    const who = one.agent.id === desk.state?.me.id ? "with you" : one.agent.name;
    return one.held_since ? `${who} ${span(one.held_since, now)}` : who;
  }
  return `${one.holder === "ticket" ? "left" : "waits"} ${span(one.waiting_since, now)}`;
}

/** Why a person is needed, and what the customer's own reason is. */
function whyOf(one: Case): string {
  const reason = one.cancellation_reason ? ` · ${plain(one.cancellation_reason)}` : "";
  const wants = one.wants === "cancel" ? "wants to cancel" : one.wants === "person" ? "asked for a person" : plain(one.wants);
  return one.reason === "requested" ? `${wants}${reason}` : `${whyPerson(one.reason)}: ${wants}${reason}`;
}

function dueView(one: Case, now: number): TemplateResult | typeof nothing {
  if (one.due_at === null) return nothing;
  const { isLate, text } = due(one.due_at, now);
  return html`<span class="tag ${isLate ? "tag--late" : ""}">answer ${text}</span>`;
}

function callView({ call_back }: Case, now: number): TemplateResult | typeof nothing {
  if (call_back === null) return nothing;
  return html`<span class="tag ${Date.parse(call_back.from) <= now ? "tag--late" : ""}">call ${call_back.window}</span>`;
}

function foundView(found: readonly Found[], page: DeskPage): TemplateResult {
  return html`<section class="list" aria-labelledby="list-found">
    <h2 class="list__title" id="list-found">Found <span class="count">${found.length}</span></h2>
    <button type="button" class="link" @click=${() => page.endSearch()}>Back to the list</button>
    ${found.length === 0 ? html`<p class="empty">Nothing was found. Try fewer or other words.</p>` : nothing}
    <ul class="plain">${found.map((one) => html`<li>
      <button type="button" class="row" data-conversation=${one.conversation} @click=${() => page.choose(one.conversation)}>
        <span class="row__top"><strong class="row__name">${nameOf(one)}</strong>
          <span class="row__time">${day(one.opened_at, LANGUAGE)}</span></span>
        <span class="row__why">${one.outcome ? plain(one.outcome) : plain(one.holder)}</span>
        ${one.hits.slice(0, 2).map(({ text }) => html`<span class="row__last">${text}</span>`)}
      </button></li>`)}
    </ul>
  </section>`;
}
