/** Timers by name: setting one again replaces it, and all of them end together. */

export class Timers {
  #running = new Map<string, ReturnType<typeof setTimeout>>();

  set(name: string, ms: number, act: () => unknown): void {
    this.clear(name);
    this.#running.set(name, setTimeout(() => {
      this.#running.delete(name);
      void act();
    }, ms));
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  clear(name: string): void {
    clearTimeout(this.#running.get(name));
    this.#running.delete(name);
  }

  clearAll(): void {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }
}
