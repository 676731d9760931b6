/** An offer's figures in the order to read them: what it costs now, with it, until when, and later. */

import type { Offer } from "../chat/message.ts";
import { day, money } from "./figures.ts";
import type { Words } from "./words.ts";

export interface Row {
  /** What kind of figure it is, for the stylesheet. */
  readonly name: "now" | "after" | "from" | "until" | "later" | "choice";
  readonly term: string;
  /** Empty if the term says it all. */
  readonly value: string;
}

export function offerRows(offer: Offer, words: Words): readonly Row[] {
  const amount = (minor: number, per?: string | null) => amountOf(minor, offer.currency ?? "USD", per, words);
  const rows: Row[] = [];
  const add = (name: Row["name"], term: string, value: string) => rows.push({ name, term, value });
  const { price_minor: now, price_after_minor: after, price_later_minor: later, choices } = offer;
  const changes = after !== null && after !== now;
  // A trial costs nothing today: its price is the one that comes later.
  if (now !== null && offer.kind !== "extend_trial") {
    const term = choices?.length ? "offer.paid" : changes ? "offer.price" : "offer.unchanged";
    add("now", words.say(term), amount(now, offer.price_per));
  }
  if (changes) {
    add("after", words.say("offer.price_after"), amount(after, offer.price_after_per));
    if (offer.starts_on && offer.kind !== "extend_trial") add("from", words.say("offer.starts"), day(offer.starts_on, words.language));
  }
  if (offer.until) add("until", words.say("offer.until"), day(offer.until, words.language));
  if (typeof later === "number") add("later", words.say("offer.later"), amount(later, offer.price_per));
  for (const { title, value_minor: value } of choices ?? []) add("choice", title, value ? amount(value) : "");
  return rows;
}

function amountOf(minor: number, currency: string, per: string | null | undefined, words: Words): string {
  if (minor === 0) return words.say("offer.none");
  const amount = money(minor, currency, words.language);
  const key = `per.${per}`;
  return words.has(key) ? words.say(key, { amount }) : amount;
}
