/** The conversation as a file to keep: every word, figure and address, made on this device. */

import { safeLink } from "../chat/links.ts";
import type { Message } from "../chat/message.ts";
import type { Outgoing } from "../chat/outbox.ts";
import { instant } from "./figures.ts";
import { senderOf } from "./message_view.ts";
import { offerRows } from "./offer_rows.ts";
import type { Words } from "./words.ts";

export type Format = "html" | "txt";

/** What stands in the file; `at` is when it is made. */
export interface Saved {
  readonly title: string;
  readonly messages: readonly Message[];
  readonly pending: readonly Outgoing[];
  readonly words: Words;
  /** The gateway's address, against which a receipt's link is resolved. */
  readonly base: string;
  readonly at: Date;
}

interface Entry {
  readonly from: string;
  readonly by: string;
  readonly at: string;
  readonly lines: readonly string[];
  readonly receipt: string | null;
}

const STYLE = `
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #25231f; background: #fff; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { margin: 0; font-size: 0.9rem; } time { font-weight: 400; color: #5b564e; }
article { margin-block: 1rem; padding-inline-start: 0.9rem; border-inline-start: 3px solid #bbb; break-inside: avoid; }
article.customer { border-color: #1f4d3a; } p { margin: 0.2rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }`;

export function nameOf({ at }: Saved, format: Format): string {
  return `conversation-${at.toISOString().slice(0, 10)}.${format}`;
}

export function typeOf(format: Format): string {
  return format === "html" ? "text/html;charset=utf-8" : "text/plain;charset=utf-8";
}

export function contentOf(saved: Saved, format: Format): string {
  return format === "html" ? asPage(saved) : asText(saved);
}

function asText(saved: Saved): string {
  const entries = entriesOf(saved).map(({ by, at, lines, receipt }) =>
    [[by, at].filter(Boolean).join(", "), ...lines, ...(receipt === null ? [] : [receiptLine(receipt, saved.words)])].join("\n"));
  // Windows' plain editor shows no other line ends, and everything else takes these too.
  return [saved.title, savedAt(saved), "", entries.join("\n\n"), ""].join("\n").replace(/\r?\n/g, "\r\n");
}

function asPage(saved: Saved): string {
  const { words, title } = saved;
  const entries = entriesOf(saved).map(({ from, by, at, lines, receipt }) => {
    const link = receipt === null
      ? ""
      : `<p>${escaped(words.say("transcript.receipt"))}: <a href="${escaped(receipt)}">${escaped(receipt)}</a></p>`;
    const said = lines.map((line) => `<p dir="auto">${escaped(line)}</p>`).join("\n");
    return `<article class="${from}"><h2>${escaped(by)} <time>${escaped(at)}</time></h2>\n${said}${link}</article>`;
  });
  return `<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>
<p>${escaped(savedAt(saved))}</p>
${entries.join("\n")}
</main></body></html>
`;
}

function entriesOf({ messages, pending, words, base }: Saved): readonly Entry[] {
  const said = messages.map((message): Entry => ({
    from: message.from,
    by: whoSaid(message, words),
    at: instant(message.at, words.language),
    lines: linesOf(message, words),
    receipt: message.receipt ? safeLink(message.receipt.url, `${base}/`) : null,
  }));
  const unsent = pending.map(({ shown }): Entry => ({
    from: "customer", by: `${words.say("sender.customer")} (${words.say("transcript.unsent")})`, at: "", lines: [shown], receipt: null,
  }));
  return [...said, ...unsent];
}

/** Outside the widget nothing but the word itself tells a machine's message from a person's. */
function whoSaid(message: Message, words: Words): string {
  const by = senderOf(message, words);
  return message.from === "assistant" ? `${by} (${words.say("transcript.automated")})` : by;
}

function linesOf({ text, offer, buttons }: Message, words: Words): readonly string[] {
  const lines = text ? [text] : [];
  if (offer) {
    const rows = offerRows(offer, words).map(({ term, value }) => (value ? `${term}: ${value}` : term));
    lines.push([words.say("offer.label", { title: offer.title }), ...rows, offer.terms].filter(Boolean).join("\n"));
  }
  const titles = buttons.map(({ title }) => title).join(" · ");
  return titles ? [...lines, `${words.say("transcript.choices")}: ${titles}`] : lines;
}

function receiptLine(address: string, words: Words): string {
  return `${words.say("transcript.receipt")}: ${address}`;
}

function savedAt({ words, at }: Saved): string {
  return words.say("transcript.at", { at: instant(at.toISOString(), words.language) });
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
