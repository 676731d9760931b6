/** The conversation in the middle: what was said, private notes in between, and what one writes. */

import { html, nothing, type TemplateResult } from "lit";
import { pieces } from "../chat/links.ts";
import { LONGEST_TEXT, lengthOf, type Message } from "../chat/message.ts";
import type { Outgoing } from "../chat/outbox.ts";
import { amount, nameOf, when } from "./figures.ts";
import type { Desk } from "./desk.ts";
import type { OpenCase } from "./open_case.ts";
import type { DeskPage } from "./page.ts";
import type { Case, Note } from "./shapes.ts";

const NAMES = { customer: "Customer", assistant: "Assistant", agent: "Agent", system: "Desk" } as const;

export function talkView(page: DeskPage): TemplateResult {
  const { desk } = page;
  const { open, openCase } = desk;
  if (open === null) return html`<p class="empty empty--middle">Choose a conversation, or take the next one.</p>`;
  if (open.problem !== null) return html`<p class="problem" role="alert">${open.problem}</p>`;
  if (open.detail === null || openCase === null) return html`<p class="empty empty--middle" role="status">Fetching the conversation…</p>`;
  return html`
    <header class="talk__head">
      <h2 class="talk__title" tabindex="-1">${nameOf(openCase)}</h2>
      <p class="talk__state">${stateOf(openCase, desk)}</p>
      <div class="talk__acts">${actsView(openCase, page)}</div>
    </header>
    ${watchersView(openCase)}
    <div class="log" tabindex="0" role="log" aria-label="Conversation with ${nameOf(openCase)}">
      ${entries(open).map((entry) => "number" in entry ? noteView(entry, page.now) : messageView(entry, page.now))}
      ${open.pending.map((item) => pendingView(item, open))}
      ${open.detail.survey ? html`<p class="said said--system"><span class="said__text">The customer rated this ${open.detail.survey.rating} of 5.</span></p>` : nothing}
    </div>
    ${composerView(page, open)}`;
}

function stateOf(one: Case, desk: Desk): string {
  if (desk.isMine) return "You are talking to this customer.";
  if (one.holder === "agent") return `${one.agent?.name ?? "A colleague"} is talking to this customer.`;
  return {
    queue: "Waits for a person.", ticket: "Nobody was there: left as a ticket.",
    assistant: "The assistant is talking to this customer.", closed: "Closed.",
  }[one.holder];
}

function actsView(one: Case, page: DeskPage): TemplateResult {
  const act = (name: string, label: string, click: () => unknown, kind = "") =>
    html`<button type="button" class="button ${kind}" data-act=${name} @click=${click}>${label}</button>`;
  if (page.desk.isMine) {
    return html`${act("transfer", "Pass on", () => page.ask("transfer"))}
      ${act("hand-back", "Hand back", () => page.ask("hand-back"))}
      ${act("close", "Close", () => page.ask("close"))}`;
  }
  if (page.desk.canPassOn) return act("transfer", "Pass on", () => page.ask("transfer"));
  const canTake = page.desk.canTake && (one.holder === "queue" || one.holder === "ticket");
  return canTake ? act("claim", "Take", () => page.desk.claim(one.conversation), "button--main") : html``;
}

function watchersView(one: Case): TemplateResult | typeof nothing {
  if (one.viewers.length === 0) return nothing;
  const said = one.viewers.map(({ name, replying }) => `${name} ${replying ? "is writing a reply" : "is looking at this too"}.`);
  return html`<p class="watchers" role="status">${said.join(" ")}</p>`;
}

/** Messages in their order, each note where it was written. */
function entries(open: OpenCase): readonly (Message | Note)[] {
  const { messages } = open.transcript;
  const all: (Message | Note)[] = [...messages];
  for (const note of open.notes) {
    const after = all.findIndex((entry) => entry.at > note.at);
    if (after === -1) all.push(note);
    else all.splice(after, 0, note);
  }
  return all;
}

function messageView(message: Message, now: number): TemplateResult {
  const by = message.from === "agent" && message.sender_name ? message.sender_name : NAMES[message.from];
  return html`<article class="said said--${message.from}" data-seq=${message.seq}>
    <p class="said__by"><span>${by}</span> <time datetime=${message.at}>${when(message.at, now)}</time></p>
    ${message.text ? html`<div class="said__text" dir="auto">${linked(message.text)}</div>` : nothing}
    ${message.offer ? html`<div class="said__offer"><strong>${message.offer.title}</strong>
      ${message.offer.price_after_minor === null ? nothing : html`<span>${amount(message.offer.price_minor, message.offer.currency)} → ${amount(message.offer.price_after_minor, message.offer.currency)}</span>`}
      ${message.offer.terms ? html`<span>${message.offer.terms}</span>` : nothing}</div>` : nothing}
    ${message.receipt ? html`<a class="said__receipt" href=${message.receipt.url} target="_blank" rel="noopener">Receipt</a>` : nothing}
    ${message.buttons.length > 0 ? html`<p class="said__buttons">Shown: ${message.buttons.map(({ title }) => `[${title}]`).join(" ")}</p>` : nothing}
  </article>`;
}

function linked(text: string): readonly unknown[] {
  return pieces(text).map(({ text: words, href }) =>
    href === null ? words : html`<a href=${href} target="_blank" rel="noopener noreferrer nofollow">${words}</a>`);
}

function noteView(note: Note, now: number): TemplateResult {
  return html`<article class="said said--note" data-note=${note.number}>
    <p class="said__by"><span>${note.author.name}</span> private note <time datetime=${note.at}>${when(note.at, now)}</time></p>
    <div class="said__text" dir="auto">${note.text}</div>
  </article>`;
}

function pendingView(item: Outgoing, open: OpenCase): TemplateResult {
  const isRefused = item.state === "refused";
  return html`<article class="said said--agent said--pending">
    <div class="said__text" dir="auto">${item.shown}</div>
    <p class="said__state ${isRefused ? "said__state--warn" : ""}">
      ${isRefused ? "Not sent." : item.state === "unsent" ? "Not sent yet; trying again." : "Sending…"}
      ${isRefused ? html`<button type="button" class="link" @click=${() => open.rewrite(item)}>Rewrite it</button>` : nothing}
      ${item.state === "unsent" ? html`<button type="button" class="link" @click=${() => open.retry()}>Try now</button>` : nothing}
    </p>
  </article>`;
}

function composerView(page: DeskPage, open: OpenCase): TemplateResult {
  const { desk } = page;
  const isNote = open.writing === "note" || !desk.isMine;
  const left = LONGEST_TEXT - lengthOf(open.draft);
  return html`<form class="composer ${isNote ? "composer--note" : ""}" @submit=${(event: Event) => { event.preventDefault(); void page.send(); }}>
    ${isNote ? nothing : heldBackView(open)}
    <div class="composer__kind" role="group" aria-label="What you write">
      <button type="button" class="chip" aria-pressed=${String(!isNote)} ?disabled=${!desk.isMine} @click=${() => page.writing("reply")}>Reply</button>
      <button type="button" class="chip" aria-pressed=${String(isNote)} @click=${() => page.writing("note")}>Private note</button>
      ${isNote || open.canned.length === 0 ? nothing : html`<button type="button" class="chip composer__canned"
        data-act="canned" aria-haspopup="dialog" @click=${() => page.ask("canned")}>Ready answers</button>`}
    </div>
    <label class="unseen" for="words">${isNote ? "Private note" : "Reply to the customer"}</label>
    <textarea id="words" rows="3" .value=${open.draft} placeholder=${isNote ? "Only colleagues see this." : "Write to the customer. Enter sends, Shift+Enter makes a new line."}
      @input=${(event: Event) => page.write((event.target as HTMLTextAreaElement).value)}
      @keydown=${(event: KeyboardEvent) => page.keyInText(event)}></textarea>
    <div class="composer__end">
      <span class="composer__left" role="status">${left < 200 ? `${left} characters left` : ""}</span>
      <button type="submit" class="button button--main" ?disabled=${left < 0}>${isNote ? "Keep note" : "Send"}</button>
    </div>
  </form>`;
}

function heldBackView(open: OpenCase): TemplateResult | typeof nothing {
  if (open.heldBack.length === 0) return nothing;
  return html`<div class="problem" role="alert">
    <p><strong>This was not sent.</strong></p>
    <ul>${open.heldBack.map(({ passage, advice }) => html`<li>${passage ? html`<q>${passage}</q>: ` : nothing}${advice}</li>`)}</ul>
  </div>`;
}
