/** Where the customer is in the conversation: at its end, or reading further up. */

import type { Message } from "../chat/message.ts";

const NEAR_END_PX = 80;
const AIR_PX = 12;

export class LogScroll {
  readonly #find: () => HTMLElement | null;
  #shownSeq = 0;

  /** `find` gets the element that scrolls; null while the panel is closed. */
  constructor(find: () => HTMLElement | null) {
    this.#find = find;
  }

  /** Something stands below what is on screen. */
  get isBehind(): boolean {
    const log = this.#find();
    return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight > NEAR_END_PX;
  }

  toEnd(): void {
    const log = this.#find();
    if (log) log.scrollTop = log.scrollHeight;
  }

  /** Another conversation is shown: begin at its end. */
  reset(): void {
    this.#shownSeq = 0;
  }

  /** After a change: follow the conversation down, unless the customer `wasBehind`. */
  follow(messages: readonly Message[], wasBehind: boolean): void {
    const log = this.#find();
    if (!log) {
      this.reset();
      return;
    }
    const isFirst = this.#shownSeq === 0;
    const answer = messages.find((m) => m.seq > this.#shownSeq && m.from !== "customer");
    this.#shownSeq = messages.at(-1)?.seq ?? 0;
    if (wasBehind && !isFirst) return;
    this.toEnd();
    if (answer && !isFirst) this.#showBeginningOf(log, answer);
  }

  /** An answer longer than the window is shown from where it begins. */
  #showBeginningOf(log: HTMLElement, answer: Message): void {
    const article = log.querySelector<HTMLElement>(`[data-seq="${answer.seq}"]`);
    if (article) log.scrollTop = Math.min(log.scrollTop, article.offsetTop - log.offsetTop - AIR_PX);
  }
}
