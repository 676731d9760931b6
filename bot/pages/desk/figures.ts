/** Money, times and the desk's own words, as an agent reads them. */

import { clock, day, money } from "../widget/figures.ts";
import type { CallBack, Case } from "./shapes.ts";

export const LANGUAGE = "en";

/** What is written as `too_expensive` reads "too expensive". */
export function plain(code: string): string {
  return code.replaceAll("_", " ");
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

/** When a call was promised, by this machine's clock. */
export function callTime({ from, until }: CallBack): string {
  return `${day(from, LANGUAGE)}, ${clock(from, LANGUAGE)} to ${clock(until, LANGUAGE)}`;
}

/** Whether an answer is late, and by how much or how long there still is. */
export function due(at: string, now: number): { readonly isLate: boolean; readonly text: string } {
  const left = Date.parse(at) - now;
  if (left < 0) return { isLate: true, text: `late by ${span(at, now)}` };
  return { isLate: false, text: `due in ${span(new Date(now - left).toISOString(), now)}` };
}
