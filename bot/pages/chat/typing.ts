/** Whether a person of the other side is writing: a sign that fades unless it is renewed. */

import { Timers } from "./timers.ts";

/** Somebody who writes says so every few seconds; a sign lost on the way must not stay for good. */
const FADES_MS = 6_000;

export class Typing {
  readonly #changed: () => void;
  readonly #timers = new Timers();
  #who: { readonly name: string | null } | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Who is writing, their name null if they did not say one; null when nobody is. */
  get who(): { readonly name: string | null } | null {
    return this.#who;
  }

  sign(name: string | null): void {
    this.#who = { name };
    this.#timers.set("fade", FADES_MS, () => this.end());
    this.#changed();
  }

  /** They have sent it, or are gone. */
  end(): void {
    this.#timers.clearAll();
    if (this.#who === null) return;
    this.#who = null;
    this.#changed();
  }
}
