/** Keeps the panel open in this tab while the page is left and comes again. */

import { Kept, type KeyValues } from "../chat/memory.ts";

export class StaysOpen {
  readonly #kept: Kept<string>;
  /** The conversation that was on screen when the page was left; null once that is settled. */
  #before: string | null;

  /** `values` are this tab's alone: another tab of the same browser has a panel of its own. */
  constructor(values: KeyValues, base: string) {
    this.#kept = new Kept(values, `save-desk:${base}:open`);
    this.#before = this.#kept.read();
  }

  /** Whether the panel is to open by itself: once, and for the conversation that was in it only. */
  mayOpen(conversation: string | null): boolean {
    if (this.#before === null || this.#before !== conversation) return false;
    this.#before = null;
    return true;
  }

  opened(conversation: string | null): void {
    this.#before = null;
    if (conversation !== null && this.#kept.read() !== conversation) this.#kept.write(conversation);
  }

  closed(): void {
    this.#before = null;
    this.#kept.forget();
  }
}
