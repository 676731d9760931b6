/** What this browser keeps for one customer: where they were, what is unsent, their other pages. */

import { Kept, PageMemory, type Remembered, whose } from "./memory.ts";
import { Outbox } from "./outbox.ts";
import { type TabNews, Tabs } from "./tabs.ts";
import type { World } from "./world.ts";

const VISITOR = whose(null);

export class Drawer {
  readonly who: string;
  readonly outbox: Outbox;
  readonly remembered: Kept<Remembered>;
  readonly tabs: Tabs;
  readonly #visitor: Kept<Remembered>;

  /** `base` is the gateway's address: two gateways never share a drawer. */
  constructor(world: World, base: string, who: string, hear: (news: TabNews) => void) {
    const name = nameOf(base, who);
    this.who = who;
    this.outbox = new Outbox(world.keep, `${name}:outbox`);
    this.remembered = new Kept(world.keep, name);
    this.tabs = new Tabs(world.openChannel(name), hear);
    this.#visitor = new Kept(world.keep, nameOf(base, VISITOR));
  }

  /**
   * The earlier token to show when opening, beside `identity` or alone; null if there is none.
   *
   * Somebody who chatted first and signed in then keeps their conversation: the gateway binds
   * it to the account when it is shown both proofs. An identity needs no token of its own.
   */
  tokenBeside(identity: string | null): string | null {
    const own = this.remembered.read()?.token ?? null;
    if (own !== null) return identity === null ? own : null;
    return this.#visitor.read()?.token ?? null;
  }

  /** The token just shown was refused: it is of no use any more. */
  dropToken(): void {
    if (this.remembered.read() !== null) this.remembered.forget();
    else this.#visitor.forget();
  }

  /** Keep where we are; a visitor who became known is no visitor any more. */
  remember(remembered: Remembered): void {
    this.remembered.write(remembered);
    if (this.who !== VISITOR) this.#visitor.forget();
  }
}

/** Holds what is said before it is known who says it. */
export function unplacedOutbox(): Outbox {
  return new Outbox(new PageMemory(), "");
}

function nameOf(base: string, who: string): string {
  return `save-desk:${base}:${who}`;
}
