/** The way into a conversation: shows who the customer is, and tries until it is let in. */

import { backOff } from "./back_off.ts";
import { Drawer, unplacedOutbox } from "./drawer.ts";
import { type Gateway, GatewayError } from "./gateway.ts";
import { whose } from "./memory.ts";
import type { Opened } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import { waitAfter } from "./posting.ts";
import type { TabNews } from "./tabs.ts";
import { Timers } from "./timers.ts";
import type { World } from "./world.ts";

export interface Guest {
  readonly base: string;
  /** The signed identity, fetched afresh; null for a visitor. */
  identity(): Promise<string | null>;
  entered(opened: Opened): void;
  /** Not yet let in; it goes on trying. */
  delayed(): void;
  hearTab(news: TabNews): void;
}

export class Entrance {
  readonly #world: World;
  readonly #gateway: Gateway;
  readonly #guest: Guest;
  readonly #timers = new Timers();
  readonly #unplaced = unplacedOutbox();
  #drawer: Drawer | null = null;
  /** Fetched and not yet shown to the gateway; undefined if there is none. */
  #identity: string | null | undefined;
  #identityRefused = false;
  #resume = true;
  #failures = 0;
  #stopped = false;

  constructor(world: World, gateway: Gateway, guest: Guest) {
    this.#world = world;
    this.#gateway = gateway;
    this.#guest = guest;
  }

  /** What is kept for the customer; null until it is known who they are. */
  get drawer(): Drawer | null { return this.#drawer; }
  get outbox(): Outbox { return this.#drawer?.outbox ?? this.#unplaced; }
  /** The website's word was not accepted: we go on as with a visitor. */
  get identityRefused(): boolean { return this.#identityRefused; }

  /** Learn who the customer is, and open the drawer with what is kept for them. */
  async meet(): Promise<string | null> {
    if (this.#identity !== undefined) return this.#identity;
    const identity = await this.#guest.identity().catch(() => null);
    this.#identity = identity;
    const who = whose(identity);
    if (this.#stopped || this.#drawer?.who === who) return identity;
    this.#drawer?.tabs.close();
    this.#drawer = new Drawer(this.#world, this.#guest.base, who, (news) => this.#guest.hearTab(news));
    for (const { client_message_id: id, saying, shown } of this.#unplaced.items) {
      this.#drawer.outbox.add(id, saying, shown);
    }
    this.#unplaced.clear();
    return identity;
  }

  /** Go in: to the earlier conversation if there is one and `resume`, else to a new one. */
  async enter({ resume }: { resume: boolean }): Promise<void> {
    this.#resume = resume;
    this.#timers.clear("again");
    let token: string | null = null;
    try {
      const identity = this.#identityRefused ? null : await this.meet();
      if (this.#stopped) return;
      this.#identity = undefined; // Good for one opening only.
      token = resume ? (this.#drawer?.tokenBeside(identity) ?? null) : null;
      const opened = await this.#gateway.open(identity, resume, token);
      if (this.#stopped) return;
      this.#failures = 0;
      this.#guest.entered(opened);
    } catch (error) {
      if (!this.#stopped) this.#notYet(error, token !== null);
    }
  }

  /** Go in again after a while: the usual growing one, or `ms`. */
  enterLater(ms?: number): void {
    this.#failures += 1;
    this.#resume = true;
    this.#waitFor(ms ?? backOff(this.#failures, this.#world.random()));
  }

  /** End any wait and try now. */
  hurry(): void {
    if (this.#timers.has("again")) this.#waitFor(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.clearAll();
    this.#drawer?.tabs.close();
  }

  #notYet(error: unknown, hadToken: boolean): void {
    this.#failures += 1;
    if (error instanceof GatewayError && error.isAccess) {
      // Either proof may be stale: the token is dropped, the identity asked for once more.
      if (hadToken) this.#drawer?.dropToken();
      else if (this.#failures > 1) this.#identityRefused = true;
    }
    this.#waitFor(waitAfter(error, this.#failures, this.#world.random()));
    this.#guest.delayed();
  }

  #waitFor(ms: number): void {
    this.#timers.set("again", ms, () => this.enter({ resume: this.#resume }));
  }
}
