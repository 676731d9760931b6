/** Money, times and the desk's own words, as an agent reads them. */

import receiptWords from "../receipt/words.en.json" with { type: "json" };
import { clock, day, money } from "../widget/figures.ts";
import type { Case } from "./shapes.ts";

export const LANGUAGE = "en";

/** Why a person is needed, where the word alone does not say it. */
const WHY: Readonly<Record<string, string>> = {
  requested: "they asked for a person", distress: "they are in distress", legal: "legal words", fraud: "words of fraud",
  over_authority: "beyond what the assistant may grant", high_value: "a high-value account", backend_failing: "a system of ours fails",
  data_erasure: "they want their data deleted",
};
const RECEIPTS: Readonly<Record<string, string>> = receiptWords.titles;

/** What is written as `too_expensive` reads "too expensive". */
export function plain(code: string): string {
  return code.replaceAll("_", " ");
}

export function whyPerson(code: string): string {
  return WHY[code] ?? plain(code);
}

/** A receipt's kind as the receipt itself is headed. */
export function receiptName(kind: string): string {
  return RECEIPTS[kind] ?? plain(kind);
}

export function amount(minor: number | null | undefined, currency: string | null | undefined): string {
  return minor === null || minor === undefined ? "unknown" : money(minor, currency ?? "USD", LANGUAGE);
}

export function nameOf(one: Pick<Case, "customer_name" | "account">): string {
  return one.customer_name ?? one.account ?? "A visitor";
}

/** How long it was from an instant to `now`, in at most two words: "45 s", "12 min", "3 h 5 min". */
export function span(from: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(from)) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours < 48 ? "1 day" : `${Math.floor(hours / 24)} days`;
}

/** The time of day where it is today's, else with its day; by this machine's clock. */
export function when(iso: string, now: number): string {
  const date = day(iso, LANGUAGE);
  return date === day(new Date(now).toISOString(), LANGUAGE) ? clock(iso, LANGUAGE) : `${date}, ${clock(iso, LANGUAGE)}`;
}

/** Whether an answer is late, and by how much or how long there still is. */
export function due(at: string, now: number): { readonly isLate: boolean; readonly text: string } {
  const left = Date.parse(at) - now;
  if (left < 0) return { isLate: true, text: `late by ${span(at, now)}` };
  return { isLate: false, text: `due in ${span(new Date(now - left).toISOString(), now)}` };
}
