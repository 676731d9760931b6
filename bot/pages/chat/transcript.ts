/** The messages of one conversation: each once, in the order of their numbers. */

import type { Button, Message } from "./message.ts";

export class Transcript {
  #bySeq = new Map<number, Message>();
  #ordered: readonly Message[] = [];
  #cursor = 0;

  /** Every message known, lowest number first. */
  get messages(): readonly Message[] {
    return this.#ordered;
  }

  /** The number to replay after: everything up to it came in order from the server. */
  get cursor(): number {
    return this.#cursor;
  }

  /** The highest number known, in order or not; 0 when empty. */
  get lastSeq(): number {
    return this.#ordered.at(-1)?.seq ?? 0;
  }

  /**
   * Take a message of the live feed or a replay; true if it was not known yet.
   *
   * These arrive in order, so they move the cursor.
   */
  follow(message: Message): boolean {
    this.#cursor = Math.max(this.#cursor, message.seq);
    return this.#add(message);
  }

  /**
   * Take the answer to our own post; true if it was not known yet.
   *
   * It may overtake messages still under way, so it must not move the cursor: a replay after
   * it would skip them for good.
   */
  takeOwn(message: Message): boolean {
    return this.#add(message);
  }

  /** Everything up to `seq` is known, as after a fresh snapshot. */
  caughtUp(seq: number): void {
    this.#cursor = Math.max(this.#cursor, seq);
  }

  /**
   * The quick replies that may still be pressed: those shown since the customer last spoke.
   *
   * `withPerson`: a person has come, which the desk said. What the assistant asked before that, such as whether to wait
   * for one, is not asked any more; what was offered or done stays in the customer's hands.
   */
  openButtons(withPerson = false): { readonly seq: number; readonly buttons: readonly Button[] } | null {
    let isBeforeNotice = false;
    for (let i = this.#ordered.length - 1; i >= 0; i -= 1) {
      const message = this.#ordered[i]!;
      if (message.from === "customer") return null;
      if (message.buttons.length > 0) {
        const isOver = withPerson && isBeforeNotice && message.from === "assistant" && !message.offer && !message.receipt;
        return isOver ? null : { seq: message.seq, buttons: message.buttons };
      }
      isBeforeNotice ||= message.from === "system";
    }
    return null;
  }

  /** How many messages of the other side came after `seq`. */
  unreadSince(seq: number): number {
    return this.#ordered.filter((m) => m.seq > seq && m.from !== "customer").length;
  }

  #add(message: Message): boolean {
    const known = this.#bySeq.has(message.seq);
    this.#bySeq.set(message.seq, message);
    this.#ordered = [...this.#bySeq.values()].sort((a, b) => a.seq - b.seq);
    return !known;
  }
}
