/** What the customer's pane is made of: sections, facts in rows, lists that open. */

import { html, nothing, type TemplateResult } from "lit";

export function section(title: string, content: unknown): TemplateResult {
  return html`<section class="about"><h2 class="about__title">${title}</h2>${content}</section>`;
}

/** A fact under its name; nothing where it is not known. */
export function row(term: string, value: unknown): TemplateResult | typeof nothing {
  return value === null || value === undefined || value === "" ? nothing
    : html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

export function listOf(title: string, lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<details><summary>${title} (${lines.length})</summary><ul class="plain why">${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}
