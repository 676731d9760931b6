/** The launcher and the panel as templates: what is where, nothing about when. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation } from "../chat/conversation.ts";
import { CANCEL, LONGEST_TEXT, lengthOf, PERSON } from "../chat/message.ts";
import * as icons from "./icons.ts";
import { type Ground, messageView, pendingView, workingView } from "./message_view.ts";
import type { Format } from "./transcript_file.ts";
import type { Key, Words } from "./words.ts";

/** What the panel asks before it does it; also the id of the button that brings the question. */
export type Question = "start-over" | "save";

export interface Panel extends Ground {
  readonly conversation: Conversation;
  readonly company: string | null;
  readonly draft: string;
  readonly asks: Question | null;
  readonly fullScreen: boolean;
  readonly behind: boolean;
  open(): void;
  close(): void;
  write(text: string): void;
  send(): void;
  key(event: KeyboardEvent): void;
  ask(question: Question | null): void;
  startOver(): void;
  save(format: Format): void;
  scrolled(): void;
  toEnd(): void;
}

/** From how many characters on the length left is shown. */
const NEAR_LIMIT = LONGEST_TEXT - 200;

const announcer = html`<div class="unseen"><slot name="announcer"></slot></div>`;

export function launcherView(panel: Panel): TemplateResult {
  const { words, conversation: { unread } } = panel;
  const label = unread > 0 ? words.count("launcher.unread", unread) : words.say("launcher.open");
  return html`<button class="launcher" dir=${words.direction} lang=${words.language} part="launcher" aria-label=${label}
      aria-expanded="false" @click=${() => panel.open()}>
      ${icons.speech}<span class="launcher__label" aria-hidden="true">${words.say("launcher.label")}</span>
      ${unread > 0 ? html`<span class="launcher__unread" aria-hidden="true">${unread > 99 ? "99+" : unread}</span>` : nothing}
    </button>${announcer}`;
}

export function panelView(panel: Panel): TemplateResult {
  const { words } = panel;
  return html`<section class="panel" part="panel" tabindex="-1" dir=${words.direction} lang=${words.language}
      role=${panel.fullScreen ? "dialog" : "region"} aria-modal=${panel.fullScreen ? "true" : nothing}
      aria-labelledby="title" @keydown=${(event: KeyboardEvent) => panel.key(event)}>
      ${headerView(panel)} ${controlsView(panel)} ${noticesView(panel)} ${logView(panel)} ${footView(panel)}
    </section>${announcer}`;
}

/** What the widget is called, on the page and in a saved conversation. */
export function titleOf(company: string | null, words: Words): string {
  return company ? words.say("title", { company }) : words.say("title.plain");
}

function headerView(panel: Panel): TemplateResult {
  const { words, conversation, company } = panel;
  const button = (id: string, label: string, icon: TemplateResult, act: () => void) =>
    html`<button id=${id} class="header__button" aria-label=${label} title=${label} @click=${act}>${icon}</button>`;
  return html`<div class="header">
    <div class="header__words">
      <h2 id="title" class="header__title">${titleOf(company, words)}</h2>
      <p class="header__holder" data-holder=${conversation.holder}><i aria-hidden="true"></i>${holderLine(panel)}</p>
    </div>
    ${button("save", words.say("header.save"), icons.keep, () => panel.ask("save"))}
    ${button("start-over", words.say("header.start_over"), icons.again, () => panel.ask("start-over"))}
    ${button("close", words.say("header.close"), icons.down, () => panel.close())}
  </div>`;
}

function holderLine({ words, conversation }: Panel): string {
  const name = conversation.agentName;
  if (name !== null) return words.say("holder.agent.named", { name });
  return words.say(`holder.${conversation.holder}`);
}

/** A person and the way out: there at every moment, whoever holds the conversation. */
function controlsView(panel: Panel): TemplateResult {
  const control = (id: string, key: Key, icon: TemplateResult) => {
    const title = panel.words.say(key);
    return html`<button id=${id} class="control" @click=${(click: MouseEvent) => panel.press({ id, title }, click)}>${icon}<span>${title}</span></button>`;
  };
  return html`<div class="controls" role="group" aria-label=${panel.words.say("control.group")}>
    ${control(PERSON, "control.person", icons.person)} ${control(CANCEL, "control.cancel", icons.leave)}
  </div>`;
}

function noticesView(panel: Panel): TemplateResult {
  const { words, conversation } = panel;
  return html`${conversation.reconnecting
      ? html`<div class="notice notice--warn"><span dir="auto">${words.say("link.lost")}</span>
          <button class="link" @click=${() => panel.retry()}>${words.say("link.retry")}</button></div>`
      : nothing}
    ${conversation.identityRefused ? html`<div class="notice" dir="auto">${words.say("identity.refused")}</div>` : nothing}
    ${panel.asks === null ? nothing : questionView(panel.asks, panel)}`;
}

/** Asks about the whole conversation; the harmless answer has the focus. */
function questionView(question: Question, panel: Panel): TemplateResult {
  const { words } = panel;
  const answer = (key: Key, act: () => void, id: string | typeof nothing = nothing) =>
    html`<button class="reply" id=${id} @click=${act}>${words.say(key)}</button>`;
  const no = `${question}-no`;
  const [label, asked, answers] = question === "save"
    ? [words.say("header.save"), words.say("save.question"), [
        answer("save.page", () => panel.save("html"), "save-page"), answer("save.text", () => panel.save("txt"), "save-text"),
        answer("save.no", () => panel.ask(null), no)]]
    : [words.say("header.start_over"), words.say("start_over.question"), [
        answer("start_over.yes", () => panel.startOver()), answer("start_over.no", () => panel.ask(null), no)]];
  return html`<div class="notice notice--ask" role="group" aria-label=${label}>
    <span class="notice__asked" dir="auto">${asked}</span><span class="notice__answers">${answers}</span></div>`;
}

function logView(panel: Panel): TemplateResult {
  const { words, conversation } = panel;
  const open = conversation.openButtons;
  // New messages are read out by the announcer: a second live region would say them twice.
  return html`<div class="log" role="log" aria-live="off" aria-label=${words.say("log.label")} tabindex="0"
      aria-busy=${conversation.working} @scroll=${() => panel.scrolled()}>
      ${repeat(conversation.messages, (message) => message.seq, (message) =>
        messageView(message, open?.seq === message.seq ? open.buttons : [], panel))}
      ${repeat(conversation.pending, (item) => item.client_message_id, (item) => pendingView(item, panel))}
      ${conversation.phase === "opening" && conversation.messages.length === 0
        ? workingView(words.say("link.opening")) : nothing}
      ${conversation.working || conversation.typing !== null ? workingView(workingLabel(panel)) : nothing}
    </div>
    ${panel.behind ? html`<button class="more" @click=${() => panel.toEnd()}><span>${words.say("log.more")}</span>${icons.down}</button>` : nothing}`;
}

function workingLabel({ words, conversation }: Panel): string {
  const { typing, holder, agentName } = conversation;
  if (typing === null && holder !== "agent") return words.say("working.assistant");
  return words.say("working.agent", { name: typing?.name ?? agentName ?? words.say("sender.agent") });
}

function footView(panel: Panel): TemplateResult {
  const { words, conversation } = panel;
  if (conversation.holder !== "closed") return composerView(panel);
  // Whoever writes here goes on with this one; the other way is a clean start.
  return html`<div class="ended">
    <button class="reply" @click=${() => panel.startOver()}>${words.say("closed.start")}</button></div>
    ${composerView(panel)}`;
}

function composerView(panel: Panel): TemplateResult {
  const { words, draft } = panel;
  const length = lengthOf(draft);
  const left = LONGEST_TEXT - length;
  const submit = (event: Event) => { event.preventDefault(); panel.send(); };
  return html`<form class="composer" @submit=${submit}>
    <label class="unseen" for="text">${words.say("composer.label")}</label>
    <textarea id="text" rows="1" dir="auto" enterkeyhint="send" placeholder=${words.say("composer.placeholder")}
      aria-describedby=${length >= NEAR_LIMIT ? "left" : nothing} aria-invalid=${left < 0 ? "true" : nothing}
      .value=${draft} @input=${(event: Event) => panel.write((event.target as HTMLTextAreaElement).value)}></textarea>
    <button class="composer__send" type="submit" aria-label=${words.say("composer.send")}
      aria-disabled=${draft.trim() === "" || left < 0}>${icons.send}</button>
    ${length >= NEAR_LIMIT
      ? html`<p id="left" class="composer__left ${left < 0 ? "composer__left--over" : ""}">
          ${left < 0 ? words.count("composer.over", -left) : words.count("composer.left", left)}</p>`
      : nothing}
  </form>`;
}
