/** What the customer said and the gateway has not confirmed: kept until it has, in order. */

import type { Saying } from "./message.ts";
import { Kept, type KeyValues } from "./memory.ts";

export type PostState = "sending" | "unsent" | "refused";

export interface Outgoing {
  readonly client_message_id: string;
  readonly saying: Saying;
  /** What the bubble shows: the text, or the button's title. */
  readonly shown: string;
  readonly state: PostState;
  /** Why the gateway refused it, as its error code; null unless refused. */
  readonly code: string | null;
}

export class Outbox {
  readonly #kept: Kept<Outgoing[]>;
  #items: readonly Outgoing[];

  /** Another page of the same browser sees the same box through the same `values` and `key`. */
  constructor(values: KeyValues, key: string) {
    this.#kept = new Kept(values, key);
    this.#items = this.#restored();
  }

  get items(): readonly Outgoing[] {
    return this.#items;
  }

  /** The next one to post: the oldest that was not refused. */
  get next(): Outgoing | null {
    return this.#items.find((item) => item.state !== "refused") ?? null;
  }

  add(clientMessageId: string, saying: Saying, shown: string): void {
    const item: Outgoing = {
      client_message_id: clientMessageId, saying, shown, state: "sending", code: null,
    };
    this.#change((items) => [...items, item]);
  }

  mark(clientMessageId: string, state: PostState, code: string | null = null): void {
    this.#change((items) => items.map((item) =>
      item.client_message_id === clientMessageId ? { ...item, state, code } : item));
  }

  /** It was delivered or given up; false if it was not here. */
  remove(clientMessageId: string): boolean {
    const found = this.#items.some((item) => item.client_message_id === clientMessageId);
    if (found) this.#change((items) => items.filter((item) => item.client_message_id !== clientMessageId));
    return found;
  }

  clear(): void {
    this.#change(() => []);
  }

  /** Forget what the gateway will never take. */
  dropRefused(): void {
    this.#change((items) => items.filter((item) => item.state !== "refused"));
  }

  /** Read again what another page may have changed. */
  reload(): void {
    this.#items = this.#restored();
  }

  /** A post that was under way when the page went is tried again: its id makes that safe. */
  #restored(): readonly Outgoing[] {
    const items = this.#kept.read();
    return Array.isArray(items) ? items.filter(isOutgoing) : [];
  }

  /**
   * Change what is kept, not what this page last saw of it.
   *
   * Another page may have added something in the same moment, and writing our own view over it
   * would lose that. What stands only here (where storage is full) is kept too: sending a thing
   * twice does no harm, its id says that it is the same.
   */
  #change(change: (items: readonly Outgoing[]) => readonly Outgoing[]): void {
    const stored = this.#restored();
    const known = new Set(stored.map((item) => item.client_message_id));
    const here = this.#items.filter((item) => !known.has(item.client_message_id));
    this.#items = change([...stored, ...here]);
    if (this.#items.length === 0) this.#kept.forget();
    else this.#kept.write([...this.#items]);
  }
}

function isOutgoing(item: unknown): item is Outgoing {
  const { client_message_id: id, saying, shown } = (item ?? {}) as Partial<Outgoing>;
  return typeof id === "string" && typeof saying === "object" && typeof shown === "string";
}
