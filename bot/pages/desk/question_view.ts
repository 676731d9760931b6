/** The questions that stand before an act: whom to pass to, how it ended, which offer; and all commands. */

import { html, nothing, type TemplateResult } from "lit";
import { COMMANDS, type Command } from "./commands.ts";
import { amount, plain } from "./figures.ts";
import type { DeskPage } from "./page.ts";
import type { Destination, PossibleOffer } from "./shapes.ts";

export type Question = "transfer" | "hand-back" | "close" | "offer" | "commands" | "off";

const OUTCOMES = [
  ["solved", "Solved"], ["saved", "They stay"], ["canceled", "Cancelled"], ["not_solved", "Not solved"], ["no_reply", "No reply"],
] as const;

/** What stands in the dialog; the dialog itself, focus and Escape are the browser's. */
export function questionView(question: Question, page: DeskPage): TemplateResult {
  return {
    "transfer": transferView, "hand-back": handBackView, "close": closeView,
    "offer": offerView, "commands": commandsView, "off": offView,
  }[question](page);
}

function formView(title: string, label: string, page: DeskPage, content: unknown, done: (data: FormData) => unknown): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    page.ask(null);
    void done(new FormData(event.target as HTMLFormElement));
  };
  return html`<form class="question" @submit=${submit}>
    <h2 class="question__title">${title}</h2>
    ${content}
    <div class="question__end">
      <button type="button" class="button" @click=${() => page.ask(null)}>Not now</button>
      <button type="submit" class="button button--main">${label}</button>
    </div>
  </form>`;
}

function noteField(): TemplateResult {
  return html`<label class="field"><span>Note for colleagues, if you like</span><textarea name="note" rows="3" maxlength="2000"></textarea></label>`;
}

function transferView(page: DeskPage): TemplateResult {
  const { state } = page.desk;
  const agents = (state?.agents ?? []).filter(({ id, status }) => id !== state?.me.id && status === "here");
  const teams = [...new Set([...(state?.agents ?? []).map(({ team }) => team)])].filter(Boolean).sort();
  const choices: readonly (readonly [string, string])[] = [
    ...agents.map(({ id, name, holding, capacity }) => [`agent:${id}`, `${name} (${holding} of ${capacity})`] as const),
    ...teams.map((team) => [`team:${team}`, `Team ${team}`] as const),
    ["queue:", "Back to the queue"],
  ];
  return formView("Pass this conversation on", "Pass on", page, html`
    <label class="field"><span>To</span><select name="to">${choices.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select></label>
    ${noteField()}`,
    (data) => page.desk.transfer(destinationOf(String(data.get("to"))), String(data.get("note") ?? "").trim()));
}

function destinationOf(value: string): Destination {
  const [kind, name = ""] = value.split(/:(.*)/s);
  return kind === "agent" ? { agent: name } : kind === "team" ? { team: name } : { queue: true };
}

function handBackView(page: DeskPage): TemplateResult {
  return formView("Hand back to the assistant?", "Hand back", page, html`
    <p>The assistant goes on with what is known. The customer is told, and can ask for a person again.</p>${noteField()}`,
    (data) => page.desk.handBack(String(data.get("note") ?? "").trim()));
}

function closeView(page: DeskPage): TemplateResult {
  return formView("How did it end?", "Close", page, html`
    <fieldset class="field"><legend class="unseen">Outcome</legend>
      ${OUTCOMES.map(([value, label], index) => html`<label class="pick"><input type="radio" name="outcome" value=${value} ?checked=${index === 0}> ${label}</label>`)}
    </fieldset>
    <label class="pick"><input type="checkbox" name="survey" checked> Ask the customer one question about it</label>`,
    (data) => page.desk.close(String(data.get("outcome")), data.has("survey")));
}

function offerView(page: DeskPage): TemplateResult {
  const one: PossibleOffer | null = page.offering;
  if (one === null) return html``;
  return formView("Offer this?", "Offer it", page, html`
    <p><strong>${one.title ?? plain(one.kind)}</strong></p>
    ${one.price_after_minor === null ? nothing : html`<p>${amount(one.price_minor, one.currency)} → ${amount(one.price_after_minor, one.currency)}</p>`}
    ${one.terms ? html`<p>${one.terms}</p>` : nothing}`,
    () => page.desk.offer(one.policy));
}

function offView(page: DeskPage): TemplateResult {
  const holding = page.desk.state?.me.holding ?? 0;
  return formView("Stop for today?", "Stop", page, html`
    <p>${holding === 1 ? "The conversation you hold goes" : `The ${holding} conversations you hold go`} back to the queue, in front, and the customer is told.</p>`,
    () => page.desk.setStatus("off"));
}

function commandsView(page: DeskPage): TemplateResult {
  const words = page.commandWords.toLowerCase();
  const fitting = COMMANDS.filter(({ label }) => label.toLowerCase().includes(words));
  const run = (command: Command): void => { page.ask(null); command.run(page); };
  return html`<form class="question" @submit=${(event: Event) => { event.preventDefault(); if (fitting[0]) run(fitting[0]); }}>
    <h2 class="question__title" id="commands-title">Commands</h2>
    <label class="field"><span>Which one?</span><input name="words" autocomplete="off" .value=${page.commandWords}
      @input=${(event: Event) => page.lookForCommand((event.target as HTMLInputElement).value)}></label>
    <ul class="plain commands">${fitting.map((command) => html`<li><button type="button" class="command" @click=${() => run(command)}>
      <span>${command.label}</span><kbd>${command.key}</kbd></button></li>`)}</ul>
    <label class="pick"><input type="checkbox" .checked=${page.hasKeys} @change=${(event: Event) => page.setKeys((event.target as HTMLInputElement).checked)}>
      Single keys work while nothing is being written</label>
    <div class="question__end"><button type="button" class="button" @click=${() => page.ask(null)}>Close</button></div>
  </form>`;
}
