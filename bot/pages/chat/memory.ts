/** What the browser remembers between two visits: never the transcript, which the server keeps. */

/** The part of `localStorage` that is used; any map with these three serves. */
export interface KeyValues {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Remembered {
  readonly conversation: string;
  readonly token: string;
  /** The highest message number the customer has had on screen. */
  readonly read: number;
}

/** Keeps values for this page only: used where the browser forbids storage. */
export class PageMemory implements KeyValues {
  #values = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value);
  }

  removeItem(key: string): void {
    this.#values.delete(key);
  }
}

/** One JSON value under one key; a value somebody else damaged counts as absent. */
export class Kept<T> {
  readonly #values: KeyValues;
  readonly #key: string;

  constructor(values: KeyValues, key: string) {
    this.#values = values;
    this.#key = key;
  }

  read(): T | null {
    try {
      const text = this.#values.getItem(this.#key);
      return text === null ? null : (JSON.parse(text) as T);
    } catch {
      return null;
    }
  }

  /** Keep `value`; where storage is full or forbidden the page goes on without. */
  write(value: T): void {
    try {
      this.#values.setItem(this.#key, JSON.stringify(value));
    } catch {
      /* Nothing is lost that the server does not have, or that is not on this page. */
    }
  }

  forget(): void {
    try {
      this.#values.removeItem(this.#key);
    } catch {
      /* As above. */
    }
  }
}

/**
 * A name for whose conversation this is, to keep several customers of one browser apart.
 *
 * Reads the subject of the identity without checking it: only the gateway checks, and a
 * forged subject would open nothing but an empty drawer in the forger's own browser.
 */
export function whose(identity: string | null): string {
  const payload = identity?.split(".")[1];
  if (!payload) return "visitor";
  try {
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const subject: unknown = (JSON.parse(text) as { sub?: unknown }).sub;
    return typeof subject === "string" && subject ? `account:${subject}` : "visitor";
  } catch {
    return "visitor";
  }
}
