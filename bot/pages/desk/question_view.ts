/** The questions that stand before an act: whom to pass to, how it ended, which offer; and all commands. */

import { html, nothing, type TemplateResult } from "lit";
import { COMMANDS } from "./commands.ts";
import type { DeskPage } from "./page.ts";
import type { Canned, Destination } from "./shapes.ts";

export type Question = "transfer" | "hand-back" | "close" | "canned" | "commands" | "off";

const OUTCOMES = [
  ["solved", "Solved"], ["saved", "They stay"], ["canceled", "Cancelled"], ["not_solved", "Not solved"], ["no_reply", "No reply"],
] as const;

/** What stands in the dialog; the dialog itself, focus and Escape are the browser's. */
export function questionView(question: Question, page: DeskPage): TemplateResult {
  return {
    "transfer": transferView, "hand-back": handBackView, "close": closeView,
    "canned": cannedView, "commands": commandsView, "off": offView,
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
  const agents = (state?.agents ?? []).filter(({ id, status, capacity }) => id !== state?.me.id && status === "here" && capacity > 0);
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

function offView(page: DeskPage): TemplateResult {
  const holding = page.desk.state?.me.holding ?? 0;
  return formView("Stop for today?", "Stop", page, html`
    <p>${holding === 1 ? "The conversation you hold goes" : `The ${holding} conversations you hold go`} back to the queue, in front, and the customer is told.</p>`,
    () => page.desk.setStatus("off"));
}

interface Choice {
  readonly key: string | null;
  readonly label: string;
  readonly more?: string;
  choose(): void;
}

/** A list that shrinks while one types; Enter takes the first of it. */
function pickView(title: string, choices: readonly Choice[], page: DeskPage, below: unknown = nothing): TemplateResult {
  const pick = ({ choose }: Choice): void => { page.ask(null); choose(); };
  return html`<form class="question" @submit=${(event: Event) => { event.preventDefault(); if (choices[0]) pick(choices[0]); }}>
    <h2 class="question__title">${title}</h2>
    <label class="field"><span>Which one?</span><input name="words" autocomplete="off" .value=${page.pickWords}
      @input=${(event: Event) => page.lookFor((event.target as HTMLInputElement).value)}></label>
    ${choices.length === 0 ? html`<p role="status">None fits. Try other words.</p>` : nothing}
    <ul class="plain commands">${choices.map((one) => html`<li><button type="button" class="command" @click=${() => pick(one)}>
      <span>${one.label}${one.more ? html`<span class="command__more">${one.more}</span>` : nothing}</span>
      ${one.key ? html`<kbd>${one.key}</kbd>` : nothing}</button></li>`)}</ul>
    ${below}
    <div class="question__end"><button type="button" class="button" @click=${() => page.ask(null)}>Close</button></div>
  </form>`;
}

/** By its key, by its title, by what it says: who types the whole key has it on top. */
function cannedView(page: DeskPage): TemplateResult {
  const words = page.pickWords.toLowerCase();
  const fits = ({ keys, title, text }: Canned): boolean => [keys ?? "", title, text].some((part) => part.toLowerCase().includes(words));
  const rank = ({ keys }: Canned): number => (words && keys === words ? 0 : words && keys?.startsWith(words) ? 1 : 2);
  const fitting = (page.desk.open?.canned ?? []).filter(fits).sort((a, b) => rank(a) - rank(b));
  return pickView("Ready answers", fitting.map((one) => ({
    key: one.keys, label: one.title, more: one.text, choose: () => page.useCanned(one),
  })), page);
}

function commandsView(page: DeskPage): TemplateResult {
  const words = page.pickWords.toLowerCase();
  const fitting = COMMANDS.filter(({ label }) => label.toLowerCase().includes(words));
  return pickView("Commands", fitting.map((one) => ({ key: one.key, label: one.label, choose: () => one.run(page) })), page, html`<label class="pick"><input type="checkbox" .checked=${page.hasKeys} @change=${(event: Event) => page.setKeys((event.target as HTMLInputElement).checked)}>
      Single keys work while nothing is being written</label>`);
}
