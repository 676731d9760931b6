/** How one message looks: who said it, the words, the offer's figures, what can be pressed. */

import { html, nothing, type TemplateResult } from "lit";
import { pieces, safeLink } from "../chat/links.ts";
import { type Button, lengthOf, type Message, type Offer, type Sender } from "../chat/message.ts";
import type { Outgoing } from "../chat/outbox.ts";
import { clock } from "./figures.ts";
import * as icons from "./icons.ts";
import { offerRows } from "./offer_rows.ts";
import type { Words } from "./words.ts";

/** The number of a ticket, an account, an order: T-1A2B3C4D. */
const NUMBER = /\b([A-Z]-[0-9A-Z]{4,})\b/;

export interface Ground {
  readonly words: Words;
  /** The gateway's address, against which a receipt's link is resolved. */
  readonly base: string;
  press(button: Button, click: MouseEvent): void;
  retry(): void;
  discard(clientMessageId: string): void;
}

/** Answers of so few characters, such as the marks from 1 to 5, stand in one row. */
const SHORT = 3;

/** What the assistant and the desk write by themselves is worded in this language. */
const AUTOMATED_LANGUAGE = "en";

/** So that a screen reader pronounces it right; of what people write the language is not known. */
function languageOf(sender: Sender): string {
  return sender === "assistant" || sender === "system" ? AUTOMATED_LANGUAGE : "";
}

/** The name on a bubble. Whatever a machine wrote says so, always. */
export function senderOf(message: Message, words: Words): string {
  if (message.from === "agent" && message.sender_name) return message.sender_name;
  return words.say(`sender.${message.from}`);
}

/** One message, with `buttons` below it if they may still be pressed. */
export function messageView(message: Message, buttons: readonly Button[], ground: Ground): TemplateResult {
  const { words } = ground;
  const language = languageOf(message.from);
  return html`<article class="message message--${message.from}" data-seq=${message.seq}>
    <p class="message__by">
      <span>${senderOf(message, words)}</span>
      <time datetime=${message.at} dir="auto">${clock(message.at, words.language)}</time>
    </p>
    ${message.text ? html`<div class="message__body" dir="auto" lang=${language}>${linked(message.text, ground)}</div>` : nothing}
    ${message.offer ? offerView(message.offer, language, words) : nothing}
    ${message.receipt ? receiptView(message.receipt.url, ground) : nothing}
    ${buttons.length > 0 ? repliesView(buttons, language, ground) : nothing}
  </article>`;
}

/** Something the customer said that the gateway has not confirmed. */
export function pendingView(item: Outgoing, ground: Ground): TemplateResult {
  const { words } = ground;
  return html`<article class="message message--customer message--${item.state}" data-pending=${item.state}>
    <p class="message__by"><span>${words.say("sender.customer")}</span></p>
    <div class="message__body" dir="auto" lang="">${item.shown}</div>
    ${item.state === "sending" ? html`<p class="message__state">${words.say("message.sending")}</p>` : nothing}
    ${item.state === "unsent"
      ? html`<p class="message__state message__state--warn">${words.say("message.unsent")}
          <button class="link" @click=${() => ground.retry()}>${words.say("message.retry")}</button></p>`
      : nothing}
    ${item.state === "refused"
      ? html`<p class="message__state message__state--warn">${refusal(item.code, words)}
          <button class="link" @click=${() => ground.discard(item.client_message_id)}>
            ${words.say("message.discard")}</button></p>`
      : nothing}
  </article>`;
}

/** Three dots, and the words for those who do not see them. */
export function workingView(label: string): TemplateResult {
  return html`<div class="working"><span class="working__dots" aria-hidden="true"><i></i><i></i><i></i></span>
    <span class="working__label">${label}</span></div>`;
}

function offerView(offer: Offer, language: string, words: Words): TemplateResult {
  return html`<section class="offer" aria-label=${words.say("offer.label", { title: offer.title })}>
    <h3 class="offer__title" dir="auto" lang=${language}>${offer.title}</h3>
    <dl class="offer__figures">
      ${offerRows(offer, words).map(({ name, term, value }) =>
        html`<div class="offer__row offer__row--${name}"><dt lang=${name === "choice" ? language : nothing}>${term}</dt><dd dir="auto">${value}</dd></div>`)}
    </dl>
    ${offer.terms ? html`<p class="offer__terms" dir="auto" lang=${language}>${offer.terms}</p>` : nothing}
  </section>`;
}

/** Every answer looks the same and is as large as the next: leaving is as easy as accepting. */
function repliesView(buttons: readonly Button[], language: string, ground: Ground): TemplateResult {
  const isShort = buttons.every((button) => lengthOf(button.title) <= SHORT);
  return html`<div class="replies ${isShort ? "replies--short" : ""}" role="group" aria-label=${ground.words.say("replies.label")}>
    ${buttons.map((button) => html`<button class="reply" lang=${language} data-button=${button.id}
      @click=${(click: MouseEvent) => ground.press(button, click)}><span dir="auto">${button.title}</span></button>`)}
  </div>`;
}

function receiptView(url: string, ground: Ground): TemplateResult | typeof nothing {
  const href = safeLink(url, `${ground.base}/`);
  if (href === null) return nothing;
  return html`<a class="receipt" href=${href} target="_blank" rel="noopener">${icons.receipt}
    <span>${ground.words.say("receipt.open")}<span class="unseen"> (${ground.words.say("new_tab")})</span></span></a>`;
}

function linked(text: string, ground: Ground): unknown {
  return pieces(text).map(({ text: shown, href }) =>
    href === null
      ? numbered(shown)
      : html`<a href=${href} target="_blank" rel="noopener nofollow">${shown}<span class="unseen">
          (${ground.words.say("new_tab")})</span></a>`);
}

/** Text in which a ticket's or an account's number stays in one line, and can be copied as it is. */
function numbered(text: string): unknown {
  return text.split(NUMBER).map((part, at) => (at % 2 === 1 ? html`<span class="whole">${part}</span>` : part));
}

export function refusal(code: string | null, words: Words): string {
  const key = `refused.${code}`;
  return words.say(words.has(key) ? key : "refused");
}
