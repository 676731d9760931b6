/** Brings the outbox to the gateway: oldest first, one at a time, which is what keeps the order. */

import { backOff } from "./back_off.ts";
import { GatewayError } from "./gateway.ts";
import type { Outbox, Outgoing } from "./outbox.ts";
import { Timers } from "./timers.ts";

export interface PostOffice {
  /** The box to empty; another one when another customer is met. */
  outbox(): Outbox;
  /** Whether there is a conversation to post to now. */
  isOpen(): boolean;
  post(item: Outgoing): Promise<unknown>;
  /** Something in the box has changed. */
  changed(): void;
  /** The token is not accepted any more. */
  refused(): void;
  random(): number;
}

export class Posting {
  readonly #office: PostOffice;
  #timers = new Timers();
  #busy = false;
  #failures = 0;

  constructor(office: PostOffice) {
    this.#office = office;
  }

  /** Post what there is to post, unless a wait is on. */
  async flush(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#office.isOpen() && !this.#timers.has("again")) {
        const item = this.#office.outbox().next;
        if (item === null || !(await this.#post(item))) break;
      }
    } finally {
      this.#busy = false;
    }
  }

  /** End any wait and try now. */
  hurry(): void {
    this.#failures = 0;
    this.#timers.clear("again");
    void this.flush();
  }

  stop(): void {
    this.#timers.clearAll();
  }

  async #post(item: Outgoing): Promise<boolean> {
    try {
      await this.#office.post(item);
      this.#failures = 0;
      this.#office.outbox().remove(item.client_message_id);
      this.#office.changed();
      return true;
    } catch (error) {
      return this.#failed(item.client_message_id, error);
    }
  }

  /** True if the next one may be posted: a refusal is final, anything else is tried again. */
  #failed(id: string, error: unknown): boolean {
    const outbox = this.#office.outbox();
    const known = error instanceof GatewayError ? error : null;
    if (known?.isFinal) {
      outbox.mark(id, "refused", known.code);
    } else {
      outbox.mark(id, "unsent");
      this.#failures += 1;
      if (known?.isAccess) this.#office.refused();
      else this.#timers.set("again", waitAfter(error, this.#failures, this.#office.random()), () => this.flush());
    }
    this.#office.changed();
    return known?.isFinal ?? false;
  }
}

/** Milliseconds until the next try: what the gateway asked for, else the usual growing wait. */
export function waitAfter(error: unknown, failures: number, random: number): number {
  const seconds = error instanceof GatewayError ? error.retryAfter : null;
  return seconds === null ? backOff(failures, random) : seconds * 1000;
}
